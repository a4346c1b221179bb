import type { FraudMethod } from '#services/fraud-injector/method.ts'
import { methods } from '#services/fraud-injector/registry.ts'
import { exampleCampaigns } from './example-campaigns.ts'
import { localTime } from './example-text.ts'
import type { Example } from './example-world.ts'
import { table } from './markdown.ts'

const ROWS_MAX = 14

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What a page says in words of its own, or that is told in its head. */
const told: ReadonlySet<string> = new Set([
  'definition',
  'phases',
  'lookFor',
  'innocentDouble',
  'modusOperandi',
  'actorRole',
  'authorisedByCustomer',
])

/** The pages on fraud, by file name: one a type, and a list of them. */
export function fraudDocs(world: readonly Example[]): Record<string, string> {
  const examples = exampleCampaigns(world)
  const pages = methods.map(
    (method) => [`fraud/${method.type}.md`, page(method, examples.get(method.type) ?? [])] as const,
  )
  return { 'fraud/README.md': list(), ...Object.fromEntries(pages) }
}

const HEAD = '<!-- Made by `npm run docs` from services/fraud-injector/. Edit those files instead. -->\n\n'

const list = (): string =>
  `${HEAD}# Types of fraud\n\nEach has a page with its phases, what to look for, its innocent double, an example and its parameters.\n\n${table(
    ['Type', 'What', 'Transactions of a campaign', 'Hides behind, as difficulty rises'],
    methods.map(({ type, row }) => [
      `[${type}](${type}.md)`,
      row.definition,
      String(row.expectedTransactions),
      row.disguise.join(', ') || 'nothing: it is hidden already',
    ]),
  )}`

function page({ type, row }: FraudMethod, example: readonly Example[]): string {
  const { definition, phases, lookFor, innocentDouble, modusOperandi, actorRole, authorisedByCustomer } = row
  const authorised = authorisedByCustomer === null ? 'nobody can say' : authorisedByCustomer ? 'yes' : 'no'
  const parameters = Object.entries(row as unknown as Readonly<Record<string, Json>>)
    .filter(([name]) => !told.has(name))
    .flatMap(([name, value]) => leaves(value, name))
  return [
    `${HEAD}# ${type}`,
    definition,
    `Modus operandi: ${modusOperandi.join(', ')}. Who pays: ${actorRole}. Authorised by the customer: ${authorised}.`,
    `## Phases\n\n${table(['campaign_phase', 'What happens'], Object.entries(phases))}`,
    `## What to look for\n\n${lookFor}`,
    `## Innocent double\n\n${innocentDouble}`,
    `## A campaign\n\n${exampleText(example)}`,
    `## Parameters\n\nModelling choices, but where the type's file names a source.\n\n${table(['Parameter', 'Value'], parameters)}`,
  ]
    .map((part) => part.trimEnd())
    .join('\n\n')
    .concat('\n')
}

function exampleText(example: readonly Example[]): string {
  const [first] = example
  if (first === undefined) return 'None in the world that the examples are from.'
  const { tx, truth } = first
  const more = example.length - ROWS_MAX
  const evidence = Object.entries(truth.fraud_evidence).map(([name, value]) => `${name} ${value}`)
  return [
    `Of customer ${tx.customer_id}, as in \`transactions\` and \`ground-truth\`: ${truth.fraud_reason}.`,
    '',
    table(
      ['Indian time', 'Phase', 'Event', 'Rail, channel', 'Rupees', 'To', 'City', 'Device', 'Answer'],
      example.slice(0, ROWS_MAX).map((one) => exampleRow(one)),
    ),
    ...(more > 0 ? [`And ${more} more.\n`] : []),
    `Evidence of the first: ${evidence.join('; ') || 'none'}. Severity ${truth.fraud_severity}; reported ${truth.report_time === null ? 'never' : localTime(truth.report_time)}.`,
  ].join('\n')
}

function exampleRow({ tx, truth }: Example): string[] {
  const { status, response_code } = tx.status_response
  return [
    localTime(tx.event_time),
    `${truth.campaign_phase} ${truth.phase_seq}`,
    tx.event_type,
    `${tx.payment_rail} ${tx.channel}`,
    (tx.amount_minor / 100).toFixed(2),
    tx.merchant_name ?? tx.payee_id ?? tx.terminal_id ?? '',
    tx.city,
    tx.device_id ?? '',
    status === 'APPROVED' ? status : `${status} ${response_code}`,
  ]
}

function leaves(value: Json, path: string): string[][] {
  if (value === null || typeof value !== 'object') return [[path, String(value)]]
  if (Array.isArray(value)) return [[path, value.map((item) => JSON.stringify(item)).join(', ')]]
  if ('dist' in value) {
    const { dist, ...rest } = value as Readonly<Record<string, Json>>
    const said = Object.entries(rest).map(([name, number]) => `${name} ${number}`)
    return [[path, `${dist}, ${said.join(', ')}`]]
  }
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner as Json, `${path}.${name}`))
}
