import type {
  Alert,
  Answers,
  Control,
  Customer,
  CustomerEvent,
  DeadLetter,
  DeliveryFault,
  Features,
  FraudReport,
  GroundTruth,
  Merchant,
  Questions,
  Rule,
  Score,
  StateEntry,
  Transaction,
  Watermark,
} from './types.ts'

/** The record that each topic carries. */
export interface TopicRecords {
  customers: Customer
  merchants: Merchant
  'customer-events': CustomerEvent
  'transactions.genuine': Transaction
  transactions: Transaction
  'ground-truth': GroundTruth
  'delivery-faults': DeliveryFault
  'fraud-reports': FraudReport
  features: Features
  scores: Score
  'alerts.velocity': Alert
  'alerts.anomaly': Alert
  'alerts.fraud': Alert
  rules: Rule
  control: Control
  'dead-letters': DeadLetter
  'scorer.questions': Questions
  'scorer.answers': Answers
  watermarks: Watermark
  'producer.state': StateEntry
  'injector.state': StateEntry
  'scorer.customer.state': StateEntry
  'scorer.entity.state': StateEntry
  'monitor.state': StateEntry
}

export type TopicName = keyof TopicRecords

/** compact: the newest record of each key stays. delete: the oldest segments go when a partition outgrows its bytes. */
export type Cleanup = 'compact' | 'delete'

export interface Topic {
  /** File name in this folder, without .avsc. */
  readonly schema: string
  /** What the Kafka key holds: a field of the record, or words for what is no field. */
  readonly key: string
  readonly from: string
  readonly cleanup: Cleanup
  /** Partitioned by customer_id like every other such topic, so that they join without a shuffle. */
  readonly byCustomer: boolean
  /** Not for other people: layout and content may change in any version. */
  readonly internal?: true
  readonly about: string
}

const byCustomer = { key: 'customer_id', cleanup: 'delete', byCustomer: true } as const
const state = { schema: 'state-entry', key: 'key', cleanup: 'compact', byCustomer: false, internal: true } as const
const alerts = { ...byCustomer, schema: 'alert', from: 'scorer' } as const

/** The one table of topics. */
export const topics: { readonly [Name in TopicName]: Topic } = {
  customers: {
    ...byCustomer,
    schema: 'customer',
    cleanup: 'compact',
    from: 'producer',
    about: 'the population: 23 profile fields, a name and an address',
  },
  merchants: {
    schema: 'merchant',
    key: 'merchant_id',
    cleanup: 'compact',
    byCustomer: false,
    from: 'producer',
    about: 'the merchant catalogue',
  },
  'customer-events': {
    ...byCustomer,
    schema: 'customer-event',
    from: 'producer, fraud-injector',
    about: 'devices bound, PINs reset, payees added, limits raised, logins',
  },
  'transactions.genuine': {
    ...byCustomer,
    schema: 'transaction',
    from: 'producer',
    about: 'what customers intend, before any fraud',
  },
  transactions: { ...byCustomer, schema: 'transaction', from: 'fraud-injector', about: 'what a payment system sees' },
  'ground-truth': {
    ...byCustomer,
    schema: 'ground-truth',
    from: 'fraud-injector',
    about: 'the label of every transaction',
  },
  'delivery-faults': {
    ...byCustomer,
    schema: 'delivery-fault',
    from: 'fraud-injector',
    about: 'what came late, out of order, twice, damaged or not at all',
  },
  'fraud-reports': {
    ...byCustomer,
    schema: 'fraud-report',
    from: 'fraud-injector',
    about: 'what victims report, when they notice',
  },
  features: { ...byCustomer, schema: 'features', from: 'scorer', about: 'the features of every transaction' },
  scores: { ...byCustomer, schema: 'score', from: 'scorer', about: 'the score of every transaction, with reasons' },
  'alerts.velocity': { ...alerts, about: 'too many, too fast' },
  'alerts.anomaly': { ...alerts, about: 'unlike this customer' },
  'alerts.fraud': { ...alerts, about: 'likely fraud' },
  rules: {
    schema: 'rule',
    key: 'rule_id',
    cleanup: 'compact',
    byCustomer: false,
    from: 'people, CLI',
    about: 'rules as data; editing one changes the running scorer',
  },
  control: {
    schema: 'control',
    key: 'target, or target/id of the request',
    cleanup: 'compact',
    byCustomer: false,
    from: 'people, CLI',
    about: 'commands to running services: pace, fraud settings, campaigns to start',
  },
  'dead-letters': {
    schema: 'dead-letter',
    key: 'key of the source record',
    cleanup: 'delete',
    byCustomer: false,
    from: 'every service',
    about: 'what could not be decoded or handled, with its cause',
  },
  'scorer.questions': {
    schema: 'question',
    key: 'none: the partition is that of the entity',
    cleanup: 'delete',
    byCustomer: false,
    internal: true,
    from: 'scorer',
    about: 'the customer fold asks about counterparties and devices',
  },
  'scorer.answers': {
    schema: 'answer',
    key: 'none: the partition is that of the customer',
    cleanup: 'delete',
    byCustomer: false,
    internal: true,
    from: 'scorer',
    about: 'the entity fold answers',
  },
  watermarks: {
    schema: 'watermark',
    key: 'topic',
    cleanup: 'delete',
    byCustomer: false,
    internal: true,
    from: 'producer, fraud-injector',
    about: 'how far the time of a silent partition has come',
  },
  'producer.state': { ...state, from: 'producer', about: 'progress and ledgers' },
  'injector.state': { ...state, from: 'fraud-injector', about: 'accounts and campaigns' },
  'scorer.customer.state': { ...state, from: 'scorer', about: 'windows by customer' },
  'scorer.entity.state': { ...state, from: 'scorer', about: 'windows by counterparty and device' },
  'monitor.state': { ...state, from: 'monitor', about: 'open alerts and quality so far' },
}

export const topicNames = Object.keys(topics) as TopicName[]

/** The three alert topics by the kind of their alerts. */
export const alertTopics = {
  VELOCITY: 'alerts.velocity',
  ANOMALY: 'alerts.anomaly',
  FRAUD: 'alerts.fraud',
} as const

export type AlertTopic = (typeof alertTopics)[keyof typeof alertTopics]
export const alertTopicNames: readonly AlertTopic[] = Object.values(alertTopics)

/** Of a record, whether it is an alert. */
export const isAlert = <Record extends { readonly topic: TopicName }>(
  record: Record,
): record is Extract<Record, { readonly topic: AlertTopic }> =>
  (alertTopicNames as readonly TopicName[]).includes(record.topic)

/**
 * Broker configuration that keeps records of simulated time safe. Kafka by default refuses timestamps more than an
 * hour ahead of the wall clock and deletes, within minutes, records older than a week. Both are ordinary here.
 */
export function topicConfig(name: TopicName, retentionBytes: number): Record<string, string> {
  const time = {
    'message.timestamp.type': 'CreateTime',
    'message.timestamp.before.max.ms': '9223372036854775807',
    'message.timestamp.after.max.ms': '9223372036854775807',
  }
  return topics[name].cleanup === 'compact'
    ? { ...time, 'cleanup.policy': 'compact' }
    : { ...time, 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': String(retentionBytes) }
}
