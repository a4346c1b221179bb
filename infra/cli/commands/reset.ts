import type { Command } from 'commander'
import { exitCodes } from '../../service/exit-codes.ts'
import type { GlobalOptions } from '../options.ts'
import { runCommand } from '../run-command.ts'
import { forgetWorld } from '../start/run-folder.ts'

const examples = `
Examples:
  $ npm run rupeestream -- reset
  $ npm run rupeestream -- reset --data-dir /tmp/another-run

Removes what the local Kafka and schema registry keep in --data-dir. Topics on a Kafka of yours are never removed.`

export function addReset(program: Command): void {
  program
    .command('reset')
    .description('remove the data of the local stack, so that the next start begins anew')
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const { dataDir } = command.optsWithGlobals<GlobalOptions>()
        const { resetLocalStack } = await import('../../local/stack.ts')
        await resetLocalStack(dataDir)
        forgetWorld(dataDir)
        process.stdout.write(`${dataDir} is empty: the next start begins anew\n`)
        return exitCodes.ok
      }),
    )
}
