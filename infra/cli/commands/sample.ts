import type { Command } from 'commander'
import type { TopicName } from '#schemas/topics.ts'
import { exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, type ScenarioOptions, scenarioOf } from '../options.ts'
import { forPeople, jsonLine } from '../output.ts'
import { parseFraudRate, parsePositive, parseTopic } from '../parse.ts'
import { runCommand } from '../run-command.ts'

interface SampleOptions extends GlobalOptions, Pick<ScenarioOptions, 'customers' | 'fraudRate'> {
  readonly count: number
  readonly json?: true
}

const examples = `
Examples:
  $ npm run rupeestream -- sample                            ten transactions
  $ npm run rupeestream -- sample alerts.fraud -n 3          three alerts
  $ npm run rupeestream -- sample ground-truth -n 1000 --json > truth.jsonl

The whole pipeline runs in memory for it, from the beginning of the scenario's history: no Kafka is needed, and the
same scenario and seed give the same records.`

export function addSample(program: Command): void {
  program
    .command('sample')
    .description("print records of any topic's kind, without Kafka")
    .argument('[topic]', 'whose records', parseTopic, 'transactions')
    .option('-n, --count <n>', 'how many', parsePositive, 10)
    .option('--json', 'one line of JSON a record')
    .option('--customers <n>', 'how many customers there are', parsePositive)
    .option('--fraud-rate <share>', 'share of payments, or india-real, card-benchmark, lab', parseFraudRate)
    .addHelpText('after', examples)
    .action((topic: TopicName, _, command: Command) =>
      runCommand(async () => {
        const options = command.optsWithGlobals<SampleOptions>()
        const { sampleRecords } = await import('../../memory/pipeline.ts')
        let left = options.count
        for (const { key, value, timestampMs } of sampleRecords(scenarioOf(options).settings, topic)) {
          const record = { key, timestampMs, value }
          process.stdout.write(options.json ? jsonLine(topic, record) : forPeople(topic, record))
          if (--left === 0) break
        }
        return exitCodes.ok
      }),
    )
}
