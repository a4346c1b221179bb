import type { TopicName } from '#schemas/topics.ts'

/** What a service reads and writes, for the series by topic. */
export const serviceTopics = {
  'fraud-injector': {
    inputs: ['transactions.genuine', 'watermarks'],
    outputs: [
      'transactions',
      'ground-truth',
      'delivery-faults',
      'fraud-reports',
      'customer-events',
      'watermarks',
      'dead-letters',
    ],
  },
  scorer: {
    inputs: ['transactions', 'scorer.answers', 'watermarks', 'fraud-reports', 'scorer.questions'],
    outputs: ['features', 'scores', 'alerts.velocity', 'alerts.anomaly', 'alerts.fraud', 'dead-letters'],
  },
  monitor: {
    inputs: ['ground-truth', 'scores', 'alerts.velocity', 'alerts.anomaly', 'alerts.fraud', 'fraud-reports'],
    outputs: ['dead-letters'],
  },
} as const satisfies Readonly<
  Record<string, { readonly inputs: readonly TopicName[]; readonly outputs: readonly TopicName[] }>
>

/** The consumer groups of this program, without the topic prefix, and what each reads. A test holds it to the folds. */
export const consumerGroups: Readonly<Record<string, readonly TopicName[]>> = {
  'fraud-injector': serviceTopics['fraud-injector'].inputs,
  'scorer.customer': ['transactions', 'scorer.answers', 'watermarks', 'fraud-reports'],
  'scorer.entity': ['scorer.questions'],
  monitor: serviceTopics.monitor.inputs,
}
