import { describe, expect, test } from 'vitest'
import { type DashboardFile, mistakesOf, type PanelFile } from '#infra/dashboards/check.ts'
import { dashboards } from '#infra/dashboards/generated.ts'
import { everyMetric } from '#infra/observability/catalogue.ts'
import { dashboardsOnDisk } from '../../helpers/dashboard-queries.ts'

const metrics = await everyMetric()
const files = dashboardsOnDisk()
const fraud = files['fraud-operations']!

/** A dashboard whose panel of that title is another one. */
const changed = (dashboard: DashboardFile, title: string, change: (panel: PanelFile) => object): DashboardFile => ({
  ...dashboard,
  panels: dashboard.panels.map((panel) =>
    panel.title === title ? ({ ...panel, ...change(panel) } as PanelFile) : panel,
  ),
})

/** The same with other words in its queries. */
const asking = (title: string, word: string, other: string): DashboardFile =>
  changed(fraud, title, ({ targets }) => ({
    targets: targets.map((target) => ({ ...target, expr: target.expr!.replaceAll(word, other) })),
  }))

describe('the dashboards', () => {
  test.for(Object.keys(files))('%s: layout, units, descriptions and metrics are as they should be', (name) => {
    expect(mistakesOf(files[name]!, metrics)).toEqual([])
  })

  test('are those of the code, each with a uid of its own', () => {
    expect(files).toEqual(JSON.parse(JSON.stringify(dashboards())))
    const uids = Object.values(files).map(({ uid }) => uid)
    expect(new Set(uids).size).toBe(4)
  })

  test('of fraud operations has the truth straight above the rules, at the same width', () => {
    const [truth, rules] = ['The truth', 'The rules'].map(
      (start) => fraud.panels.find(({ title }) => title.startsWith(start))!.gridPos,
    )
    expect([rules!.x, rules!.y, rules!.w]).toEqual([truth!.x, truth!.y + truth!.h, truth!.w])
  })
})

describe('the checker sees', () => {
  test.for<[string, DashboardFile, RegExp]>([
    [
      'a metric that there is not',
      asking('Campaigns under way', 'active_campaigns', 'active_frauds'),
      /no metric rupeestream_injector_active_frauds/,
    ],
    ['a label that the metric has not', asking('Alerts by severity', 'severity', 'importance'), /label importance/],
    ['a selector by such a label', asking('Open cases', 'state=', 'status='), /label status/],
    [
      'two panels on one place',
      changed(fraud, 'Open cases', ({ gridPos }) => ({ gridPos: { ...gridPos, x: gridPos.x - 1 } })),
      /overlaps/,
    ],
    [
      'a panel beyond the grid',
      changed(fraud, 'Newest cases', ({ gridPos }) => ({ gridPos: { ...gridPos, x: 1 } })),
      /within the grid/,
    ],
    ['a missing unit', changed(fraud, 'Open cases', () => ({ fieldConfig: { defaults: {} } })), /no unit/],
    ['a missing description', changed(fraud, 'Open cases', () => ({ description: '' })), /no description/],
    ['a panel without a query', changed(fraud, 'Open cases', () => ({ targets: [] })), /no query/],
    ['two panels of one id', changed(fraud, 'Open cases', () => ({ id: 1 })), /id of their own/],
    ['a missing uid', { ...fraud, uid: '' }, /no uid/],
  ])('%s', ([, mutant, mistake]) => {
    const mistakes = mistakesOf(mutant, metrics)
    expect(mistakes.length).toBeGreaterThan(0)
    expect(
      mistakes.every((text) => mistake.test(text)),
      mistakes.join('\n'),
    ).toBe(true)
  })
})
