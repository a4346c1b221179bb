import type { Command } from 'commander'
import { parse } from 'yaml'
import { clearDials, startCampaign, turnDial } from '../../control/fraud-commands.ts'
import { SettingsError } from '../../service/settings-error.ts'
import { give } from '../control-topic.ts'
import type { GlobalOptions } from '../options.ts'
import { runCommand } from '../run-command.ts'

const examples = `
Examples, while \`npm start\` runs in another terminal:
  $ npm run rupeestream -- fraud start ACCOUNT_TAKEOVER --customer CUST0000042
  $ npm run rupeestream -- fraud start ACCOUNT_TAKEOVER/SIM_SWAP
  $ npm run rupeestream -- fraud start MULE_ACCOUNT
  $ npm run rupeestream -- fraud set rate 0.05
  $ npm run rupeestream -- fraud set difficulty 0.9
  $ npm run rupeestream -- fraud set mix '{ CARD_TESTING: 1 }'
  $ npm run rupeestream -- fraud set disorder '{ late: 0.02, duplicate: 0.01 }'
  $ npm run rupeestream -- fraud clear

A campaign that is asked for begins with the customer's next payment at which it can begin, or, without --customer, with
anybody's. An account takeover may be told its modus operandi, and then begins at once, whatever the hour. The settings
are those under \`fraud\` in a scenario, and \`disorder\` (infra/scenarios/default.yaml); they are turned within about a
second, for what begins from then on. Commands are records of the compacted topic \`control\`; they hold until they are
cleared, or until the next \`npm start\`.`

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
    .action((type: string, _, command: Command) =>
      runCommand(() => {
        const options: StartOptions = command.optsWithGlobals()
        return give(options, (topic) => startCampaign(topic, type, options.customer ?? null))
      }),
    )
  fraud
    .command('set')
    .description('turn a dial')
    .argument('<name>', 'a setting under `fraud`, such as rate, mix, difficulty, anomalyRate; or disorder')
    .argument('<value>', 'as in a scenario: a number, a name, or a mapping in YAML or JSON')
    .action((name: string, value: string, _, command: Command) =>
      runCommand(() => give(command.optsWithGlobals(), (topic) => turnDial(topic, name, parseValue(value)))),
    )
  fraud
    .command('clear')
    .description("take back what was set: the scenario's settings hold again")
    .action((_, command: Command) => runCommand(() => give(command.optsWithGlobals(), clearDials)))
}

function parseValue(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new SettingsError('the value', [(error as Error).message])
  }
}
