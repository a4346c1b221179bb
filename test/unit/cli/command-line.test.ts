import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { buildProgram } from '#infra/cli/program.ts'
import { mergeRules } from '#infra/cli/rules-topic.ts'
import { topicNames } from '#schemas/topics.ts'
import type { Rule } from '#schemas/types.ts'

const run = promisify(execFile)

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The command line on a real node, with an environment in which nothing says how to connect. */
async function rupeestream(...args: string[]): Promise<Outcome> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cli-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const env = { PATH: process.env.PATH, HOME: process.env.HOME }
  try {
    const all = ['infra/cli/main.ts', ...args, '--data-dir', dataDir]
    return { code: 0, ...(await run(process.execPath, all, { env })) }
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome
    return { code, stdout, stderr }
  }
}

/** `code` that commander leaves with. */
async function parse(...args: string[]): Promise<string> {
  const program = buildProgram()
  const quiet = (command: typeof program): void => {
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} })
    command.commands.forEach(quiet)
  }
  quiet(program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 'parsed'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

describe('every command', () => {
  const commands = buildProgram().commands

  test.each(commands.map((command) => [command.name(), command] as const))(
    '%s has help with examples',
    (_, command) => {
      let help = ''
      const writeOut = (text: string): void => {
        help += text
      }
      command.configureOutput({ writeOut }).outputHelp()
      expect(help).toContain('Usage: rupeestream')
      expect(help).toContain('$ npm ')
      expect(command.description()).not.toBe('')
    },
  )

  test('is there', () => {
    expect(commands.map((command) => command.name())).toEqual([
      'start',
      'load',
      'sample',
      'export',
      'tail',
      'topics',
      'schemas',
      'acls',
      'rules',
      'control',
      'fraud',
      'fidelity',
      'ledger',
      'fraud-report',
      'scorecard',
      'scorecards',
      'difficulty',
      'train',
      'replay',
      'doctor',
      'reset',
    ])
  })
})

test.each([
  [['start', '--speed', '60', '--rate', '5'], 'commander.conflictingOption'],
  [['load', '--rate', 'wave'], 'commander.invalidArgument'],
  [['load', '--rate', 'wave:5/60s'], 'commander.invalidArgument'],
  [['load', '--rate', 'wave:1..2/60s', '--max'], 'commander.conflictingOption'],
  [['control', 'rate'], 'commander.missingArgument'],
  [['fraud', 'start'], 'commander.missingArgument'],
  [['fraud', 'set', 'rate'], 'commander.missingArgument'],
  [['control', 'rate', 'fast'], 'commander.invalidArgument'],
  [['start', '--for', 'ever'], 'commander.invalidArgument'],
  [['start', '--transactions', '0'], 'commander.invalidArgument'],
  [['start', '--metrics-port', '70000'], 'commander.invalidArgument'],
  [['fidelity', '--json', '/no/such/folder/out.json'], 'commander.invalidArgument'],
  [['fidelity', '--html', '.'], 'commander.invalidArgument'],
  [['scorecard', '--customers', '0'], 'commander.invalidArgument'],
  [['scorecards'], 'commander.missingArgument'],
  [['train'], 'commander.missingMandatoryOptionValue'],
  [['train', '--out', '/no/such/folder/model.json'], 'commander.invalidArgument'],
  [['load', '--report', '/no/such/folder/out.json'], 'commander.invalidArgument'],
  [['tail'], 'commander.missingArgument'],
  [['tail', 'tranactions'], 'commander.invalidArgument'],
  [['strat'], 'commander.unknownCommand'],
  [['--version'], 'commander.version'],
])('%j leads to %s', async (args, code) => {
  expect(await parse(...args)).toBe(code)
})

describe('on a real node', () => {
  test('lists the topics without Kafka', async () => {
    const { code, stdout } = await rupeestream('topics', '--list', '--topic-prefix', 'mine.')
    expect(code).toBe(0)
    for (const name of topicNames) expect(stdout).toContain(`mine.${name} `)
  })

  test('wrong settings end with 2 and all mistakes, before anything starts', async () => {
    const { code, stderr } = await rupeestream('start', '--speed', '0', '--fraud-rate', 'labb', '--customers', '10')
    expect(code).toBe(2)
    expect(stderr).toBe(
      [
        '2 mistakes in the settings:',
        '  --fraud-rate: fraud.rate: expected a number or india-real, card-benchmark, lab, came "labb"; did you mean lab?',
        '  --speed: pace.speed: expected 1 or more, came 0',
        '',
      ].join('\n'),
    )
  })

  test('a course of the rate is judged as the scenario is', async () => {
    const { code, stderr } = await rupeestream('load', '--rate', 'wve:100..10/60s')
    expect(code).toBe(2)
    expect(stderr).toContain('--rate: pace.rate.shape: expected one of ramp, steps, spike, wave, day, came "wve"')
    const { stderr: noCourse } = await rupeestream('load', '--rate', 'wave:100')
    expect(noCourse).toContain('or SHAPE:LOW..HIGH/PERIOD such as wave:100..1000/60s')
  })

  test('a wrong argument ends with 2', async () => {
    const { code, stderr } = await rupeestream('tail', 'tranactions')
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean transactions?')
  })

  test('a model that cannot be read is refused before anything is simulated', async () => {
    const { code, stderr } = await rupeestream('scorecard', '--model', 'package.json')
    expect(code).toBe(1)
    expect(stderr).toContain(
      'package.json: expected a model of rupeestream train, of LightGBM (dump_model) or of XGBoost',
    )
  })

  test('a command that needs Kafka says how to name one', async () => {
    const { code, stderr } = await rupeestream('tail', 'transactions')
    expect(code).toBe(2)
    expect(stderr).toContain('give --brokers and --registry, or `npm start` first')
  })
})

describe('rules', () => {
  const rule = (rule_id: string, description = ''): Rule => ({ rule_id, description }) as Rule

  test('of the topic win over shipped ones, and a deleted change is none', () => {
    const shipped = [rule('b'), rule('a')]
    const changes = new Map([
      ['b', rule('b', 'changed')],
      ['c', rule('c')],
      ['a', null],
    ])
    expect(mergeRules(shipped, changes)).toEqual([
      { rule: rule('a'), from: 'shipped' },
      { rule: rule('b', 'changed'), from: 'changed' },
      { rule: rule('c'), from: 'added' },
    ])
  })
})

test('a reader who begins late gets all that was printed, though a pipe holds less', { timeout: 60_000 }, async () => {
  const lines = 200
  const args = ['infra/cli/main.ts', 'sample', '-n', String(lines), '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const closed = once(child, 'close')
  // It is to be done by then, or to wait.
  await Promise.race([once(child, 'exit'), delay(5_000)])
  const printed = await text(child.stdout)
  expect(await closed).toEqual([0, null])
  expect(printed.length).toBeGreaterThan(2 * 65_536)
  expect(printed.trimEnd().split('\n')).toHaveLength(lines)
})
