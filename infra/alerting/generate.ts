// Writes what Prometheus, Alertmanager and Grafana are configured with. With --check it only says whether that is up to date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isCheck } from '../cli/tool.ts'
import { dashboardFiles } from '../dashboards/generated.ts'
import { alertingFiles } from './generated.ts'

const folder = join(import.meta.dirname, '..')
const checks = isCheck('observability', 'alert rules, routing and dashboards, from infra/alerting and infra/dashboards')

for (const [name, text] of Object.entries({ ...alertingFiles(), ...dashboardFiles() })) {
  const target = join(folder, name)
  mkdirSync(dirname(target), { recursive: true })
  if (!checks) writeFileSync(target, text)
  else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    process.stderr.write(
      `infra/${name} is not what its sources say: run \`npm run observability\` and commit the result.\n`,
    )
    process.exitCode = 1
  }
}
