import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Pool } from 'pg'
import type { Alert } from '#schemas/types.ts'
import { cityByName } from '#services/market/cities.ts'

/** A value of a column; pg takes a Date for a timestamptz. */
type Value = string | number | boolean | Date | null

/** PostgreSQL's text holds any character but this. */
const text = (value: string): string => value.replaceAll('\0', '')

interface Column {
  readonly type: string
  readonly of: (alert: Alert) => Value
}

const columns: Readonly<Record<string, Column>> = {
  alert_id: { type: 'text', of: (alert) => text(alert.alert_id) },
  case_id: { type: 'text', of: (alert) => text(alert.group_id || alert.alert_id) },
  transaction_id: { type: 'text', of: (alert) => text(alert.transaction_id) },
  customer_id: { type: 'text', of: (alert) => text(alert.customer_id) },
  event_time: { type: 'timestamptz', of: (alert) => new Date(alert.event_time) },
  kind: { type: 'text', of: (alert) => alert.kind },
  rule_id: { type: 'text', of: (alert) => text(alert.rule_id) },
  severity: { type: 'text', of: (alert) => alert.severity },
  score: { type: 'double precision', of: (alert) => alert.score },
  text: { type: 'text', of: (alert) => text(alert.text) },
  amount: { type: 'numeric', of: (alert) => alert.amount_minor / 100 },
  payment_rail: { type: 'text', of: (alert) => text(alert.payment_rail) },
  city: { type: 'text', of: (alert) => text(alert.city) },
  latitude: { type: 'double precision', of: (alert) => cityByName.get(alert.city)?.lat ?? null },
  longitude: { type: 'double precision', of: (alert) => cityByName.get(alert.city)?.lon ?? null },
  history: { type: 'boolean', of: (alert) => alert.history },
}

const names = Object.keys(columns)
const arrays = Object.values(columns).map(({ type }, i) => `$${i + 1}::${type}[]`)
const insert = `INSERT INTO alerts (${names.join(', ')})
SELECT * FROM unnest(${arrays.join(', ')})
ON CONFLICT (alert_id) DO NOTHING`

const schema = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8')

const CONNECT_TIMEOUT_MS = 3_000
const STATEMENT_TIMEOUT_MS = 10_000

/** The table `alerts` of a PostgreSQL. Each method throws what the database says, and can be called again. */
export class AlertTable {
  readonly #pool: Pool
  #isMade = false

  constructor(url: string) {
    this.#pool = new Pool({
      connectionString: url,
      max: 1,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
    })
    // A connection that breaks while nobody uses it: the next query opens another one, or says why it cannot.
    this.#pool.on('error', () => {})
  }

  /** Writes alerts, all or none of them; one that is there already stays as it is. Makes the table where there is none. */
  async write(alerts: readonly Alert[]): Promise<void> {
    if (!this.#isMade) await this.#pool.query(schema)
    this.#isMade = true
    if (alerts.length === 0) return
    await this.#pool.query(
      insert,
      Object.values(columns).map(({ of }) => alerts.map(of)),
    )
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }
}
