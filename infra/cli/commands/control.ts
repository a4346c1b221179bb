import type { Command } from 'commander'
import { clearPace, pauseOrResume, setPace } from '../../control/pace-commands.ts'
import { give } from '../control-topic.ts'
import { parseNumber } from '../parse.ts'
import { runCommand } from '../run-command.ts'

const examples = `
Examples, while \`npm start\` or \`npm run load\` runs in another terminal:
  $ npm run rupeestream -- control speed 1200
  $ npm run rupeestream -- control rate 500
  $ npm run rupeestream -- control pause
  $ npm run rupeestream -- control resume
  $ npm run rupeestream -- control clear

A command is a record of the compacted topic \`control\`, which every process of the producer follows: it takes effect
within about a second, without a jump in the count or in simulated time. The newest one holds, for producers that are
started later, too, until another one comes or it is cleared. A paused stream makes nothing due, so nothing falls short.`

export function addControl(program: Command): void {
  const control = program
    .command('control')
    .description('change the pace of the running producer')
    .addHelpText('after', examples)
  control
    .command('speed')
    .description('so many simulated seconds a second')
    .argument('<n>', '1 to 100,000', parseNumber)
    .action((number: number, _, command: Command) =>
      runCommand(() => give(command.optsWithGlobals(), (topic) => setPace(topic, 'SPEED', number))),
    )
  control
    .command('rate')
    .description('so many payments a second, by all processes of the producer together')
    .argument('<n>', 'more than 0, up to 1,000,000', parseNumber)
    .action((number: number, _, command: Command) =>
      runCommand(() => give(command.optsWithGlobals(), (topic) => setPace(topic, 'RATE', number))),
    )
  control
    .command('pause')
    .description('let nothing become due')
    .action((_, command: Command) =>
      runCommand(() => give(command.optsWithGlobals(), (topic) => pauseOrResume(topic, 'PAUSE'))),
    )
  control
    .command('resume')
    .description('go on at the pace before the pause')
    .action((_, command: Command) =>
      runCommand(() => give(command.optsWithGlobals(), (topic) => pauseOrResume(topic, 'RESUME'))),
    )
  control
    .command('clear')
    .description("take back what was commanded: the scenario's pace holds again")
    .action((_, command: Command) => runCommand(() => give(command.optsWithGlobals(), clearPace)))
}
