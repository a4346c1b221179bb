import { z } from 'zod'
import { distributionsSchema } from './population-settings.ts'
import { HOUR_MS, IST_OFFSET_MS, parseDuration } from './time.ts'

/** Shares of transactions, by name. Sources: RBI, February 2026 (1 in 101,242); ULB and Worldline card data; a laboratory. */
export const fraudRates = { 'india-real': 1e-5, 'card-benchmark': 0.002, lab: 0.01 } as const

/** Weights of campaigns by type: modelling choices, for no public count tells the types apart so finely. */
const fraudMix = {
  CARD_CLONING: 0.05,
  ACCOUNT_TAKEOVER: 0.13,
  VELOCITY_ABUSE: 0.09,
  STOLEN_CARD: 0.06,
  AMOUNT_MANIPULATION: 0.06,
  CARD_TESTING: 0.12,
  TRANSACTION_REPLAY: 0.05,
  FIRST_PARTY_FRAUD: 0.04,
  FRIENDLY_FRAUD: 0.07,
  SHIPPING_FRAUD: 0.04,
  MULE_ACCOUNT: 0.1,
  MERCHANT_COLLUSION: 0.05,
  REFUND_FRAUD: 0.07,
  LOYALTY_ABUSE: 0.03,
  SYNTHETIC_IDENTITY: 0.04,
} as const
/** Happens where the mix names it: most of what victims lose, but none of the types that the mix is about. */
const fraudByName = ['AUTHORISED_PUSH_PAYMENT_SCAM'] as const
/** The types of fraud that can be asked for. */
export const fraudTypeNames = [...(Object.keys(fraudMix) as (keyof typeof fraudMix)[]), ...fraudByName]

const duration = (example: string) =>
  z
    .string()
    .refine((text) => parseDuration(text) !== undefined, { error: `expected a duration such as ${example}` })
    .transform((text) => parseDuration(text) as number)

const share = z.number().min(0).max(1)
const dayOrMoment = z.union([z.iso.date(), z.iso.datetime({ offset: true })])

/** Records per second. */
const RATE_MAX = 1_000_000

const stage = z.strictObject({
  /** How long the stage lasts. */
  for: duration('30s'),
  /** Records per second at its end; the rate moves there in a straight line. */
  to: z.number().min(0).max(RATE_MAX),
})

/** A course by name: from `low` to `high` records per second within `period`; wave, spike and day begin again. */
const shape = z
  .strictObject({
    shape: z.enum(['ramp', 'steps', 'spike', 'wave', 'day']),
    low: z.number().min(0).max(RATE_MAX),
    high: z.number().min(0).max(RATE_MAX),
    period: duration('60s').refine((ms) => ms > 0, { error: 'expected more than nothing, such as 60s' }),
  })
  .refine(({ low, high }) => high > low, { path: ['high'], error: 'expected more than low' })

/** Records per second over wall time. */
const rate = z.union([
  z.number().positive().max(RATE_MAX),
  z.strictObject({
    /** Records per second at the start. */
    from: z.number().min(0).max(RATE_MAX).default(0),
    stages: z.array(stage).min(1).max(1_000),
    loop: z.boolean().default(false),
  }),
  shape,
])

export const paceSchema = z.union([
  /** Simulated seconds per second. */
  z.strictObject({ speed: z.number().min(1).max(100_000) }),
  z.strictObject({ rate }),
  /** As fast as it goes. */
  z.strictObject({ max: z.literal(true) }),
])

/** What the fraud injector does; all of it can be changed while it runs. */
export const fraudSchema = z.strictObject({
  /** Share of transactions that are fraud: a number, or the name of a preset. */
  rate: z.union([share, z.enum(['india-real', 'card-benchmark', 'lab'])]).default('lab'),
  /** Weights of campaigns by type; what is absent has none. */
  mix: z.partialRecord(z.enum(fraudTypeNames), z.number().min(0).max(1_000)).default(fraudMix),
  /** Innocent doubles started for each campaign, at the middle difficulty. */
  twinsPerCampaign: z.number().min(0).max(10).default(3),
  /** How hard fraud is to see: 0.5 is fraud as it is known to be done, 1 its best disguise, 0 none at all. */
  difficulty: share.default(0.5),
  /** Share of the campaigns that can be the first of a chain, or of a progression, that are: a modelling choice. */
  combinations: share.default(0.1),
  /** Share of transactions that are anomalous, most of them for honest reasons. */
  anomalyRate: share.default(0.05),
})

export type FraudSettings = z.output<typeof fraudSchema>

/** Shares of `transactions` that do not arrive as they should; each transaction meets one fault at the most. */
const disorderSchema = z
  .strictObject({
    /** By minutes to hours of event time. */
    late: share.default(0),
    /** By seconds. */
    outOfOrder: share.default(0),
    /** Delivered a second time, soon after. */
    duplicate: share.default(0),
    /** Bytes that nobody can read: a reader that gives up at so many dead letters a thousand must not be driven there. */
    corrupt: share.max(0.05).default(0),
    /** Never delivered. */
    dropped: share.default(0),
  })
  .refine((shares) => Object.values(shares).reduce((sum, each) => sum + each, 0) <= 1, {
    error: 'expected shares of 1 or less together',
  })

/** All that can be turned while the fraud injector runs. */
export const dialSchema = fraudSchema.extend({ disorder: disorderSchema })

export const settingsSchema = z.strictObject({
  /** Everything that happens follows from this. */
  seed: z.string().min(1).max(200).default('rupeestream'),
  /** Goes before the name of every topic, group and transactional id. */
  topicPrefix: z
    .string()
    .regex(/^[a-zA-Z0-9._-]*$/, { error: 'expected letters, digits, dot, underscore and hyphen only' })
    .max(100)
    .default(''),
  /** Partitions of every topic. */
  partitions: z.int().min(1).max(256).default(2),
  /** Bytes that each partition of a topic without compaction keeps. */
  retentionBytes: z.int().min(1_000_000).default(1_000_000_000),
  population: z
    .strictObject({
      customers: z.int().min(1).max(9_999_999).default(5_000),
      /** Share of customers who do not exist: rings have made them up, for SYNTHETIC_IDENTITY. A modelling choice. */
      syntheticShare: z.number().min(0).max(0.5).default(0.005),
      /** A named set of distributions. */
      pack: z.enum(['india-2025', 'seed-mix']).default('india-2025'),
      /** What differs from the pack. */
      distributions: distributionsSchema.prefault({}),
    })
    .prefault({}),
  clock: z
    .strictObject({
      /** The simulated day on which the live clock starts, at 09:00 IST; or the moment; or now, as a run begins. */
      start: z
        .string()
        .refine((text) => text === 'now' || dayOrMoment.safeParse(text).success, {
          error: 'expected a date such as 2025-10-13, a moment such as 2025-10-13T18:30:00+05:30, or now',
        })
        .default('2025-10-13'),
      /** Simulated time made at full speed before that, so that baselines exist; it begins at 03:00 IST. */
      history: duration('14d').prefault('14d'),
    })
    .prefault({}),
  pace: paceSchema.prefault({ speed: 600 }),
  fraud: fraudSchema.prefault({}),
  disorder: disorderSchema.prefault({}),
  scorer: z
    .strictObject({
      /** Customers, and entities, that a partition remembers at the most. */
      keysPerPartitionMax: z.int().min(100).default(1_000_000),
      /** A file with the model to score by, as seen from where the program runs; absent, the shipped one. */
      model: z.string().min(1, { error: 'expected the path of a file' }).optional(),
    })
    .prefault({}),
  monitor: z
    .strictObject({
      /** The live page, for people to look on. */
      page: z
        .strictObject({
          /** Address that it is served on: this machine's own, unless said otherwise. */
          host: z.string().min(1).max(253).default('127.0.0.1'),
          /** 0 takes any free one. */
          port: z.int().min(0).max(65_535).default(0),
          /** Names, beside localhost and addresses, under which it may be asked for. */
          names: z.array(z.string().min(1).max(253)).max(100).default([]),
          /** Environment variable that holds the token of those who may give commands; without one, nobody may. */
          tokenVariable: z
            .string()
            .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected the name of an environment variable' })
            .max(100)
            .default('RUPEESTREAM_PAGE_TOKEN'),
        })
        .prefault({}),
      /** Where alerts are written to besides Kafka, for Grafana; null for nowhere. */
      postgres: z
        .url({
          protocol: /^postgres(ql)?$/,
          error: 'expected a URL such as postgres://rupeestream@127.0.0.1:5432/rupeestream',
        })
        .refine((url) => !URL.canParse(url) || new URL(url).password === '', {
          error: 'expected a URL without a password: set PGPASSWORD',
        })
        .nullable()
        .default(null),
    })
    .prefault({}),
  runner: z
    .strictObject({
      /** Records of one transaction at the most. */
      transactionRecordsMax: z.int().min(1).max(10_000).default(1_000),
      /** Pause between two transactions of a partition, so that records gather. */
      lingerMs: z.int().min(0).max(60_000).default(40),
      /** Time between two checkpoints of a partition. */
      checkpointMs: z.int().min(100).max(600_000).default(30_000),
      /** Dead letters among the last thousand records that stop a service. */
      deadLettersPerThousandMax: z.int().min(0).max(1_000).default(100),
    })
    .prefault({}),
})

/** A scenario: all that shapes a run beside connections. */
export type Settings = z.output<typeof settingsSchema>
export type ScenarioFile = z.input<typeof settingsSchema>

export const defaultSettings: Settings = settingsSchema.parse({})

/** The share of transactions, presets by their numbers. */
export const fraudRate = ({ rate }: Pick<FraudSettings, 'rate'>): number =>
  typeof rate === 'number' ? rate : fraudRates[rate]

/** India is up and pays: a live stream that began at night would have little to show. */
const LIVE_HOUR_IST = 9

const DAY_ALONE = /^\d{4}-\d\d-\d\d$/

/** When the live clock starts, UTC milliseconds. Throws a RangeError for `now`, which whoever begins a run makes a moment. */
export function liveFromMs({ clock: { start } }: Settings): number {
  if (start === 'now') throw new RangeError('clock.start: now is no moment yet')
  return DAY_ALONE.test(start) ? Date.parse(start) + LIVE_HOUR_IST * HOUR_MS - IST_OFFSET_MS : Date.parse(start)
}
