import { describe, expect, test } from 'vitest'
import project from '../../../package.json' with { type: 'json' }
import { Child } from '../../helpers/child.ts'

/** What npm scripts run, beside the command line, by the script's name. */
const tools = Object.entries(project.scripts).flatMap(([script, command]) => {
  const [, file] = /^node (\S+\.ts)$/.exec(command) ?? []
  return file === undefined || file.startsWith('infra/cli/') ? [] : [{ script, file }]
})

async function run(file: string, ...args: string[]) {
  const child = new Child(file, args)
  const { code } = await child.ended
  return { code, out: child.out.join('\n'), errors: child.errors }
}

describe('a tool that an npm script runs', () => {
  test('is each of these', () => {
    expect(tools.map(({ script }) => script)).toEqual([
      ...['train-shipped', 'generate', 'docs', 'observability'],
      ...['test:containers', 'chaos:cluster', 'oracle', 'soak', 'bench'],
    ])
  })

  test.each(tools)('$script says how it is used', async ({ script, file }) => {
    const { code, out, errors } = await run(file, '--help')
    expect([code, errors]).toEqual([0, []])
    expect(out).toMatch(new RegExp(`^Usage: npm run ${script} -- \\[options\\]`))
  })

  test.each(tools)('$script begins nothing with an option that it does not know', async ({ file }) => {
    const { code, out, errors } = await run(file, '--wrong')
    expect([code, out, errors]).toEqual([2, '', ["error: unknown option '--wrong'"]])
  })

  test.each([
    ['soak', ['--for', '1x'], /'--for <duration>' argument '1x' is invalid. expected a duration such as 60s/],
    ['soak', ['--rate', '0'], /'--rate <n>' argument '0' is invalid. Expected 1 or more/],
    ['soak', ['--json', '.'], /'--json <file>' argument '.' is invalid. Expected a file, came a folder/],
    ['oracle', ['--records', 'many'], /'--records <n>' argument 'many' is invalid. Expected a whole number/],
    ['bench', ['scores'], /value 'scores' is invalid for argument 'names'. Allowed choices are generate, produce/],
    ['chaos:cluster', ['now'], /too many arguments. Expected 0 arguments but got 1/],
  ])('%s names what is wrong with %j', async (name, args, expected) => {
    const { file } = tools.find(({ script }) => script === name)!
    const { code, errors } = await run(file, ...args)
    expect([code, errors]).toEqual([2, [expect.stringMatching(expected)]])
  })
})
