import type { Statuses } from './status-board.ts'

const sum = (counts: Readonly<Partial<Record<string, number>>>): number =>
  Object.values<number | undefined>(counts).reduce<number>((total, count) => total + (count ?? 0), 0)

/** What still has to pass through the pipeline once the producer has stopped, a line each; empty when nothing has. */
export function stillMissing(statuses: Statuses): string[] {
  const { producer, 'fraud-injector': injector, scorer, monitor } = statuses
  if (producer === undefined || injector === undefined || scorer === undefined || monitor === undefined) {
    const silent = (['producer', 'fraud-injector', 'scorer', 'monitor'] as const).filter((name) => !statuses[name])
    return [`no word from ${silent.join(', ')}`]
  }
  const missing: string[] = []
  const expect = (what: string, found: number, wanted: number): void => {
    if (found !== wanted) missing.push(`${what} ${found} of ${wanted}`)
  }
  if (producer.phase !== 'drained') missing.push('the producer has not drained')
  expect('the fraud injector has read', injector.consumed, producer.transactions)
  expect('the scorer has scored', scorer.scored, injector.transactions)
  expect('the monitor has judged', monitor.judged, injector.transactions)
  expect('the monitor has read scores', monitor.scored, scorer.scored)
  expect('the monitor has read alerts', sum(monitor.alertsBySeverity), sum(scorer.alerts))
  return missing
}
