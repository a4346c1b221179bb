import { type Command, Option } from 'commander'
import { orInvalid, parseFraudRate, parseNumber, parsePort, parsePositive } from '../parse.ts'
import { runCommand } from '../run-command.ts'
import { parseFor, parseUntil } from '../start/end-condition.ts'
import type { StartOptions } from '../start/options.ts'

const examples = `
Examples:
  $ npm start                                         until Ctrl-C
  $ npm start -- --for 60s --report report.json       a minute of live stream, then a summary
  $ npm start -- --customers 20000 --rate 2000        2,000 payments a second
  $ npm start -- --until 2025-10-20 --max             a simulated week, as fast as it goes
  $ npm start -- --brokers kafka:9092 --registry http://registry:8081

With neither --brokers nor --registry, a Kafka and a schema registry of its own are started on this machine (a JDK 21
and Maven, or Docker), and keep their data in --data-dir. --for counts from the start of the live clock, after history.`

export function addStart(program: Command): void {
  program
    .command('start')
    .description('run the whole pipeline: producer, fraud injector, scorer and monitor')
    .option('--for <duration>', 'end after so much wall time of live stream, such as 60s or 10m', orInvalid(parseFor))
    .option('--until <date>', 'end when the simulated clock gets there (Indian time)', orInvalid(parseUntil))
    .option('--transactions <n>', 'end after so many live transactions', parsePositive)
    .option('--report <file>', 'write what came of it, as JSON')
    .addOption(
      new Option('--speed <n>', 'simulated seconds a second').argParser(parseNumber).conflicts(['rate', 'max']),
    )
    .addOption(new Option('--rate <n>', 'payments a second').argParser(parseNumber).conflicts(['speed', 'max']))
    .addOption(new Option('--max', 'as fast as it goes').conflicts(['speed', 'rate']))
    .option('--customers <n>', 'how many customers there are', parsePositive)
    .option('--fraud-rate <share>', 'share of payments, or india-real, card-benchmark, lab', parseFraudRate)
    .option('--json', 'lines of JSON instead of the live view, on a terminal too')
    .option(
      '--metrics-port <n>',
      'first of four ports, a service each: monitor, scorer, injector, producer',
      parsePort,
      0,
    )
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const { start } = await import('../start/run.ts')
        return start(command.optsWithGlobals<StartOptions>(), process.argv.slice(2))
      }),
    )
}
