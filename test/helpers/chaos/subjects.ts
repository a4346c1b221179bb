import type { TopicName } from '#schemas/topics.ts'
import type { Sabotage } from './sabotage.ts'
import type { Reading } from './stage.ts'
import type { VictimOrders } from './victim.ts'

/** A service that chaos is tried on: what it reads, and what is compared of what it writes. */
export interface Subject {
  readonly service: VictimOrders['service']
  readonly group: string
  readonly inputs: readonly TopicName[]
  readonly within?: readonly Reading[]
  readonly outputs: readonly TopicName[]
  /** Ways of being wrong that must show in its outputs. */
  readonly controls: readonly Sabotage[]
}

const controls: readonly Sabotage[] = ['offsets-outside-transaction', 'at-least-once', 'checkpoint-before-commit']

export const subjects: readonly Subject[] = [
  {
    service: 'fraud-injector',
    group: 'fraud-injector',
    inputs: ['transactions.genuine', 'watermarks'],
    outputs: ['transactions', 'ground-truth', 'fraud-reports'],
    controls: [...controls, 'offset-without-plus-one'],
  },
  {
    service: 'scorer',
    group: 'scorer.customer',
    inputs: ['transactions', 'fraud-reports', 'watermarks'],
    within: [
      { group: 'scorer.entity', topics: ['scorer.questions'] },
      { group: 'scorer.customer', topics: ['scorer.answers'] },
    ],
    outputs: ['features', 'scores', 'alerts.velocity', 'alerts.anomaly', 'alerts.fraud'],
    // One record read twice only asks its questions twice: it is scored when the first answers come, and scored once.
    controls,
  },
]
