import { Counter, Gauge, type Metric } from 'prom-client'
import type { MetricsRegistry } from './registry.ts'

interface About {
  readonly name: string
  readonly help: string
}

/**
 * A counter whose value is a total that the service keeps anyway: read when Prometheus asks, so that counting costs
 * the records nothing, and so that totals restored with the state go on instead of starting again.
 */
export function total(registry: MetricsRegistry, { name, help }: About, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset()
      this.inc(read())
    },
  })
}

/** The same with one label of a closed set of values, each of them there from the start. */
export function totalBy<Value extends string>(
  registry: MetricsRegistry,
  { name, help, label, values }: About & { readonly label: string; readonly values: readonly Value[] },
  read: () => Readonly<Partial<Record<Value, number>>>,
): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset()
      const counts = read()
      for (const value of values) this.inc({ [label]: value }, counts[value] ?? 0)
    },
  })
}

/** The same for values of the moment. */
export function gaugeBy<Value extends string>(
  registry: MetricsRegistry,
  { name, help, label, values }: About & { readonly label: string; readonly values: readonly Value[] },
  read: () => Readonly<Partial<Record<Value, number>>>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      const now = read()
      for (const value of values) this.set({ [label]: value }, now[value] ?? 0)
    },
  })
}

/** A value of the moment; NaN while there is none, as Prometheus has it. */
export function gauge(registry: MetricsRegistry, { name, help }: About, read: () => number | null): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read() ?? Number.NaN)
    },
  })
}

/** Counts of everything so far, in the unit of the metric's name. */
export interface HistogramTotals {
  /** Rising; each with the count of all values up to it. */
  readonly buckets: readonly { readonly upTo: number; readonly count: number }[]
  readonly count: number
  readonly sum: number
}

/** A histogram that the service keeps anyway: prom-client's own would cost each record a look-up. */
export function histogram(registry: MetricsRegistry, { name, help }: About, read: () => HistogramTotals): void {
  const get = async () => {
    const { buckets, count, sum } = read()
    const values = [...buckets, { upTo: '+Inf', count }].map(({ upTo, count: value }) => ({
      metricName: `${name}_bucket`,
      labels: { le: upTo },
      value,
    }))
    const totals = [
      { metricName: `${name}_sum`, labels: {}, value: sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ]
    return { name, help, type: 'histogram', aggregator: 'sum', values: [...values, ...totals] }
  }
  // Of a metric the registry wants its name and `get`; the types ask for a class of prom-client's.
  registry.registerMetric({ name, get } as unknown as Metric)
}
