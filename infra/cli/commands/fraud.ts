import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { parse } from 'yaml'
import type { Control } from '#schemas/types.ts'
import { dialsOf, INJECTOR, overrideBy } from '#services/fraud-injector/dials.ts'
import { mistakesOfRequest, requestKey } from '#services/fraud-injector/requests.ts'
import type { Settings } from '#services/settings.ts'
import { type ExitCode, exitCodes } from '../../service/exit-codes.ts'
import { SettingsError } from '../../service/settings-error.ts'
import type { GlobalOptions } from '../options.ts'
import { runCommand } from '../run-command.ts'
import { connectionFor, scenarioFor } from '../running-stack.ts'
import { readNewest, writeNewest } from '../topic-access.ts'

const examples = `
Examples, while \`npm start\` runs in another terminal:
  $ npm run rupeestream -- fraud start ACCOUNT_TAKEOVER --customer CUST0000042
  $ npm run rupeestream -- fraud start MULE_ACCOUNT
  $ npm run rupeestream -- fraud set rate 0.05
  $ npm run rupeestream -- fraud set difficulty 0.9
  $ npm run rupeestream -- fraud set mix '{ CARD_TESTING: 1 }'
  $ npm run rupeestream -- fraud set disorder '{ late: 0.02, duplicate: 0.01 }'
  $ npm run rupeestream -- fraud clear

A campaign that is asked for begins with the customer's next payment at which it can begin, or, without --customer, with
anybody's. The settings are those under \`fraud\` in a scenario, and \`disorder\` (infra/scenarios/default.yaml); they
are turned within about a second, for what begins from then on. Commands are records of the compacted topic
\`control\`; they hold until they are cleared, or until the next \`npm start\`.`

interface StartOptions extends GlobalOptions {
  readonly customer?: string
}

export function addFraud(program: Command): void {
  const fraud = program
    .command('fraud')
    .description('start a campaign now, or change how much fraud there is and how hard it is to see')
    .addHelpText('after', examples)
  fraud
    .command('start')
    .description('one campaign')
    .argument('<type>', 'such as ACCOUNT_TAKEOVER')
    .option('--customer <id>', 'whose, such as CUST0000042; without it, the first whom it can happen to')
    .action((type: string, _, command: Command) => runCommand(() => start(type, command.optsWithGlobals())))
  fraud
    .command('set')
    .description('turn a dial')
    .argument('<name>', 'a setting under `fraud`, such as rate, mix, difficulty, anomalyRate; or disorder')
    .argument('<value>', 'as in a scenario: a number, a name, or a mapping in YAML or JSON')
    .action((name: string, value: string, _, command: Command) =>
      runCommand(() => turn(name, value, command.optsWithGlobals())),
    )
  fraud
    .command('clear')
    .description("take back what was set: the scenario's settings hold again")
    .action((_, command: Command) =>
      runCommand(async () => {
        const options: GlobalOptions = command.optsWithGlobals()
        await write(INJECTOR, null, options, scenarioFor(options).settings)
        return say('fraud: as the scenario has it')
      }),
    )
}

const control = (wish: Pick<Control, 'command'> & Partial<Control>): Control => ({
  target: INJECTOR,
  number: null,
  text: null,
  customer_id: null,
  ...wish,
})

async function start(type: string, options: StartOptions): Promise<ExitCode> {
  const { settings } = scenarioFor(options)
  const customer = options.customer ?? null
  const wish = control({ command: 'START_CAMPAIGN', text: type, customer_id: customer })
  const mistakes = mistakesOfRequest(wish, settings.population.customers)
  if (mistakes.length > 0) throw new SettingsError('the command', mistakes)
  await write(requestKey(randomUUID()), wish, options, settings)
  return say(
    `fraud: ${type} with the next payment ${customer === null ? 'of anybody' : `of ${customer}`} at which it can begin`,
  )
}

/** The topic keeps one command of settings: it says what was set before, too. */
async function turn(name: string, value: string, options: GlobalOptions): Promise<ExitCode> {
  const { settings } = scenarioFor(options)
  const newest = await readNewest(connectionFor(options, process.env), settings, 'control')
  const before = JSON.parse(newest.get(INJECTOR)?.text ?? '{}') as object
  const wish = control({ command: 'SETTINGS', text: JSON.stringify({ ...before, [name]: parseValue(value) }) })
  const turned = overrideBy(wish, dialsOf(settings))
  if ('mistakes' in turned) throw new SettingsError('the command', turned.mistakes)
  await write(INJECTOR, wish, options, settings)
  return say(`fraud: ${wish.text}`)
}

function parseValue(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new SettingsError('the value', [(error as Error).message])
  }
}

const write = (key: string, wish: Control | null, options: GlobalOptions, settings: Settings): Promise<void> =>
  writeNewest(connectionFor(options, process.env), settings, 'control', new Map([[key, wish]]))

function say(line: string): ExitCode {
  process.stdout.write(`${line}\n`)
  return exitCodes.ok
}
