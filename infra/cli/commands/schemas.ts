import type { Command } from 'commander'
import { exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, scenarioOf } from '../options.ts'
import { table } from '../output.ts'
import { runCommand } from '../run-command.ts'
import { connectionFor } from '../running-stack.ts'

const examples = `
Examples:
  $ npm run rupeestream -- schemas --brokers kafka:9092 --registry http://registry:8081
  $ npm run rupeestream -- schemas --check

Registers schemas/*.avsc, a subject for each topic, with BACKWARD compatibility. A schema that could not read what the
registered one has written is an error, and nothing after it is registered.`

interface SchemasOptions extends GlobalOptions {
  readonly check?: true
}

export function addSchemas(program: Command): void {
  program
    .command('schemas')
    .description('register the schemas and say what changed')
    .option('--check', 'change nothing: only say which ids the schemas have')
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const options = command.optsWithGlobals<SchemasOptions>()
        process.stdout.write(table(await rowsOf(options)))
        return exitCodes.ok
      }),
    )
}

async function rowsOf(options: SchemasOptions): Promise<string[][]> {
  const connection = connectionFor(options, process.env)
  const { settings } = scenarioOf(options)
  if (options.check) {
    const { lookUpSchemaIds } = await import('../../registry/look-up.ts')
    const ids = await lookUpSchemaIds(connection, settings)
    return Object.entries(ids).map(([topic, id]) => [settings.topicPrefix + topic, `schema ${id}`])
  }
  const { deploySchemas } = await import('../../registry/deploy-schemas.ts')
  const changes = await deploySchemas(connection, settings)
  return changes.map(({ name, action, detail = '' }) => [name, action, detail])
}
