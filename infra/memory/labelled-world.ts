import type { FraudReport, GroundTruth, Transaction } from '#schemas/types.ts'
import { fraudInjector } from '#services/fraud-injector/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { World } from '#services/producer/world.ts'
import { defaultSettings, type Settings } from '#services/settings.ts'

/** Who is told of a labelled world. */
export interface Witness {
  /** A transaction as it was sent, with the truth about it, in the order of its partition. */
  labelled(tx: Transaction, truth: GroundTruth): void
  report?(report: FraudReport): void
}

/**
 * Lets a scenario's world live, with fraud and without Kafka, until about so many transactions have been sent: one
 * partition after the other. Its delivery path is in order whatever the scenario says, for truth has no disorder.
 */
export function liveThrough(scenario: Settings, transactions: number, witness: Witness): void {
  const settings = { ...scenario, disorder: defaultSettings.disorder }
  const fold = fraudInjector(settings)
  let sent = 0
  for (let partition = 0; partition < settings.partitions; partition++) {
    const end = (transactions * (partition + 1)) / settings.partitions
    let last: Transaction | undefined
    // The injector sends a transaction and then the truth about it.
    const injector = new PartitionFold(fold, partition, settings.partitions, (topic, _key, value) => {
      if (topic === 'transactions') last = value as Transaction
      else if (topic === 'fraud-reports') witness.report?.(value as FraudReport)
      else if (topic === 'ground-truth') {
        sent++
        witness.labelled(last!, value as GroundTruth)
      }
    })
    const world = new World(settings, partition)
    while (sent < end) {
      world.next((topic, key, value, timestampMs) => {
        if (topic === 'transactions.genuine') injector.process({ topic, key, value: value as Transaction, timestampMs })
      }, null)
    }
  }
}
