// `npm run bench [NAME ...] [-- --json FILE]`: benchmarks one after the other; without a name, all of them.
import { writeFileSync } from 'node:fs'
import { Argument } from 'commander'
import { parseOutputFile } from '#infra/cli/parse.ts'
import { tool } from '#infra/cli/tool.ts'
import { generate } from './generate.ts'
import { inject } from './inject.ts'
import { lineOf, type Measure } from './measure.ts'
import { paced } from './paced.ts'
import { pipeline } from './pipeline.ts'
import { produce } from './produce.ts'
import { ramp } from './ramp.ts'
import { rule } from './rule.ts'
import { scorer } from './scorer.ts'

const benches: Record<string, () => AsyncIterable<Measure> | Iterable<Measure> | Promise<Measure[]>> = {
  generate,
  produce,
  inject,
  paced,
  pipeline,
  ramp,
  scorer,
  rule,
}

const names = Object.keys(benches)
const program = tool('bench', 'benchmarks, one after the other')
  .addArgument(new Argument('[names...]', 'which').choices(names).default(names, 'all'))
  .option('--json <file>', 'write the figures as JSON', parseOutputFile)
  .parse()
const [chosen] = program.processedArgs as [string[]]
const { json } = program.opts<{ json?: string }>()
const measures: Measure[] = []
for (const name of chosen) {
  for await (const measure of await benches[name]!()) {
    measures.push(measure)
    process.stdout.write(`${lineOf(measure)}\n`)
  }
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(measures, null, 2)}\n`)
