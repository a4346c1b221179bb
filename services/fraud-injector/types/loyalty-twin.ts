import { roundOnline } from '../../market/amounts.ts'
import { HOUR_MS } from '../../time.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Script } from '../method.ts'
import { merchantsOf } from '../places.ts'
import { boughtOnline } from '../shops.ts'
import { draw } from '../spread.ts'
import { affording, inOrder, intoHours, moments } from '../steps.ts'
import { offerGoods, offerShapes, redemptions, ticket, ticketMinor } from './loyalty-offers.ts'

const row = fraudTypes.LOYALTY_ABUSE
const FUNDS_MIN = row.fundsRupeesMin * 100

/** Who fills a basket until delivery is free, now and then, and redeems what has gathered. */
export const topUp: Script = {
  eligible: (_tx, { account }) => affording(account, offerShapes, FUNDS_MIN).length > 0,
  begin: (_tx, { account, random, nowMs }) => ({
    startMs: intoHours(nowMs + Math.round(random.uniform(0.3, 10) * HOUR_MS), row.hours.from, row.hours.to, random),
    modus: 'NONE',
    compromiseMs: null,
    facts: { shape: random.pick(affording(account, offerShapes, FUNDS_MIN)) },
  }),
  steps: ({ startMs, facts }, { account, random }) => {
    const shape = facts.shape!
    if (!affording(account, offerShapes, FUNDS_MIN).includes(shape)) return []
    const template = account.templates[shape]!
    const sites = merchantsOf(offerGoods(template), template.city, true, row.earn.merchants, random)
    if (sites.length === 0) return []
    const baskets = moments(startMs, draw(row.twin.count, random), row.twin.gapHours, HOUR_MS, random)
      .map((atMs) => intoHours(atMs, row.hours.from, row.hours.to, random))
      .sort((a, b) => a - b)
      .map((atMs) => {
        const change = boughtOnline(template, random.pick(sites))
        return ticket(atMs, 'top_up', { shape, amountMinor: ticketMinor(roundOnline, random), change })
      })
    return inOrder([...baskets, ...redemptions(baskets, template.device_id, random)])
  },
}
