import { partitionOf } from '#schemas/partition.ts'
import type { Alert, Condition } from '#schemas/types.ts'
import { type CompiledRule, compileRule } from '#services/scorer/compile-rule.ts'
import { encodeFeatures, featureList, featureListVersion } from '#services/scorer/features.ts'
import { operandIndex, operands } from '#services/scorer/operands.ts'
import { withUnit } from '#services/scorer/words.ts'
import { alertText } from '../cli/alert-text.ts'
import { comparison } from './condition-words.ts'
import { figure, localTime, percent, recordCells, recordHead, truthOf } from './example-text.ts'
import { aboutWorld, type Example } from './example-world.ts'
import { lastAttempts } from './feature-examples.ts'
import { page, table } from './markdown.ts'
import { contributionsOf, shippedModel, shippedTrees } from './model-use.ts'
import { shippedRules } from './rule-results.ts'

/** Of an answer, in its order (counterparty.ts, device.ts). */
const answers = {
  COUNTERPARTY: [
    'merchant_decline_ratio_1h',
    'payee_distinct_payer_count_24h',
    'merchant_payer_hhi_7d',
    'merchant_reported_fraud_rate_30d',
  ],
  DEVICE: ['device_customer_count_24h'],
} as const
/** Partitions of a run as it is by default. */
const PARTITIONS = 2
/** Contributions that are told one by one. */
const TOLD = 12

/** The page that follows one alert from the payment to the truth. */
export function alertDocs(world: readonly Example[]): string {
  const example = chosen(world)
  const alert = example.alerts.find(isTelling)!
  return page('services/scorer and the simulation', [
    '# An alert, explained end to end',
    `One payment from ${aboutWorld}. Everything below is as the folds have it and as the topics show it.`,
    `## 1. The payment\n\nOn \`transactions\`, keyed by its customer, with its event time as record timestamp:\n\n${json(example.tx)}`,
    `## 2. What is asked, and whom\n\n${talk(example)}`,
    `## 3. Its features\n\n${features(example)}`,
    `## 4. The score\n\n${score(example)}`,
    `## 5. What the rules say\n\n${verdicts(example)}`,
    `## 6. The cause\n\n${cause(alert, world)}`,
    `## 7. The alert\n\nOn \`${topicName(alert)}\`. The reasons are what the rule compared, then what else the score rests on; a contribution is the share of all that speaks for fraud.\n\n${json(alert)}\n\nAs \`npm run rupeestream -- tail ${topicName(alert)}\` shows it:\n\n\`\`\`\n${alertText(alert).trimEnd()}\n\`\`\``,
    `## 8. The truth\n\nThe scorer never sees this. On \`ground-truth\`, with the key and the timestamp of the payment:\n\n${json(example.truth)}\n\n${reported(example)}`,
  ])
}

/** Of the alerts on likely fraud, one that goes on with a cause. */
const isTelling = ({ kind, transactions }: Alert): boolean => kind === 'FRAUD' && transactions.length > 2

/** A fraud of which a merchant or payee and a device are asked about, with most alerts. */
function chosen(world: readonly Example[]): Example {
  const telling = lastAttempts(world).filter(
    ({ truth, asked, alerts }) => truth.is_fraud && asked.length === 2 && alerts.some(isTelling),
  )
  return telling.reduce((best, one) => (one.alerts.length > best.alerts.length ? one : best))
}

const topicName = ({ kind }: Alert): string => `alerts.${kind.toLowerCase()}`

/** Bytes as numbers would fill pages. */
const json = (record: object): string =>
  `\`\`\`json\n${JSON.stringify(record, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value), 2)}\n\`\`\``

function talk({ asked, answered, tx }: Example): string {
  const questions = asked.map(({ kind, entity_id }) => [
    kind,
    `\`${entity_id}\``,
    `partition ${partitionOf(entity_id, PARTITIONS)} of ${PARTITIONS}`,
  ])
  const said = answered.flatMap(({ kind, values }) =>
    kind === 'COUNTERPARTY' || kind === 'DEVICE'
      ? answers[kind].map((name, i) => [kind, `[${name}](features/${name}.md)`, figure(values[i]!)])
      : [],
  )
  return [
    `The customer fold knows ${tx.customer_id}. What it cannot know is what others do at the same merchant or payee and on the same device; those are remembered on the partition of their own id. So it puts the payment at the end of its queue and sends a question for each to \`scorer.questions\`:`,
    table(['Kind', 'Entity', 'Goes to'], questions),
    'The entity fold brings the questions of all partitions into the order of their time, notes what was reported of the merchant up to then, counts this payment in, and answers on `scorer.answers`:',
    table(['Kind', 'Feature', 'Value'], said),
    'An answer is the same for merchants and payees; each feature takes what is meant for its kind of payment. When both answers are there and the payment is at the head of the queue, it is judged. Only then does its customer’s state change.',
  ]
    .map((part) => part.trimEnd())
    .join('\n\n')
}

function features(example: Example): string {
  const { parts } = contributionsOf(example)
  const rows = featureList.map(({ name, unit }, place) => [
    String(place),
    `[${name}](features/${name}.md)`,
    figure(example.values[place]!),
    unit,
    figure(shippedModel.card.baselines[name]!),
    parts[place]!.toFixed(4),
  ])
  const bytes = Buffer.from(encodeFeatures(example.values))
  return [
    `Version ${featureListVersion} of the list has ${featureList.length}. Ordinary is the median of payments that nobody had reported; what a value adds to the log-odds is in the next part.`,
    table(['Place', 'Feature', 'Value', 'Unit', 'Ordinary', 'Adds to the log-odds'], rows),
    detected(example),
    `On \`features\` the values are ${bytes.length} bytes: \`${bytes.subarray(0, 16).toString('hex')}...\` are the first four. [How to decode them](decode/README.md).`,
  ]
    .map((part) => part.trimEnd())
    .join('\n\n')
}

function detected({ values }: Example): string {
  const said = ['behavioral', 'geographic', 'temporal', 'amount'].map((family) => {
    const severity = values[operandIndex(`anomaly_${family}`)!]!
    return severity === 0 ? `nothing ${family}` : `${family} ${figure(severity)}`
  })
  return `The detectors of anomalies, which the features that begin with anom_ count, find in this payment: ${said.join(', ')} (severity, 0 to 1).`
}

function score(example: Example): string {
  const { base, parts } = contributionsOf(example)
  const order = [...parts.keys()].sort((a, b) => Math.abs(parts[b]!) - Math.abs(parts[a]!) || a - b)
  const positive = parts.reduce((sum, part) => sum + Math.max(0, part), 0)
  const raw = base + parts.reduce((sum, part) => sum + part, 0)
  const rows = order.slice(0, TOLD).map((place) => {
    const { name } = featureList[place]!
    const share = parts[place]! > 0 ? percent(parts[place]! / positive) : ''
    return [name, figure(example.values[place]!), parts[place]!.toFixed(4), share]
  })
  const rest = order.slice(TOLD).reduce((sum, place) => sum + parts[place]!, 0)
  return [
    `${shippedTrees.roots.length} trees, version \`${example.score.model_version}\`. A payment of which nothing is known has the log-odds ${base.toFixed(4)}; by TreeSHAP each feature adds its part:`,
    table(
      ['Feature', 'Value', 'Adds', 'Share of what speaks for fraud'],
      [...rows, ['all others', '', rest.toFixed(4), '']],
    ),
    `Together ${raw.toFixed(4)}, which is a probability of 1 / (1 + exp(${(-shippedTrees.slope * raw).toFixed(4)})) = ${figure(1 / (1 + Math.exp(-shippedTrees.slope * raw)))}. On \`scores\`: ${figure(example.score.score)}.`,
  ]
    .map((part) => part.trimEnd())
    .join('\n\n')
}

function verdicts(example: Example): string {
  const rows = shippedRules.map((compiled) => {
    const { rule_id } = compiled.rule
    return [`[${rule_id}](rules/${rule_id}.md)`, verdict(compiled, example), why(compiled, example)]
  })
  return `${table(['Rule', 'Verdict', 'Why'], rows)}\nA silent rule has raised an alert for this customer within its cool-down: the payment is named by the next one.`
}

function verdict({ fires, rule }: CompiledRule, { values, alerts }: Example): string {
  if (!fires(values)) return 'does not fire'
  return alerts.some(({ rule_id }) => rule_id === rule.rule_id) ? `**alert, ${rule.severity}**` : 'fires, silent'
}

/** The comparisons that hold, or the first that does not. */
function why({ rule, fires }: CompiledRule, { values }: Example): string {
  const leaves = comparisonsOf(rule.when)
  const holds = (when: Condition): boolean => compileRule({ ...rule, when }).fires(values)
  const told = fires(values) ? leaves.filter(holds) : leaves.filter((leaf) => !holds(leaf)).slice(0, 1)
  return told.map((leaf) => `${comparison(leaf)}: it is ${inUnit(leaf, values)}`).join('; ')
}

function inUnit({ feature }: Condition, values: Float64Array): string {
  const index = operandIndex(feature!)!
  const { unit } = operands[index]!
  if (unit === 'flag') return values[index] === 1 ? 'so' : 'not so'
  return unit === 'paise' ? withUnit(values[index]!, unit) : figure(values[index]!)
}

const comparisonsOf = (condition: Condition): Condition[] =>
  condition.children.length === 0 ? [condition] : condition.children.flatMap(comparisonsOf)

function cause({ rule_id, group_id, alert_id, transactions }: Alert, world: readonly Example[]): string {
  const byId = new Map(world.map((example) => [example.tx.transaction_id, example]))
  const named = transactions.map(({ transaction_id }) => byId.get(transaction_id)!)
  const rows = named.map((example) => {
    const own = example.alerts.some((alert) => alert.rule_id === rule_id)
    return [...recordCells(example), own ? 'raised an alert' : 'noted while silent', truthOf(example)]
  })
  const first =
    group_id === alert_id ? 'This alert is its first.' : `Its first alert was \`${group_id}\`, which names the cause.`
  return `What one rule finds in one customer, soon one after the other, is one cause. Of \`${rule_id}\` these payments are in it; the last one raised the alert below. ${first}\n\n${table([...recordHead, 'The rule', 'Truth'], rows)}`
}

function reported({ truth: { report_time } }: Example): string {
  const told =
    report_time === null
      ? 'Nobody ever reports it.'
      : `The victim notices at ${localTime(report_time)} Indian time: then \`fraud-reports\` has it, and a model may learn from it.`
  return `${told} The monitor reads truth and alerts and counts every payment that an alert names.`
}
