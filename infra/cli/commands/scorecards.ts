import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { exitCodes } from '../../service/exit-codes.ts'
import { parseOutputFile } from '../parse.ts'
import { runCommand } from '../run-command.ts'

interface ScorecardsOptions {
  readonly json?: string
  readonly strict?: true
}

const examples = `
Examples:
  $ npm run scorecard -- --seed a --json a.json        as many as you like, at the same time where there are cores
  $ npm run scorecard -- --seed b --json b.json
  $ npm run rupeestream -- scorecards a.json b.json

A type has 10 to 60 campaigns in a scorecard's two weeks, so its AUC moves from seed to seed: by a tenth to a half of its
band, of some types by nearly all of it. The mean over some seeds says whether a band holds; the standard error beside
it, how much more seeds could still change.`

export function addScorecards(program: Command): void {
  program
    .command('scorecards')
    .description('hold the mean of several scorecards against the bands')
    .argument('<files...>', 'what `scorecard --json` wrote, a file a seed')
    .option('--json <file>', 'write the figures as JSON', parseOutputFile)
    .option('--strict', 'exit code 1 when a measured band is missed')
    .addHelpText('after', examples)
    .action((files: string[], { json, strict }: ScorecardsOptions) =>
      runCommand(async () => {
        const { meanBands, readCards, seedsJson, seedsText } = await import('../../scorecard/seeds.ts')
        const cards = readCards(files)
        const bands = meanBands(cards)
        process.stdout.write(seedsText(cards, bands))
        if (json !== undefined) writeFileSync(json, seedsJson(cards, bands))
        return strict && bands.some(({ pass }) => pass === false) ? exitCodes.failure : exitCodes.ok
      }),
    )
}
