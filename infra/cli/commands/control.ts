import type { Command } from 'commander'
import type { Control } from '#schemas/types.ts'
import { commandedBy, orderText, setAside } from '#services/producer/commanded.ts'
import { type ExitCode, exitCodes } from '../../service/exit-codes.ts'
import { SettingsError } from '../../service/settings-error.ts'
import type { GlobalOptions } from '../options.ts'
import { parseNumber } from '../parse.ts'
import { runCommand } from '../run-command.ts'
import { connectionFor, scenarioFor } from '../running-stack.ts'
import { readNewest, writeNewest } from '../topic-access.ts'

const examples = `
Examples, while \`npm start\` or \`npm run load\` runs in another terminal:
  $ npm run rupeestream -- control speed 1200
  $ npm run rupeestream -- control rate 500
  $ npm run rupeestream -- control pause
  $ npm run rupeestream -- control resume
  $ npm run rupeestream -- control clear

A command is a record of the compacted topic \`control\`, which every process of the producer follows: it takes effect
within about a second, without a jump in the count or in simulated time. The newest one holds, for producers that are
started later, too, until another one comes or it is cleared. A paused stream makes nothing due, so nothing falls short.`

/** Target and key of the commands that a producer follows. */
const PRODUCER = 'PRODUCER'

type Wish = Pick<Control, 'command' | 'number' | 'text'>

export function addControl(program: Command): void {
  const control = program
    .command('control')
    .description('change the pace of the running producer')
    .addHelpText('after', examples)
  control
    .command('speed')
    .description('so many simulated seconds a second')
    .argument('<n>', '1 to 100,000', parseNumber)
    .action((number: number, _, command: Command) =>
      runCommand(() => send({ command: 'SPEED', number, text: null }, command.optsWithGlobals())),
    )
  control
    .command('rate')
    .description('so many payments a second, by all processes of the producer together')
    .argument('<n>', 'more than 0, up to 1,000,000', parseNumber)
    .action((number: number, _, command: Command) =>
      runCommand(() => send({ command: 'RATE', number, text: null }, command.optsWithGlobals())),
    )
  control
    .command('pause')
    .description('let nothing become due')
    .action((_, command: Command) => runCommand(() => sendWithPace('PAUSE', command.optsWithGlobals())))
  control
    .command('resume')
    .description('go on at the pace before the pause')
    .action((_, command: Command) => runCommand(() => sendWithPace('RESUME', command.optsWithGlobals())))
  control
    .command('clear')
    .description("take back what was commanded: the scenario's pace holds again")
    .action((_, command: Command) => runCommand(() => send(null, command.optsWithGlobals())))
}

/** Names the pace that was in force: the topic keeps the newest command only, and that has to be enough. */
async function sendWithPace(command: 'PAUSE' | 'RESUME', options: GlobalOptions): Promise<ExitCode> {
  const newest = await readNewest(connectionFor(options, process.env), scenarioFor(options).settings, 'control')
  return send({ command, ...setAside((newest.get(PRODUCER) as Control | undefined) ?? null) }, options)
}

async function send(wish: Wish | null, options: GlobalOptions): Promise<ExitCode> {
  const { settings } = scenarioFor(options)
  const control: Control | null = wish && { target: PRODUCER, customer_id: null, ...wish }
  const commanded = commandedBy(control, { pace: settings.pace, isPaused: false }, settings.pace)
  if (!('pace' in commanded)) throw new SettingsError('the command', commanded)
  await writeNewest(connectionFor(options, process.env), settings, 'control', new Map([[PRODUCER, control]]))
  process.stdout.write(`producer: ${orderText(wish)}\n`)
  return exitCodes.ok
}
