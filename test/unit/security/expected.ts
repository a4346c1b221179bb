import type { Role } from '#infra/security/permissions.ts'
import type { TopicName } from '#schemas/topics.ts'

/** By hand, from the picture in ARCHITECTURE.md: what the code says of itself is held against it. */
type Table = Readonly<Record<Extract<Role, 'producer' | 'fraud-injector' | 'scorer' | 'monitor'>, readonly TopicName[]>>

export const mayRead: Table = {
  producer: ['control', 'producer.state'],
  'fraud-injector': ['transactions.genuine', 'watermarks', 'control', 'injector.state'],
  scorer: [
    'transactions',
    'watermarks',
    'fraud-reports',
    'rules',
    'scorer.questions',
    'scorer.answers',
    'scorer.customer.state',
    'scorer.entity.state',
  ],
  monitor: [
    'ground-truth',
    'scores',
    'fraud-reports',
    'alerts.velocity',
    'alerts.anomaly',
    'alerts.fraud',
    'monitor.state',
    'transactions',
    'control',
  ],
}

export const mayWrite: Table = {
  producer: ['customers', 'merchants', 'customer-events', 'transactions.genuine', 'watermarks', 'producer.state'],
  'fraud-injector': [
    'transactions',
    'ground-truth',
    'delivery-faults',
    'fraud-reports',
    'customer-events',
    'watermarks',
    'dead-letters',
    'injector.state',
  ],
  scorer: [
    'features',
    'scores',
    'alerts.velocity',
    'alerts.anomaly',
    'alerts.fraud',
    'dead-letters',
    'scorer.questions',
    'scorer.answers',
    'scorer.customer.state',
    'scorer.entity.state',
  ],
  monitor: ['dead-letters', 'monitor.state', 'control'],
}
