import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogue } from '#infra/observability/catalogue.ts'
import type { Alert, GroundTruth } from '#schemas/types.ts'
import { overrideBy } from '#services/fraud-injector/dials.ts'
import { PATIENCE } from '../helpers/child.ts'
import { dashboardsOnDisk, problemOf } from '../helpers/dashboard-queries.ts'
import { ownSettings } from '../helpers/deployed.ts'
import { LivePage } from '../helpers/live-page.ts'
import { ObservedRun } from '../helpers/observed-run.ts'
import { describeOnStackWith } from '../helpers/tools.ts'

/** What the button starts. */
const TYPE = 'ACCOUNT_TAKEOVER'
const MODUS = 'SIM_SWAP'
/** Between two presses: some more patience than the page's limit of ten commands a second asks for. */
const BETWEEN_PRESSES_MS = 1_000

/** No campaign but those that are asked for, and none that leads to another. */
const scenario = {
  partitions: 2,
  population: { customers: 400 },
  clock: { history: '4d' },
  pace: { speed: 1_800 },
  fraud: { rate: 0, combinations: 0 },
  runner: { checkpointMs: 2_000 },
}

describeOnStackWith(
  'a run with Prometheus, Alertmanager and PostgreSQL',
  ['prometheus', 'prometheus-alertmanager', 'postgres', 'initdb', 'chromium'],
  () => {
    const settings = ownSettings(scenario)
    const observed = new ObservedRun(settings)
    const monitor = () => observed.newest.monitor!
    let live: LivePage

    beforeAll(() => observed.start(scenario))
    afterAll(async () => {
      await live?.close()
      await observed.stop()
    })

    test('the button of the live page raises alerts, moves the metric, fires the rule, reaches the webhook and makes cases in the database', async () => {
      const { run } = observed
      await run.until('live', () => observed.newest.phase === 'live')
      await expect.poll(() => observed.metric('sum(rupeestream_monitor_fraud_total)'), PATIENCE).toBe(0)
      const frauds = new Map<string, GroundTruth>()
      const alerts: Alert[] = []
      await observed.follow('ground-truth', (truth) => truth.is_fraud && frauds.set(truth.transaction_id, truth))
      await observed.follow('alerts.fraud', (alert) => alerts.push(alert))
      live = await LivePage.open(run)
      await live.shows('#state', /^live$/)
      const clockMs = Date.parse((await live.page.locator('#clock').getAttribute('datetime'))!)
      let presses = 0
      const press = async () => {
        const done = expect.stringContaining(`fraud: ${TYPE}/${MODUS} with the next payment`)
        expect(await live.press('#sim-swap')).toEqual({ done })
        presses++
      }
      /** Presses on until something is so: one campaign may come to nothing or stay unseen, and is not yet a burst. */
      const pressUntil = (isSo: () => boolean | Promise<boolean>) => {
        const again = async () => {
          if (await isSo()) return true
          await press()
          return false
        }
        return expect.poll(again, { ...PATIENCE, interval: BETWEEN_PRESSES_MS }).toBe(true)
      }
      const times: string[] = []
      const note = (what: string) =>
        times.push(`${what} ${((Date.now() - pressedMs) / 1_000).toFixed(1)} s (${presses} pressed)`)

      const pressedMs = Date.now()
      await press()
      await live.shows('.answer', /^✓ fraud: /)
      await pressUntil(() => frauds.size > 0)
      note('fraud')
      const hit = () => alerts.find(({ transaction_id }) => frauds.has(transaction_id))
      await pressUntil(() => hit() !== undefined)
      note('alert on alerts.fraud')
      expect(frauds.get(hit()!.transaction_id)).toMatchObject({ fraud_type: TYPE, modus_operandi: MODUS })
      const metric = `sum(rupeestream_monitor_fraud_detected_total{type="${TYPE}"})`
      await expect.poll(() => observed.metric(metric), PATIENCE).toBeGreaterThan(0)
      note('metric')
      const ofIt = `cases WHERE case_id = '${hit()!.group_id}'`
      await expect.poll(() => observed.countOf(ofIt), PATIENCE).toBe(1)
      note('case in PostgreSQL')
      const firing = `count(ALERTS{alertname="FraudBurst",type="${TYPE}",alertstate="firing"})`
      await pressUntil(async () => (await observed.metric(firing)) === 1)
      note('Prometheus fires')
      const burst = () =>
        observed.told.find((one) =>
          one.alerts.some(({ labels }) => labels.alertname === 'FraudBurst' && labels.type === TYPE),
        )
      await expect.poll(() => burst()?.receiver, PATIENCE).toBe('fraud-desk')
      note('webhook')
      // Nothing but the presses made frauds: no more campaigns than presses, all of what was asked for, all since then.
      const campaigns = Map.groupBy(frauds.values(), ({ campaign_id }) => campaign_id)
      expect(campaigns.size).toBeLessThanOrEqual(presses)
      for (const { fraud_type, modus_operandi, compromise_time } of frauds.values()) {
        expect([fraud_type, modus_operandi]).toEqual([TYPE, MODUS])
        expect(compromise_time).toBeGreaterThan(clockMs)
      }
      process.stderr.write(`After the first press: ${times.join(', ')}\n`)
    })

    test('the services are ready, and tell of the metrics that the page of metrics names and of no others', async () => {
      const names = new Set<string>()
      for (const endpoint of observed.endpoints) {
        expect((await fetch(`${endpoint}/readyz`)).status).toBe(200)
        const text = await (await fetch(`${endpoint}/metrics`)).text()
        for (const [, family, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
          names.add(type === 'counter' ? `${family}_total` : family!)
        }
      }
      const own = [...names].filter((name) => /^(rupeestream|kafka)_/.test(name))
      expect(own.toSorted()).toEqual((await catalogue()).map(({ name }) => name).toSorted())
    })

    test('every query of every dashboard returns data, and a wrong one does not', async () => {
      const dials = { rate: 0.3, mix: { ACCOUNT_TAKEOVER: 1, CARD_TESTING: 1, VELOCITY_ABUSE: 1 } }
      const wish = { target: 'FRAUD_INJECTOR', command: 'SETTINGS', text: JSON.stringify(dials) } as const
      const whole = { ...wish, number: null, customer_id: null }
      expect(overrideBy(whole, { ...settings.fraud, disorder: settings.disorder })).not.toHaveProperty('mistakes')
      await observed.command(new Map([['FRAUD_INJECTOR', wish]]))
      const { prometheusUrl, database } = observed
      const left = Object.entries(dashboardsOnDisk()).flatMap(([dashboard, { panels }]) =>
        panels.flatMap(({ title, targets }) =>
          targets.map((target) => ({ where: `${dashboard} / ${title} / ${target.refId}`, target })),
        ),
      )
      expect(left.length).toBeGreaterThan(50)
      const problems = async () => {
        const found: string[] = []
        for (const one of [...left]) {
          const problem = await problemOf(one.target, prometheusUrl, database)
          if (problem === undefined) left.splice(left.indexOf(one), 1)
          else found.push(`${one.where}: ${problem}`)
        }
        return found
      }
      await expect.poll(problems, { ...PATIENCE, interval: 1_000 }).toEqual([])

      const asked = { refId: 'A', datasource: { type: 'prometheus', uid: 'prometheus' } }
      const wrong = 'rate(rupeestream_stage_latency_seconds_count{stage="alarmed"}[$__rate_interval])'
      expect(await problemOf({ ...asked, expr: wrong }, prometheusUrl, database)).toBe('no data')
      const nowhere = "SELECT * FROM alerts WHERE $__timeFilter(received_at) AND city = 'Atlantis'"
      expect(await problemOf({ ...asked, rawSql: nowhere }, prometheusUrl, database)).toBe('no rows')
    })

    test('a database that is away holds nothing up, and has everything once it is back', async () => {
      const { run, postgres } = observed
      await observed.database.end()
      await postgres.pause()
      await expect.poll(() => observed.metric('rupeestream_monitor_archive_retries_total'), PATIENCE).toBeGreaterThan(0)
      const { judged } = monitor()
      await run.until('the stream goes on', () => monitor().judged > judged + 200)
      await postgres.resume()
      await observed.connect()
      await observed.command(new Map([['PRODUCER', { target: 'PRODUCER', command: 'PAUSE' }]]))
      await run.until('paused', () => observed.newest.producer!.isPaused)
      const raised = () => Object.values(monitor().alertsBySeverity).reduce((sum, count) => sum + (count ?? 0), 0)
      const difference = async () => [
        (await observed.countOf('alerts')) - raised(),
        (await observed.countOf('cases')) - monitor().cases.opened,
      ]
      await expect.poll(difference, PATIENCE).toEqual([0, 0])
      for (const one of monitor().cases.newest.slice(0, 5)) {
        const { rows } = await observed.database.query('SELECT * FROM cases WHERE case_id = $1', [one.id])
        expect(rows[0]).toMatchObject({ customer_id: one.customerId, severity: one.severity, city: one.city })
        const { alerts, amount } = rows[0] as { alerts: string; amount: string }
        expect([Number(alerts), Math.round(Number(amount) * 100)]).toEqual([one.alerts, one.amountMinor])
      }
      const { opened } = monitor().cases
      run.signal('SIGINT')
      expect(await run.ended, run.errors.join('\n')).toEqual({ code: 130, signal: null })
      const { cases } = observed.report
      // What was on its way when the stream stood still may have raised some more.
      expect(cases.opened).toBeGreaterThanOrEqual(opened)
      expect(cases.opened).toBe(cases.open + cases.cooling + cases.closed)
      expect(Date.parse(cases.newest[0]!.lastAlert!)).toBeGreaterThan(Date.parse(cases.newest.at(-1)!.opened!))
    })
  },
)
