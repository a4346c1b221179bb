import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { LoadReport } from '#infra/cli/start/report.ts'
import { writeNewest } from '#infra/cli/topic-access.ts'
import type { InjectorStatus, ProducerStatus } from '#infra/service/status.ts'
import { Child, connectedTo, rupeestream } from '../helpers/child.ts'
import { deploy, ownSettings } from '../helpers/deployed.ts'
import { send } from '../helpers/records.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-control-'))
const scenarioFile = join(folder, 'scenario.yaml')
const scenario = { partitions: 2, population: { customers: 300 }, clock: { history: '0s' }, pace: { rate: 20 } }
const settings = ownSettings(scenario)

const control = async (...args: string[]): Promise<string> => {
  const { connection } = sharedStack()
  const { out, errors, code } = await rupeestream(
    ['control', ...args, '--topic-prefix', settings.topicPrefix],
    connectedTo(connection),
  )
  expect(code, errors).toBe(0)
  return out
}

/** One of two processes, each with a partition. */
const startShard = (index: number): Child =>
  new Child(
    'services/producer/main.ts',
    ['--scenario', scenarioFile, '--shard', `${index}/2`],
    connectedTo(sharedStack().connection),
  )

const statusOf = (shard: Child): ProducerStatus | undefined => shard.status as ProducerStatus | undefined

/** Waits until each process has told something of itself. */
async function each(shards: readonly Child[], what: string, condition: (status: ProducerStatus) => boolean) {
  for (const shard of shards) {
    await shard.until(what, () => {
      const status = statusOf(shard)
      return status !== undefined && condition(status)
    })
  }
}

const ordersOf = ({ paceChanges }: ProducerStatus): string[] => paceChanges.map(({ order }) => order)

beforeAll(() => writeFileSync(scenarioFile, stringify({ ...scenario, topicPrefix: settings.topicPrefix })))
afterAll(async () => {
  await Child.endAll()
  rmSync(folder, { recursive: true, force: true })
})

describeOnStack('commands on the topic', () => {
  let shards: Child[]

  beforeAll(async () => {
    await deploy(sharedStack().connection, settings)
    shards = [startShard(0), startShard(1)]
  })

  test('change the rate of every process of the producer, each by its share', async () => {
    await each(shards, 'live', ({ acked }) => acked > 0)
    expect(await control('rate', '400')).toBe('producer: rate 400')
    await each(shards, 'four hundred a second', ({ paceChanges, acked }) => paceChanges.length === 1 && acked > 400)
    expect(await control('pause')).toBe('producer: pause')
    await each(shards, 'paused', ({ isPaused, acked, scheduled }) => isPaused && acked === scheduled)
    for (const shard of shards) {
      const { scheduled, liveSinceMs, paceChanges, shortfall, transactions } = statusOf(shard)!
      const [faster, paused] = paceChanges
      // By the producer's own clock, and so exactly, however slow the machine.
      const wanted = 10 * (faster!.atMs - liveSinceMs!) + 200 * (paused!.atMs - faster!.atMs)
      expect(Math.abs(scheduled - wanted / 1_000)).toBeLessThan(2)
      expect([faster!.order, paused!.order, shortfall]).toEqual(['rate 400', 'pause', 0])
      expect(transactions).toBeGreaterThanOrEqual(scheduled)
    }
  })

  test('let a paused stream go on at the pace before, or at another', async () => {
    const before = shards.map((shard) => statusOf(shard)!.acked)
    expect(before).toEqual(shards.map((shard) => statusOf(shard)!.scheduled))
    expect(await control('resume')).toBe('producer: resume rate 400')
    await each(shards, 'going on', ({ isPaused, acked }) => !isPaused && acked > Math.max(...before) + 200)
    for (const shard of shards) expect(statusOf(shard)!.pace).toEqual({ rate: 400 })
    await control('speed', '50')
    await each(shards, 'by simulated time', ({ pace }) => 'speed' in pace && pace.speed === 50)
  })

  test('with mistakes are refused by the command, and by the producer if they come another way', async () => {
    const { connection } = sharedStack()
    const refused = await rupeestream(['control', 'speed', '0'], connectedTo(connection))
    expect(refused.code).toBe(2)
    expect(refused.errors).toContain('speed: expected 1 or more, came 0')

    const bad = { target: 'PRODUCER', command: 'RATE', number: -5, text: null, customer_id: null } as const
    await writeNewest(connection, settings, 'control', new Map([['PRODUCER', bad]]))
    await send(`${settings.topicPrefix}control`, settings.partitions, [
      { key: 'PRODUCER', value: Buffer.from('junk'), timestampMs: 0 },
    ])
    for (const shard of shards) {
      await shard.until('both are logged', () =>
        ['not taken: rate: expected more than 0, came -5', 'ignored: expected magic byte 0'].every((text) =>
          shard.errors.some((line) => line.includes(text)),
        ),
      )
      expect(statusOf(shard)!.pace).toEqual({ speed: 50 })
      expect(ordersOf(statusOf(shard)!)).toEqual(['rate 400', 'pause', 'resume rate 400', 'speed 50'])
    }
  })

  test('hold for a process that is started later, until they are taken back', async () => {
    await control('rate', '300')
    await each(shards, 'three hundred a second', ({ pace }) => 'rate' in pace && pace.rate === 300)
    shards[1]!.signal('SIGKILL')
    await shards[1]!.ended
    shards[1] = startShard(1)
    await each(shards, 'live again', ({ acked }) => acked > 0)
    const restarted = statusOf(shards[1])!
    expect(restarted.pace).toEqual({ rate: 300 })
    expect(restarted.paceChanges).toEqual([
      { order: 'rate 300', atMs: restarted.liveSinceMs, clockMs: expect.any(Number) },
    ])
    expect(await control('clear')).toBe('producer: clear')
    await each(shards, 'the scenario’s pace', ({ pace }) => 'rate' in pace && pace.rate === 20)
  })
})

describeOnStack('the report of a run', () => {
  test('says what was commanded, and when', async () => {
    const topicPrefix = uniquePrefix()
    const reportFile = join(folder, 'report.json')
    const own = ['--topic-prefix', topicPrefix, '--data-dir', join(folder, 'data'), '--report', reportFile]
    const environment = connectedTo(sharedStack().connection)
    const load = new Child(
      'infra/cli/main.ts',
      ['load', ...own, '--scenario', scenarioFile, '--speed', '60'],
      environment,
    )
    const newest = () => JSON.parse(load.out.at(-1) ?? '{}') as { pace?: string; producer?: ProducerStatus }
    await load.until('live', () => (newest().producer?.acked ?? 0) > 0)
    const { code, errors } = await rupeestream(['control', 'rate', '100', '--topic-prefix', topicPrefix], environment)
    expect(code, errors).toBe(0)
    await load.until('commanded', () => newest().pace === '100/s')
    load.signal('SIGINT')
    expect(await load.ended, load.errors.join('\n')).toEqual({ code: 130, signal: null })
    const { paceChanges, simulated, producer } = JSON.parse(readFileSync(reportFile, 'utf8')) as LoadReport
    expect(paceChanges).toEqual([{ order: 'rate 100', at: expect.any(String), simulated: expect.any(String) }])
    const changedMs = Date.parse(paceChanges[0]!.simulated)
    expect(changedMs).toBeGreaterThanOrEqual(Date.parse(simulated.liveFrom!))
    expect(changedMs).toBeLessThanOrEqual(Date.parse(simulated.to!))
    expect(producer.shortfall).toBe(0)
    expect(load.errors.join('\n')).toMatch(/^Control +rate 100 +at 20/m)
  })
})

describeOnStack('fraud by command', () => {
  test('is a campaign that somebody wants to see, in a run without any', async () => {
    const topicPrefix = uniquePrefix()
    const own = ['--topic-prefix', topicPrefix, '--data-dir', join(folder, 'fraud-data')]
    const quiet = join(folder, 'quiet.yaml')
    const clock = { history: '4d' }
    writeFileSync(
      quiet,
      stringify({ population: { customers: 300 }, clock, pace: { speed: 1_800 }, fraud: { rate: 0 } }),
    )
    const environment = connectedTo(sharedStack().connection)
    const command = (...args: string[]) =>
      rupeestream(['fraud', ...args, '--scenario', quiet, '--topic-prefix', topicPrefix], environment)
    const run = new Child('infra/cli/main.ts', ['start', '--json', ...own, '--scenario', quiet], environment)
    const newest = () => JSON.parse(run.out.at(-1) ?? '{}') as { injector?: InjectorStatus; phase?: string }
    await run.until('live', () => newest().phase === 'live')
    expect(newest().injector!.fraud).toBe(0)

    const refused = await command('start', 'STOLEN_CART', '--customer', 'CUST0000999')
    expect(refused.code).toBe(2)
    expect(refused.errors).toContain('customer_id: expected one from CUST0000001 to CUST0000300, came "CUST0000999"')
    const started = await command('start', 'STOLEN_CARD')
    expect(started.code, started.errors).toBe(0)
    await run.until('stolen', () => (newest().injector!.byType.STOLEN_CARD ?? 0) > 0)
    expect(Object.keys(newest().injector!.byType)).toEqual(['STOLEN_CARD'])

    expect((await command('set', 'mix', '{ VELOCITY_ABUSE: 1 }')).code).toBe(0)
    const turned = await command('set', 'rate', '0.5')
    expect(turned.out).toBe('fraud: {"mix":{"VELOCITY_ABUSE":1},"rate":0.5}')
    await run.until('abused', () => (newest().injector!.byType.VELOCITY_ABUSE ?? 0) > 0)
    run.signal('SIGINT')
    expect(await run.ended, run.errors.join('\n')).toEqual({ code: 130, signal: null })
  })
})
