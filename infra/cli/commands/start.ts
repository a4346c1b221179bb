import type { Command } from 'commander'
import { parseFraudRate, parsePort } from '../parse.ts'
import { runCommand } from '../run-command.ts'
import { pipelineRun } from '../start/kinds.ts'
import type { StartOptions } from '../start/options.ts'
import { addRunOptions, rateHelp, thresholdHelp } from './run-options.ts'

const examples = `
Examples:
  $ npm start                                         until Ctrl-C
  $ npm start -- --for 60s --report report.json       a minute of live stream, then a summary
  $ npm start -- --customers 20000 --rate 2000        2,000 payments a second
  $ npm start -- --until 2025-10-20 --max             a simulated week, as fast as it goes
  $ npm start -- --for 5m --threshold 'alert_p99<1s'  exit code 4 when alerts come later
  $ npm start -- --brokers kafka:9092 --registry http://registry:8081

With neither --brokers nor --registry, a Kafka and a schema registry of its own are started on this machine (a JDK 21
and Maven, or Docker), and keep their data in --data-dir. --for counts from the start of the live clock, after history.
${rateHelp}
${thresholdHelp}
Also in ms or s: alert_p50, alert_p95 and alert_p99, from the intended moment to the alert's arrival at the monitor.`

export function addStart(program: Command): void {
  addRunOptions(
    program.command('start').description('run the whole pipeline: producer, fraud injector, scorer and monitor'),
  )
    .option('--fraud-rate <share>', 'share of payments, or india-real, card-benchmark, lab', parseFraudRate)
    .option(
      '--metrics-port <n>',
      'first of four ports, a service each: monitor, scorer, injector, producer',
      parsePort,
      0,
    )
    .option('--no-control', 'a live page without buttons, which can only be looked at')
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const { run } = await import('../start/run.ts')
        return run(pipelineRun, command.optsWithGlobals<StartOptions>(), process.argv.slice(2))
      }),
    )
}
