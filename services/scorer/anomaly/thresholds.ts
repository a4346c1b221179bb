import detectors from './detectors.json' with { type: 'json' }

const { share, rupees } = detectors.AMOUNT.THRESHOLD_HUG
const bands = rupees.map((limit) => ({ from: Math.round(limit * 100 * share), to: limit * 100 }))

/** Paise: just below one of the sums from which somebody looks closer. */
export const isNearThreshold = (amountMinor: number): boolean =>
  bands.some(({ from, to }) => amountMinor >= from && amountMinor < to)
