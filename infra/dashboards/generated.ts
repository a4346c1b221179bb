import { detectionQuality } from './detection-quality.ts'
import { fraudOperations } from './fraud-operations.ts'
import { loadTest } from './load-test.ts'
import { pipelineHealth } from './pipeline-health.ts'

/** Grafana's dashboards, by the names of their files. */
export const dashboards = () => ({
  'fraud-operations': fraudOperations(),
  'detection-quality': detectionQuality(),
  'pipeline-health': pipelineHealth(),
  'load-test': loadTest(),
})

/** The files that are made from them, by their path under infra/. */
export const dashboardFiles = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(dashboards()).map(([name, dashboard]) => [
      `grafana/dashboards/${name}.json`,
      `${JSON.stringify(dashboard, null, 2)}\n`,
    ]),
  )
