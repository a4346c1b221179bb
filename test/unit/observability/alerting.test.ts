import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type AlertRule, conditionOf } from '#infra/alerting/alert-rule.ts'
import { alertingFiles } from '#infra/alerting/generated.ts'
import { grafanaRules } from '#infra/alerting/grafana-rules.ts'
import { prometheusRules, prometheusRuleTests } from '#infra/alerting/prometheus-rules.ts'
import { alertRules, ruleNamed } from '#infra/alerting/rules.ts'
import { metricNamesOf } from '#infra/dashboards/check.ts'
import { catalogue } from '#infra/observability/catalogue.ts'
import { describeWithTools, runTool } from '../../helpers/tools.ts'

const infra = join(import.meta.dirname, '../../../infra')
const folder = mkdtempSync(join(tmpdir(), 'rupeestream-alerting-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** promtool on rules of a test's own. */
function testRules(rules: readonly AlertRule[]): string {
  writeFileSync(join(folder, 'rules.yml'), stringify(prometheusRules(rules)))
  const tests = join(folder, 'rules.test.yml')
  writeFileSync(tests, stringify(prometheusRuleTests(rules, 'rules.yml'), { aliasDuplicateObjects: false }))
  return runTool('promtool', ['test', 'rules', tests])
}

test('every rule speaks of metrics that there are', async () => {
  const names = new Set((await catalogue()).map(({ name }) => name))
  for (const rule of alertRules) {
    for (const metric of metricNamesOf(rule.value)) {
      expect(names.has(metric) || /^(up|process_start_time_seconds)$/.test(metric), `${rule.name}: ${metric}`).toBe(
        true,
      )
    }
  }
})

test('Grafana watches the same values against the same limits as Prometheus', () => {
  const inPrometheus = prometheusRules(alertRules).groups.flatMap(({ rules }) => rules)
  const inGrafana = grafanaRules(alertRules).groups.flatMap(({ rules }) => rules)
  expect(inGrafana.map(({ title }) => title)).toEqual(inPrometheus.map(({ alert }) => alert))
  for (const [i, { data, labels, for: holdsFor }] of inGrafana.entries()) {
    const [query, threshold] = data
    const [condition] = threshold!.model.conditions!
    const operator = condition!.evaluator.type === 'gt' ? '>' : '<'
    const value = { value: query!.model.expr!, operator, limit: condition!.evaluator.params[0]! } as const
    expect(conditionOf(value)).toBe(inPrometheus[i]!.expr)
    expect([labels, holdsFor]).toEqual([inPrometheus[i]!.labels, inPrometheus[i]!.for])
  }
  const uids = inGrafana.map(({ uid }) => uid)
  expect(new Set(uids).size).toBe(uids.length)
  // Grafana takes no longer ones.
  expect(uids.filter((uid) => uid.length > 40)).toEqual([])
})

/** Ranges of a query, such as 1m, with fewer than two samples when these are so far apart and none lies at the beginning. */
function emptyRanges(query: string, interval: string): string[] {
  const seconds = (text: string) => Number.parseInt(text, 10) * { s: 1, m: 60 }[text.at(-1) as 's' | 'm']
  const ranges = [...query.matchAll(/\[(\d+[sm])\]/g)].map(([, range]) => range!)
  return ranges.filter((range) => seconds(range) < 2 * seconds(interval))
}

test('every range of a rule has two samples in Prometheus 3, too, which leaves out the one at its beginning', () => {
  for (const { name, value } of alertRules) {
    const { interval } = prometheusRuleTests([ruleNamed(name)], 'rules.yml').tests[0]!
    expect(emptyRanges(value, interval), name).toEqual([])
  }
  expect(emptyRanges(alertRules[0]!.value, '1m')).toEqual(['1m'])
})

test('the files are YAML that says what the table says', () => {
  expect(parse(alertingFiles()['prometheus/rules.yml']!)).toEqual(prometheusRules(alertRules))
})

describeWithTools('by Prometheus’s own tool', ['promtool'], () => {
  test('rules and configuration are valid', () => {
    runTool('promtool', ['check', 'rules', join(infra, 'prometheus/rules.yml')])
    runTool('promtool', ['check', 'config', join(infra, 'prometheus/prometheus.yml')])
  })

  test('each rule fires on samples that it is made for, and is silent on others', () => {
    expect(runTool('promtool', ['test', 'rules', join(infra, 'prometheus/rules.test.yml')])).toContain('SUCCESS')
  })

  test.for(['limit', 'operator', 'metric'] as const)('a rule with a wrong %s is caught', (part) => {
    const [rule] = alertRules
    const wrong = {
      limit: { ...rule!, limit: 1_000 },
      operator: { ...rule!, operator: '<' as const },
      metric: { ...rule!, value: rule!.value.replace('detected', 'undetected') },
    }
    expect(() => testRules([wrong[part]])).toThrow(/FAILED/)
    expect(testRules([rule!])).toContain('SUCCESS')
  })
})

describeWithTools('by Alertmanager’s own tool', ['amtool'], () => {
  const config = join(infra, 'alertmanager/alertmanager.yml')

  test('the configuration is valid', () => {
    expect(runTool('amtool', ['check-config', config])).toContain('SUCCESS')
  })

  test.for(alertRules)('$name goes to who deals with it', ({ name, group, severity }) => {
    const labels = [`alertname=${name}`, `group=${group}`, `severity=${severity}`]
    const told = runTool('amtool', ['config', 'routes', 'test', `--config.file=${config}`, ...labels]).trim()
    expect(told).toBe(group === 'domain' ? 'fraud-desk' : 'on-call')
  })
})
