// `npm run bench [NAME ...] [-- --json FILE]`: benchmarks one after the other; without a name, all of them.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
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

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } })
const unknown = positionals.filter((name) => benches[name] === undefined)
if (unknown.length > 0) {
  process.stderr.write(`no benchmark is called ${unknown.join(', ')}: there are ${Object.keys(benches).join(', ')}\n`)
  process.exit(2)
}
const measures: Measure[] = []
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  for await (const measure of await benches[name]!()) {
    measures.push(measure)
    process.stdout.write(`${lineOf(measure)}\n`)
  }
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measures, null, 2)}\n`)
