import { Counter, Gauge, type Registry } from 'prom-client'

interface About {
  readonly name: string
  readonly help: string
}

/**
 * A counter whose value is a total that the service keeps anyway: read when Prometheus asks, so that counting costs
 * the records nothing, and so that totals restored with the state go on instead of starting again.
 */
export function total(registry: Registry, { name, help }: About, read: () => number): void {
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
  registry: Registry,
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

/** A value of the moment; NaN while there is none, as Prometheus has it. */
export function gauge(registry: Registry, { name, help }: About, read: () => number | null): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read() ?? Number.NaN)
    },
  })
}
