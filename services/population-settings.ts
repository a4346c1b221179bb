import { z } from 'zod'

const segment = z.enum([
  'YOUNG_PROFESSIONAL',
  'FAMILY_ORIENTED',
  'BUDGET_CONSCIOUS',
  'TECH_SAVVY_MILLENNIAL',
  'AFFLUENT_SHOPPER',
  'SENIOR_CONSERVATIVE',
  'STUDENT',
])

const mode = z.enum(['UPI', 'CREDIT_CARD', 'DEBIT_CARD', 'WALLET_PPI', 'NET_BANKING', 'BNPL', 'CASH'])

const lifeEvent = z.enum([
  'JOB_CHANGE',
  'RELOCATION',
  'MARRIAGE',
  'CHILD_BIRTH',
  'HOSPITALISATION',
  'JOB_LOSS',
  'RETIREMENT',
  'BEREAVEMENT',
])

const weight = z.number().min(0).max(1_000)
const share = z.number().min(0).max(1)

/** Whether something is left to draw: with a weight for each name, they must not all be 0. */
const drawable = (weights: Readonly<Record<string, number>>, names: readonly string[]): boolean =>
  names.some((name) => weights[name] !== 0)

/**
 * What a pack, or a scenario on top of it, changes about who the customers are and what they do. What is absent stays:
 * within a mapping too, name by name.
 */
export const distributionsSchema = z.strictObject({
  /** Weights of segments among customers. */
  segments: z
    .partialRecord(segment, weight)
    .refine((weights) => drawable(weights, segment.options), { error: 'expected a weight above 0 for some segment' })
    .optional(),
  /** Weights of ways of paying, by segment. */
  paymentModes: z
    .partialRecord(
      segment,
      z.partialRecord(mode, weight).refine((weights) => drawable(weights, mode.options), {
        error: 'expected a weight above 0 for some way to pay',
      }),
    )
    .optional(),
  /** Share of customers who own a credit card; absent: by how much their segment pays with it. */
  cardOwners: share.optional(),
  /** Share of debit-card events that are withdrawals at most hours. */
  withdrawals: share.optional(),
  /** Trips a year, by segment; there is room for 26. */
  tripsPerYear: z.partialRecord(segment, z.number().min(0).max(26)).optional(),
  /** Prices by the class of the city, by its state's urban spending, or the mean of both. */
  costOfLiving: z.enum(['tier', 'hces', 'blend']).optional(),
  /** Mean share of purchases at favourite shops, by segment. */
  loyalty: z.partialRecord(segment, share).optional(),
  /** Times a year, among those whom it can happen to. */
  lifeEventsPerYear: z.partialRecord(lifeEvent, z.number().min(0).max(2)).optional(),
})

export type DistributionSettings = z.output<typeof distributionsSchema>
