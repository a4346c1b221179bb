import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { extname, join } from 'node:path'

/** A file as it is served. */
export interface Asset {
  readonly type: string
  readonly body: string
  readonly etag: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}

const FOLDER = join(import.meta.dirname, 'public')
const ROOT = join(import.meta.dirname, '../..')

/** What the page shares with the command line: its imports find them here. */
const shared: Readonly<Record<string, string>> = {
  '/cli/view/format.ts': 'infra/cli/view/format.ts',
  '/cli/view/pace-text.ts': 'infra/cli/view/pace-text.ts',
  '/services/time.ts': 'services/time.ts',
}

/** Names of modules that a browser does not know, and where it gets them. */
const modules: readonly (readonly [RegExp, string])[] = [
  [/(?<=from ')#services\//g, '/services/'],
  [/(?<=from ')uplot(?=')/g, '/vendor/uplot.js'],
]

const uplot = (file: string): string => createRequire(import.meta.url).resolve(`uplot/dist/${file}`)

/** All that the page is made of, by path. TypeScript is served as the JavaScript that is left without its types. */
export function loadAssets(): ReadonlyMap<string, Asset> {
  const own = readdirSync(FOLDER)
    .filter((name) => extname(name) in types && !name.endsWith('.d.ts'))
    .map((name): [string, Asset] => [`/${name}`, assetOf(join(FOLDER, name))])
  const assets = new Map(own)
  for (const [path, file] of Object.entries(shared)) assets.set(path, assetOf(join(ROOT, file)))
  assets.set('/', assets.get('/index.html')!)
  assets.set('/vendor/uplot.js', assetOf(uplot('uPlot.esm.js')))
  assets.set('/vendor/uplot.css', assetOf(uplot('uPlot.min.css')))
  return assets
}

function assetOf(file: string): Asset {
  const text = readFileSync(file, 'utf8')
  const body = extname(file) === '.ts' ? scriptOf(text) : text
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
  return { type: types[extname(file)]!, body, etag }
}

const scriptOf = (text: string): string =>
  modules.reduce((script, [name, path]) => script.replace(name, path), stripTypeScriptTypes(text))
