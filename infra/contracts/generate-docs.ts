// Writes the pages of docs/ that are made from schemas and data. With --check it only says whether they are up to date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fieldDocs } from './field-docs.ts'
import { fraudDocs } from './fraud-docs.ts'
import { metricsDocs } from './metrics-docs.ts'
import { modelDocs } from './model-docs.ts'

const folder = join(import.meta.dirname, '../../docs')
const pages = { 'field-reference.md': fieldDocs(), 'model.md': modelDocs(), ...(await metricsDocs()), ...fraudDocs() }

for (const [name, text] of Object.entries(pages)) {
  const target = join(folder, name)
  mkdirSync(dirname(target), { recursive: true })
  if (!process.argv.includes('--check')) writeFileSync(target, text)
  else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    process.stderr.write(`docs/${name} is not what its sources say: run \`npm run docs\` and commit the result.\n`)
    process.exitCode = 1
  }
}
