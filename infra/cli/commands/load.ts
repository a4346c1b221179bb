import type { Command } from 'commander'
import { parsePort } from '../parse.ts'
import { runCommand } from '../run-command.ts'
import { loadRun } from '../start/kinds.ts'
import type { StartOptions } from '../start/options.ts'
import { addRunOptions, rateHelp, thresholdHelp } from './run-options.ts'

const examples = `
Examples:
  $ npm run load -- --brokers kafka:9092 --registry http://registry:8081 --rate 2000 --for 5m
  $ npm run load -- --rate 500 --for 60s --threshold 'ack_p99<50ms' --threshold 'shortfall<=0' --report load.json
  $ npm run load -- --rate steps:500..2500/5m --for 6m
  $ npm run load -- --max --transactions 1000000 --history 0s

The producer alone: customers, merchants and transactions.genuine, nothing that reads them. Schemas are registered and
topics created first. With neither --brokers nor --registry, a Kafka and a schema registry of its own are started, as
\`start\` does. The schedule is open: what is due is due, whatever the cluster does, and what could not leave until the
end is the shortfall. A run on the same topics goes on where the last one ended.
${rateHelp}
${thresholdHelp}`

export function addLoad(program: Command): void {
  addRunOptions(program.command('load').description('load-test a cluster: the producer alone, on a schedule'))
    .option('--metrics-port <n>', "port of the producer's metrics", parsePort, 0)
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const { run } = await import('../start/run.ts')
        return run(loadRun, command.optsWithGlobals<StartOptions>(), process.argv.slice(2))
      }),
    )
}
