/** What an alert rule is about: the stream, for those who look after fraud, or the machinery, for those on call. */
export type AlertGroup = 'domain' | 'operations'

/** A series of promtool's notation, such as `0+5x40`: a sample each 15 seconds, as seldom as anything here is scraped. */
export interface Series {
  readonly series: string
  readonly values: string
}

/** A condition that Prometheus and Grafana watch: `value` against `limit`, for some time. */
export interface AlertRule {
  readonly name: string
  readonly group: AlertGroup
  readonly severity: 'critical' | 'warning'
  /** PromQL, one series an alert. What the dashboards draw beside the limit. */
  readonly value: string
  readonly operator: '>' | '<'
  readonly limit: number
  /** How long the condition holds before anybody is told, such as 1m. */
  readonly holdsFor: string
  readonly summary: string
  /** What it means and what to do. */
  readonly description: string
  /** Samples of ten minutes with which it fires, and with which it does not: promtool is given both. */
  readonly fires: readonly Series[]
  /** Labels of the alert that it then raises, beside group and severity. */
  readonly labels: Readonly<Record<string, string>>
  readonly silent: readonly Series[]
}

export const conditionOf = ({ value, operator, limit }: Pick<AlertRule, 'value' | 'operator' | 'limit'>): string =>
  `${value} ${operator} ${limit}`
