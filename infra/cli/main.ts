#!/usr/bin/env node
import { CommanderError } from 'commander'
import { exitCodes } from '../service/exit-codes.ts'
import { buildProgram } from './program.ts'

// `sample | head` closes the pipe early, and has then got what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.ok)
})

try {
  await buildProgram().parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
}
