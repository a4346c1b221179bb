import { liveThrough } from '#infra/memory/labelled-world.ts'
import type { Settings } from '#services/settings.ts'
import { FraudObserver } from './observer.ts'

/** Counts the frauds of a scenario's world, over about so many transactions; `onRecord` is told how far it is. */
export function observeWorld(
  settings: Settings,
  records: number,
  onRecord: (seen: FraudObserver) => void,
): FraudObserver {
  const seen = new FraudObserver()
  liveThrough(settings, records, {
    labelled(tx, truth) {
      seen.truth(tx, truth)
      onRecord(seen)
    },
    report: (report) => seen.report(report),
  })
  return seen
}
