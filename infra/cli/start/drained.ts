import type { StatusBoard } from './status-board.ts'

const sum = (counts: Readonly<Partial<Record<string, number>>>): number =>
  Object.values<number | undefined>(counts).reduce<number>((total, count) => total + (count ?? 0), 0)

/** What still has to pass through the pipeline once the producer has stopped, a line each; empty when nothing has. */
export function stillMissing({ services, statuses }: Pick<StatusBoard, 'services' | 'statuses'>): string[] {
  const silent = services.toReversed().filter((name) => !statuses[name])
  if (silent.length > 0) return [`no word from ${silent.join(', ')}`]
  const { producer, 'fraud-injector': injector, scorer, monitor } = statuses
  const missing: string[] = []
  const expect = (what: string, found: number, wanted: number): void => {
    if (found !== wanted) missing.push(`${what} ${found} of ${wanted}`)
  }
  if (producer?.phase !== 'drained') missing.push('the producer has not drained')
  // The producer alone has nobody behind it.
  if (!producer || !injector || !scorer || !monitor) return missing
  expect('the fraud injector has read', injector.consumed, producer.transactions)
  expect('the scorer has scored', scorer.scored, injector.delivered)
  expect('the monitor has judged', monitor.judged, injector.transactions)
  expect('the monitor has read scores', monitor.scored, scorer.scored)
  expect('the monitor has read alerts', sum(monitor.alertsBySeverity), sum(scorer.alerts))
  return missing
}
