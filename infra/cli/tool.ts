import { Command } from 'commander'
import { exitCodes } from '../service/exit-codes.ts'

/**
 * What the npm script of this name runs. Once its options are added, `parse` answers --help, and of a wrong argument says
 * what was expected and ends the process with exit code 2: nothing has begun by then.
 */
export const tool = (script: string, description: string): Command =>
  new Command(`npm run ${script} --`)
    .description(description)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.ok : exitCodes.usage))

/** A tool that writes files, and with --check only says whether they are what it would write. */
export const isCheck = (script: string, description: string): boolean =>
  tool(script, description)
    .option('--check', 'write nothing; 1 if something is not up to date')
    .parse()
    .opts<{ check?: true }>().check ?? false
