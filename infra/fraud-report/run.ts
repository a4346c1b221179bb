import type { FraudReport, GroundTruth, Transaction } from '#schemas/types.ts'
import { fraudInjector } from '#services/fraud-injector/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { World } from '#services/producer/world.ts'
import type { Settings } from '#services/settings.ts'
import { FraudObserver } from './observer.ts'

/** Lets the scenario's world live, with fraud, until about so many transactions have been sent; `onRecord` is told how many. */
export function observeWorld(
  settings: Settings,
  records: number,
  onRecord: (seen: FraudObserver) => void,
): FraudObserver {
  const seen = new FraudObserver()
  const fold = fraudInjector(settings)
  for (let partition = 0; partition < settings.partitions; partition++) {
    const end = (records * (partition + 1)) / settings.partitions
    let last: Transaction | undefined
    // The injector sends a transaction and then the truth about it.
    const injector = new PartitionFold(fold, partition, settings.partitions, (topic, _key, value) => {
      if (topic === 'transactions') last = value as Transaction
      else if (topic === 'ground-truth') seen.truth(last!, value as GroundTruth)
      else if (topic === 'fraud-reports') seen.report(value as FraudReport)
      if (topic === 'ground-truth') onRecord(seen)
    })
    const world = new World(settings, partition)
    while (seen.transactions < end) {
      world.next((topic, key, value, timestampMs) => {
        if (topic === 'transactions.genuine') injector.process({ topic, key, value: value as Transaction, timestampMs })
      }, null)
    }
  }
  return seen
}
