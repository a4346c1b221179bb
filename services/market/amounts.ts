import type { Random } from '../random.ts'
import data from './data/amounts.json' with { type: 'json' }

/**
 * Price points. Genuine and injected amounts alike go through these, so that neither their last digits nor their
 * roundness tells them apart. All take rupees and answer paise, at least 1 rupee.
 */
const heaping = data.upi.price_point_heaping
const MULTIPLE_OF_TEN = heaping.p_multiple_of_10_given_offline_p2m
const MULTIPLE_OF_HUNDRED = heaping.p_multiple_of_100_given_p2p
/** Auspicious sums end in one. */
const gifts: readonly number[] = heaping.festival_p2p

const paise = (rupees: number): number => Math.max(100, Math.round(rupees) * 100)
const multiple = (rupees: number, of: number): number => paise(Math.max(of, Math.round(rupees / of) * of))

/** A shop: tens for most, otherwise whole rupees. */
export function roundOffline(rupees: number, random: Random): number {
  const round = random.unit() < MULTIPLE_OF_TEN
  if (rupees < 8) return round ? multiple(rupees, 5) : paise(rupees)
  return round ? multiple(rupees, 10) : paise(rupees)
}

/** An online shop: often one below a round price; sometimes paise, where taxes or fees are added. */
export function roundOnline(rupees: number, random: Random): number {
  const kind = random.unit()
  if (kind < 0.4 && rupees >= 60) {
    const step = rupees < 1000 ? 10 : rupees < 10_000 ? 100 : 500
    return paise(Math.max(step, Math.round(rupees / step) * step) - 1)
  }
  if (kind < 0.52) return Math.max(100, Math.round(rupees * 100))
  return kind < 0.62 && rupees >= 40 ? multiple(rupees, 10) : paise(rupees)
}

/** A transfer between people: hundreds for most; larger ones often whole five hundreds or thousands. */
export function roundTransfer(rupees: number, random: Random): number {
  const kind = random.unit()
  if (rupees < 60) return kind < MULTIPLE_OF_HUNDRED ? multiple(rupees, 10) : paise(rupees)
  if (kind >= MULTIPLE_OF_HUNDRED) return kind < 0.8 ? multiple(rupees, 10) : paise(rupees)
  if (rupees >= 5000 && kind < 0.4) return multiple(rupees, 1000)
  if (rupees >= 1000 && kind < 0.4) return multiple(rupees, 500)
  return multiple(rupees, 100)
}

/** A gift on a festival: the auspicious sum nearest to what would have been given. */
export function roundGift(rupees: number): number {
  let best = gifts[0]!
  for (const gift of gifts) if (Math.abs(Math.log(gift / rupees)) < Math.abs(Math.log(best / rupees))) best = gift
  return paise(best)
}

/** A bill: whole rupees for most, paise for the rest. */
export const roundBill = (rupees: number, random: Random): number =>
  random.unit() < 0.3 ? Math.max(100, Math.round(rupees * 100)) : paise(rupees)

/** An ATM: what its notes allow, five hundreds for most. */
export const roundCash = (rupees: number, random: Random): number =>
  multiple(rupees, rupees >= 400 && random.unit() < 0.85 ? 500 : 100)
