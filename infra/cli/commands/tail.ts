import type { Command } from 'commander'
import type { TopicName } from '#schemas/topics.ts'
import { exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, scenarioOf } from '../options.ts'
import { forPeople, jsonLine } from '../output.ts'
import { parsePositive, parseTopic } from '../parse.ts'
import { runCommand } from '../run-command.ts'
import { connectionFor } from '../running-stack.ts'
import { listenForInterruption } from '../start/interruption.ts'
import { follow } from '../topic-access.ts'

interface TailOptions extends GlobalOptions {
  readonly fromBeginning?: true
  readonly count?: number
  readonly json?: true
}

const examples = `
Examples, in a second terminal while \`npm start\` runs in the first:
  $ npm run rupeestream -- tail alerts.fraud
  $ npm run rupeestream -- tail transactions --from-beginning -n 100 --json
  $ npm run rupeestream -- tail features --brokers kafka:9092 --registry http://registry:8081`

export function addTail(program: Command): void {
  program
    .command('tail')
    .description('follow a topic, decoded: committed records only')
    .argument('<topic>', 'which one, without prefix', parseTopic)
    .option('--from-beginning', 'all that the topic holds, not only what comes')
    .option('-n, --count <n>', 'end after so many records', parsePositive)
    .option('--json', 'one line of JSON a record')
    .addHelpText('after', examples)
    .action((topic: TopicName, _, command: Command) =>
      runCommand(async () => {
        const options = command.optsWithGlobals<TailOptions>()
        const connection = connectionFor(options, process.env)
        const { settings } = scenarioOf(options)
        const interrupted = listenForInterruption()
        let left = options.count ?? Number.POSITIVE_INFINITY
        const records = await follow(connection, settings, topic, options.fromBeginning ?? false, interrupted)
        for await (const { error, value, ...where } of records) {
          if (error !== undefined) process.stderr.write(`${topic}[${where.partition}] @${where.offset}: ${error}\n`)
          else process.stdout.write((options.json ? jsonLine : forPeople)(topic, { ...where, value: value ?? null }))
          if (--left === 0) break
        }
        return interrupted.aborted ? exitCodes.interrupted : exitCodes.ok
      }),
    )
}
