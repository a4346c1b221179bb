// Writes the pages of docs/ that are made from schemas and data. With --check it only says whether they are up to date.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isCheck } from '../cli/tool.ts'
import { alertDocs } from './alert-docs.ts'
import { exampleWorld } from './example-world.ts'
import { featureDocs } from './feature-docs.ts'
import { fieldDocs } from './field-docs.ts'
import { fraudDocs } from './fraud-docs.ts'
import { metricsDocs } from './metrics-docs.ts'
import { modelDocs } from './model-docs.ts'
import { ruleDocs } from './rule-docs.ts'

const folder = join(import.meta.dirname, '../../docs')
const checks = isCheck('docs', 'docs/, from the schemas, the data, and a small simulated world')
const world = exampleWorld()
const pages: Readonly<Record<string, string>> = {
  'field-reference.md': fieldDocs(),
  'model.md': modelDocs(),
  'alert.md': alertDocs(world),
  ...(await metricsDocs()),
  ...fraudDocs(world),
  ...featureDocs(world),
  ...ruleDocs(world),
}

/** Of a type, feature or rule that is no more. */
const left = ['fraud', 'features', 'rules'].flatMap((name) =>
  (existsSync(join(folder, name)) ? readdirSync(join(folder, name)) : [])
    .map((file) => `${name}/${file}`)
    .filter((file) => pages[file] === undefined),
)

function complain(text: string): void {
  process.stderr.write(`docs/${text}: run \`npm run docs\` and commit the result.\n`)
  process.exitCode = 1
}

for (const [name, text] of Object.entries(pages)) {
  const target = join(folder, name)
  if (checks) {
    if (!existsSync(target) || readFileSync(target, 'utf8') !== text) complain(`${name} is not what its sources say`)
  } else {
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
}
for (const name of left) {
  if (checks) complain(`${name} is of something that is no more`)
  else rmSync(join(folder, name))
}
