import type { Command } from 'commander'
import { connectionGiven, readConnection } from '../../service/connection.ts'
import { exitCodes } from '../../service/exit-codes.ts'
import { checkConnection } from '../doctor/check-connection.ts'
import { checkMachine } from '../doctor/check-machine.ts'
import type { Finding } from '../doctor/finding.ts'
import type { GlobalOptions } from '../options.ts'
import { runCommand } from '../run-command.ts'

const examples = `
Examples:
  $ npm run rupeestream -- doctor
  $ npm run rupeestream -- doctor --brokers kafka:9092 --registry http://registry:8081

Exit code 3 says that something is missing without which nothing can start.`

const signs: Readonly<Record<Finding['state'], string>> = { ok: '✓', note: '·', missing: '✗' }

const lineOf = ({ state, what, found, advice }: Finding): string =>
  `${signs[state]} ${what}: ${found}\n${advice === undefined ? '' : `    ${advice}\n`}`

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say what this machine has, what it lacks and what to install')
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const options = command.optsWithGlobals<GlobalOptions>()
        const given = connectionGiven(options, process.env)
        const findings = [
          ...(await checkMachine(options.dataDir, !given)),
          ...(given ? await checkConnection(readConnection(options, process.env)) : []),
        ]
        process.stdout.write(findings.map(lineOf).join(''))
        return findings.some(({ state }) => state === 'missing') ? exitCodes.environment : exitCodes.ok
      }),
    )
}
