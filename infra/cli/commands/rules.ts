import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { parse } from 'yaml'
import type { Condition, Rule } from '#schemas/types.ts'
import { checkRule } from '#services/scorer/check-rule.ts'
import { type ExitCode, exitCodes } from '../../service/exit-codes.ts'
import { SettingsError } from '../../service/settings-error.ts'
import type { GlobalOptions } from '../options.ts'
import { table } from '../output.ts'
import { readRules, writeRules } from '../rules-topic.ts'
import { CommandError, runCommand } from '../run-command.ts'
import { connectionFor, scenarioFor } from '../running-stack.ts'

const examples = `
Examples, while \`npm start\` runs in another terminal:
  $ npm run rupeestream -- rules list
  $ npm run rupeestream -- rules pause fast-travel
  $ npm run rupeestream -- rules put my-rule.yaml
  $ npm run rupeestream -- rules delete fast-travel

Rules are data on the compacted topic \`rules\`: a change takes effect in the running scorer within about a second.
Deleting takes a change back; a shipped rule is then in force again as it was. To silence one, pause it.`

interface ListOptions extends GlobalOptions {
  readonly json?: true
}

export function addRules(program: Command): void {
  const rules = program
    .command('rules')
    .description('list and change the rules of the running scorer')
    .addHelpText('after', examples)
  rules
    .command('list')
    .description('the rules in force')
    .option('--json', 'whole, as JSON that `put` takes')
    .action((_, command: Command) => runCommand(() => list(command.optsWithGlobals())))
  rules
    .command('put')
    .description('add or change rules')
    .argument('<file>', 'a rule or a list of rules, as YAML or JSON')
    .action((file: string, _, command: Command) => runCommand(() => put(file, command.optsWithGlobals())))
  rules
    .command('pause')
    .description('keep a rule but do not apply it')
    .argument('<rule_id>')
    .action((id: string, _, command: Command) => runCommand(() => pause(id, command.optsWithGlobals())))
  rules
    .command('delete')
    .description('take back what was put')
    .argument('<rule_id>')
    .action((id: string, _, command: Command) =>
      runCommand(() => write(new Map([[id, null]]), command.optsWithGlobals(), 'deleted')),
    )
}

async function list(options: ListOptions): Promise<ExitCode> {
  const known = await readRules(connectionFor(options, process.env), scenarioFor(options).settings)
  const rows = known.map(({ rule, from }) => [
    rule.rule_id,
    rule.status,
    rule.kind,
    rule.severity,
    from,
    rule.description,
  ])
  const whole = JSON.stringify(
    known.map(({ rule }) => rule),
    null,
    2,
  )
  process.stdout.write(
    options.json ? `${whole}\n` : table([['ID', 'STATUS', 'KIND', 'SEVERITY', 'FROM', 'WHAT'], ...rows]),
  )
  return exitCodes.ok
}

async function put(file: string, options: GlobalOptions): Promise<ExitCode> {
  return write(new Map(readRuleFile(file).map((rule) => [rule.rule_id, rule])), options, 'put')
}

async function pause(id: string, options: GlobalOptions): Promise<ExitCode> {
  const known = await readRules(connectionFor(options, process.env), scenarioFor(options).settings)
  const found = known.find(({ rule }) => rule.rule_id === id)
  if (found === undefined) {
    throw new CommandError(`there is no rule ${id}; known: ${known.map(({ rule }) => rule.rule_id).join(', ')}`)
  }
  return write(new Map([[id, { ...found.rule, status: 'PAUSED' }]]), options, 'paused')
}

async function write(rules: ReadonlyMap<string, Rule | null>, options: GlobalOptions, done: string): Promise<ExitCode> {
  await writeRules(connectionFor(options, process.env), scenarioFor(options).settings, rules)
  for (const id of rules.keys()) process.stdout.write(`${done} ${id}\n`)
  return exitCodes.ok
}

/** Throws a SettingsError that names all mistakes of all rules. */
export function readRuleFile(file: string): Rule[] {
  const content = parseFile(file)
  const rules: unknown[] = Array.isArray(content) ? content : [content]
  const mistakes = rules.flatMap((rule, index) => mistakesOf(rule, `rule ${index + 1}`))
  if (mistakes.length > 0) throw new SettingsError(file, mistakes)
  return rules.map((rule) => withDefaults(rule as Rule))
}

function mistakesOf(rule: unknown, name: string): string[] {
  if (typeof rule !== 'object' || rule === null) {
    return [`${name}: this is not a rule; \`rules list --json\` shows what they look like`]
  }
  const given = withDefaults(rule as Rule)
  return checkRule(given).map((mistake) => `${given.rule_id || name}: ${mistake}`)
}

/** What schemas/rule.avsc says of keys that are left out, and of those that a comparison or a join has no use for. */
const withDefaults = (rule: Rule): Rule => ({ ...rule, sample_share: rule.sample_share ?? 1, when: filled(rule.when) })

function filled(condition: Condition | undefined): Condition {
  const defaults: Condition = { op: 'UNKNOWN', feature: null, value: null, times: null, of: null, children: [] }
  const { children } = condition ?? defaults
  return { ...defaults, ...condition, children: Array.isArray(children) ? children.map(filled) : [] }
}

function parseFile(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new SettingsError(file, [(error as Error).message])
  }
}
