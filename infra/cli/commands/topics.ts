import type { Command } from 'commander'
import { topicNames, topics } from '#schemas/topics.ts'
import { exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, scenarioOf } from '../options.ts'
import { table } from '../output.ts'
import { runCommand } from '../run-command.ts'
import { connectionFor } from '../running-stack.ts'
import { quietLog } from '../topic-access.ts'

const examples = `
Examples:
  $ npm run rupeestream -- topics --list
  $ npm run rupeestream -- topics --brokers kafka:9092 --registry http://registry:8081 --topic-prefix rs.
  $ npm run rupeestream -- topics --check

A topic whose configuration would refuse or delete records of simulated time, or that has another number of
partitions, is an error: the message names the topic, what was found and what is needed. Nothing is changed then.`

interface TopicsOptions extends GlobalOptions {
  readonly check?: true
  readonly list?: true
}

export function addTopics(program: Command): void {
  program
    .command('topics')
    .description('create the topics that are missing and check the others')
    .option('--check', 'change nothing')
    .option('--list', 'only say which topics there are, without Kafka')
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const options = command.optsWithGlobals<TopicsOptions>()
        const { settings } = scenarioOf(options)
        process.stdout.write(options.list ? listing(settings.topicPrefix) : await deployed(options))
        return exitCodes.ok
      }),
    )
}

function listing(prefix: string): string {
  const rows = topicNames.map((name) => {
    const { key, cleanup, from, about, internal } = topics[name]
    return [prefix + name, key, cleanup, from, internal ? `${about} (internal)` : about]
  })
  return table([['TOPIC', 'KEY', 'CLEANUP', 'FROM', 'WHAT'], ...rows])
}

async function deployed(options: TopicsOptions): Promise<string> {
  const { checkTopics, deployTopics } = await import('../../kafka/deploy-topics.ts')
  const connection = connectionFor(options, process.env)
  const { settings } = scenarioOf(options)
  if (options.check) {
    await checkTopics(connection, settings, quietLog())
    return `all ${topicNames.length} topics are as they should be\n`
  }
  const changes = await deployTopics(connection, settings, quietLog())
  return table(changes.map(({ name, action, detail = '' }) => [name, action, detail]))
}
