import { cpus } from 'node:os'

/** One figure of a benchmark, and how it stands to a named yardstick: above 1 is better than asked. */
export interface Measure {
  readonly bench: string
  readonly metric: string
  readonly value: number
  readonly unit: string
  readonly yardstick: string
  readonly ratio: number
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** CPU time that the whole machine has spent so far, seconds: what all processes of a pipeline cost together. */
export function machineCpuSeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1_000
}

const format = (value: number): string =>
  value.toLocaleString('en-GB', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 })

/** A line for people. */
export function lineOf({ bench, metric, value, unit, yardstick, ratio }: Measure): string {
  return `${bench.padEnd(34)} ${metric.padEnd(22)} ${format(value).padStart(10)} ${unit.padEnd(24)} ${format(ratio)} of ${yardstick}`
}
