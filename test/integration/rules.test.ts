import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { writeRules } from '#infra/cli/rules-topic.ts'
import { Codec } from '#infra/registry/codec.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import type { Rule } from '#schemas/types.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import type { CustomerShared } from '#services/scorer/customer-shared.ts'
import { scorerFigures } from '#services/scorer/figures.ts'
import { MINUTE_MS } from '#services/time.ts'
import { Child, connectedTo, PATIENCE, rupeestream } from '../helpers/child.ts'
import { deploy, ownSettings } from '../helpers/deployed.ts'
import { GenuineCustomer, NOON_MS } from '../helpers/genuine.ts'
import { send } from '../helpers/records.ts'
import { anyFold, RunningFolds } from '../helpers/running-folds.ts'
import { describeOnStack, sharedStack } from '../helpers/stack.ts'

/** Fires at every payment; no shipped rule of its kind does at these. */
const everything: Rule = {
  rule_id: 'everything',
  status: 'ACTIVE',
  kind: 'ANOMALY',
  severity: 'LOW',
  description: 'any payment at all',
  when: { op: 'GTE', feature: 'amount_minor', value: 1, times: null, of: null, children: [] },
  cooldown_seconds: 0,
  sample_share: 1,
}

const settings = ownSettings()
const folder = mkdtempSync(join(tmpdir(), 'rupeestream-rules-'))
const logged: string[] = []
const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) })
const customer = new GenuineCustomer(7, 1_000_000)
let scorer: RunningFolds
let codec: Codec
let payments = 0

const startScorer = async (): Promise<void> => {
  scorer = await RunningFolds.start(sharedStack().connection, settings, [anyFold(customerFold(settings))], log)
}

const figures = () => scorerFigures(scorer.shared<CustomerShared>())

/** Lets the customer pay once more, and answers how many alerts of the rule's kind that raised. */
async function pay(): Promise<number> {
  await expect.poll(() => scorer.isReady, PATIENCE).toBe(true)
  const before = figures().alerts.anomaly
  // Nobody is asked about a payment without merchant and device, so that it is scored at once.
  const value = customer.pay(NOON_MS + payments * MINUTE_MS, 100, { merchant_id: null, device_id: null })
  const record = { key: customer.id, value: codec.encode('transactions', value), timestampMs: value.event_time }
  await send(`${settings.topicPrefix}transactions`, settings.partitions, [record])
  payments++
  await expect.poll(() => figures().scored, PATIENCE).toBe(payments)
  return figures().alerts.anomaly - before
}

function rules(...args: string[]) {
  const { connection } = sharedStack()
  return rupeestream(['rules', ...args, '--topic-prefix', settings.topicPrefix], connectedTo(connection))
}

function ruleFile(name: string, rule: object): string {
  const file = join(folder, `${name}.yaml`)
  writeFileSync(file, stringify(rule))
  return file
}

afterAll(async () => {
  await Child.endAll()
  await scorer?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describeOnStack('rules on the topic', () => {
  beforeAll(async () => {
    const { connection } = sharedStack()
    await deploy(connection, settings)
    codec = new Codec(await lookUpSchemaIds(connection, settings))
    await startScorer()
  })

  test('one that is put while the scorer runs raises alerts from then on', async () => {
    expect(await pay()).toBe(0)
    expect(await rules('put', ruleFile('everything', everything))).toMatchObject({ code: 0, out: 'put everything' })
    await expect.poll(pay, PATIENCE).toBe(1)
    const { code, out } = await rules('list')
    expect(code).toBe(0)
    expect(out).toMatch(/^everything +ACTIVE +ANOMALY +LOW +added +any payment at all$/m)
    expect(out).toMatch(/^high-score +ACTIVE .* shipped /m)
  })

  test('one with mistakes is refused by the command, and by the scorer if it comes another way', async () => {
    const when = { ...everything.when, feature: 'amount_minr' }
    const bad = { ...everything, when, cooldown_seconds: -1 }
    const refused = await rules('put', ruleFile('bad', bad))
    expect(refused.code).toBe(2)
    expect(refused.errors).toContain('everything: cooldown_seconds: expected 0 to 2592000, got -1')
    expect(refused.errors).toContain(
      'everything: when.feature: no feature or field is called amount_minr; did you mean amount_minor?',
    )

    await writeRules(sharedStack().connection, settings, new Map([[bad.rule_id, bad]]))
    await send(`${settings.topicPrefix}rules`, settings.partitions, [
      { key: 'junk', value: Buffer.from('junk'), timestampMs: NOON_MS },
    ])
    const heard = async (text: string) => {
      await pay()
      return logged.filter((line) => line.includes(text)).length
    }
    await expect.poll(() => heard('not taken: cooldown_seconds'), PATIENCE).toBe(1)
    await expect.poll(() => heard('ignored: expected magic byte 0'), PATIENCE).toBe(1)
    expect(await pay()).toBe(1)
  })

  test('a restart keeps what is in force, although what came last was not taken', async () => {
    await scorer.stop()
    await startScorer()
    expect(await pay()).toBe(1)
  })

  test('one that is paused or deleted raises none', async () => {
    await writeRules(sharedStack().connection, settings, new Map([[everything.rule_id, everything]]))
    expect(await rules('pause', 'everything')).toMatchObject({ code: 0, out: 'paused everything' })
    await expect.poll(pay, PATIENCE).toBe(0)
    expect(await rules('delete', 'everything')).toMatchObject({ code: 0, out: 'deleted everything' })
    const { code, errors } = await rules('pause', 'everything')
    expect(code).toBe(1)
    expect(errors).toMatch(/^there is no rule everything; known: .*high-score/m)
  })
})
