import { stringify } from 'yaml'
import { alertTopics } from '#schemas/topics.ts'
import type { Alert, Condition, Rule } from '#schemas/types.ts'
import { featureList } from '#services/scorer/features.ts'
import { precisionAt } from '../learning/metrics.ts'
import { conditionWords } from './condition-words.ts'
import { figure, namesIn, percent, recordCells, recordHead, truthOf } from './example-text.ts'
import { aboutWorld, type Example } from './example-world.ts'
import { lastAttempts } from './feature-examples.ts'
import { page, table } from './markdown.ts'
import { type RuleResult, resultOf, shippedRules } from './rule-results.ts'

const SOURCES = 'services/scorer/rules.json and the simulation'
const DAYS = 7
/** A stream in which so much is fraud: what `lab` asks for. */
const PREVALENCE = 0.01

const features = new Set(featureList.map(({ name }) => name))

const precisionOf = ({ recall, falseAlarms }: RuleResult): number =>
  precisionAt({ tpr: recall, fpr: falseAlarms }, PREVALENCE)

/** The pages on rules, by file name: one each, and a list of them. */
export function ruleDocs(world: readonly Example[]): Record<string, string> {
  const attempts = lastAttempts(world)
  const results = shippedRules.map((compiled) => resultOf(compiled, attempts))
  const pages = results.map((result) => [`rules/${result.compiled.rule.rule_id}.md`, rulePage(result)] as const)
  return { 'rules/README.md': index(results, attempts), ...Object.fromEntries(pages) }
}

function index(results: readonly RuleResult[], attempts: readonly Example[]): string {
  const frauds = attempts.filter(({ truth }) => truth.is_fraud).length
  const rows = results.map((result) => {
    const { rule } = result.compiled
    return [
      `[${rule.rule_id}](${rule.rule_id}.md)`,
      rule.description,
      topicOf(rule),
      rule.severity,
      (result.raisedOn.length / DAYS).toFixed(1),
      percent(result.precision),
      percent(precisionOf(result)),
      percent(result.recall),
    ]
  })
  return page(SOURCES, [
    '# Rules',
    `The ${results.length} rules that are shipped. Each has a page: its condition in words and as data, what it looks at, how it did, and an alert of it. While a stream runs they can be [changed and added to](../../README.md#rules).`,
    `Figures are of the last seven days of ${aboutWorld}; ${frauds} of ${attempts.length} attempts to pay in those days are fraud. Precision is the share of fraud among the payments on which a rule fires, silent or not; it depends on how much fraud there is, and is told for a stream with 1 % of it, too. Recall is of all frauds, of whatever type: a rule is made for some.`,
    table(['Rule', 'What', 'Topic', 'Severity', 'Alerts a day', 'Precision', 'Precision at 1 % fraud', 'Recall'], rows),
  ])
}

const topicOf = ({ kind }: Rule): string => (kind === 'UNKNOWN' ? '' : `\`${alertTopics[kind]}\``)

function rulePage(result: RuleResult): string {
  const { rule } = result.compiled
  return page(SOURCES, [
    `# ${rule.rule_id}`,
    `${rule.description}.`,
    table(['', ''], facts(rule)),
    `## Condition\n\n${conditionWords(rule.when)}\n\nAs data:\n\n\`\`\`yaml\n${stringify({ when: lean(rule.when) })}\`\`\``,
    `## How it did\n\nIn the last seven days of ${aboutWorld}.\n\n${figures(result)}`,
    `## Examples\n\n${examples(result)}`,
  ])
}

function facts(rule: Rule): string[][] {
  const { status, severity, cooldown_seconds, sample_share, when } = rule
  const names = namesIn(when).map((name) => (features.has(name) ? `[${name}](../features/${name}.md)` : `\`${name}\``))
  return [
    ['Topic', topicOf(rule)],
    ['Severity', severity],
    ['Status', status],
    ['Cool-down', `${cooldown_seconds} s of event time, by customer`],
    ['Sampled', sample_share === 1 ? 'all customers' : `${percent(sample_share)} of customers`],
    ['Looks at', names.join(', ')],
  ]
}

/** Without the keys that say nothing. */
function lean({ children, ...own }: Condition): object {
  const said = Object.entries(own).filter(([, value]) => value !== null)
  return { ...Object.fromEntries(said), ...(children.length === 0 ? {} : { children: children.map(lean) }) }
}

function figures(result: RuleResult): string {
  const { firedOn, raisedOn, precision, recall, falseAlarms, byType } = result
  if (firedOn.length === 0) return 'It did not fire.'
  const doubles = firedOn.filter(({ truth }) => !truth.is_fraud && truth.benign_twin_of !== null).length
  const all = table(
    ['', ''],
    [
      ['Payments on which it fires, a day', (firedOn.length / DAYS).toFixed(1)],
      ['Alerts a day', (raisedOn.length / DAYS).toFixed(1)],
      ['Precision, by payment', percent(precision)],
      ['Precision where 1 % is fraud', percent(precisionOf(result))],
      ['Recall of all frauds', percent(recall)],
      ['Genuine payments disturbed', percent(falseAlarms)],
      ['Innocent doubles among them', String(doubles)],
    ],
  )
  const found = byType.filter((one) => one.found > 0)
  if (found.length === 0) return `${all}\nNone of them was fraud.`
  const types = found.map(({ type, payments, found }) => [
    `[${type}](../fraud/${type}.md)`,
    String(payments),
    String(found),
    percent(found / payments),
  ])
  return `${all}\n${table(['Type', 'Payments', 'It fires on', 'Recall'], types)}`
}

/** An alert that was right and one that was wrong, as far as there are such. */
function examples({ compiled, raisedOn }: RuleResult): string {
  const right = raisedOn.find(({ truth }) => truth.is_fraud)
  const wrong = raisedOn.find(({ truth }) => !truth.is_fraud)
  const shown = [
    ...(right === undefined ? [] : [`It was right:\n\n${example(compiled.rule, right)}`]),
    ...(wrong === undefined ? [] : [`It was wrong:\n\n${example(compiled.rule, wrong)}`]),
  ]
  return shown.join('\n\n') || 'None in the world that the examples are from.'
}

function example({ rule_id }: Rule, one: Example): string {
  const alert = one.alerts.find((raised) => raised.rule_id === rule_id)!
  return [
    table([...recordHead, 'Truth'], [[...recordCells(one), truthOf(one)]]),
    `${one.tx.customer_id}, ${alert.severity}, score ${figure(alert.score)}: “${alert.text}” It names ${alert.transactions.length === 1 ? 'this payment' : `${alert.transactions.length} payments, this one last`}.`,
    '',
    reasonTable(alert),
  ]
    .join('\n')
    .trimEnd()
}

/** The reasons of an alert, each with its numbers. */
export const reasonTable = ({ reasons }: Pick<Alert, 'reasons'>): string =>
  table(
    ['Feature or field', 'Value', 'Baseline', 'Contribution', 'In words'],
    reasons.map(({ feature, value, baseline, contribution, text }) => [
      `\`${feature}\``,
      figure(value),
      figure(baseline),
      percent(contribution),
      text,
    ]),
  )
