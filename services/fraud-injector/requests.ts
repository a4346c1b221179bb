import { partitionOf } from '#schemas/partition.ts'
import type { Control, FraudType, ModusOperandi, Transaction } from '#schemas/types.ts'
import { customerId, customerNumber } from '../market/identifiers.ts'
import { fraudTypeNames } from '../settings.ts'
import { INJECTOR } from './dials.ts'
import { fraudTypes } from './fraud-types.ts'
import type { InjectorTotals } from './totals.ts'

/** Requests that wait at the most; people ask for few. */
const WAITING_MAX = 100
/** Requests remembered as done: a restart reads them again. */
const DONE_MAX = 1_000

/** A campaign that somebody wants to see now. */
export interface CampaignRequest {
  readonly id: string
  readonly type: Exclude<FraudType, 'NONE'>
  /** How, for a type that can be told; null for as it comes. */
  readonly modus: ModusOperandi | null
  /** Null for whoever is the first whom it can happen to. */
  readonly customerId: string | null
}

/** Types that can be told their modus operandi: their scripts heed it. */
const told: readonly string[] = ['ACCOUNT_TAKEOVER']

/** The key on `control` of a request with this id. */
export const requestKey = (id: string): string => `${INJECTOR}/${id}`

/** Takes note of a request, or of its being taken back (null). Answers with its mistakes. */
export function request(
  key: string,
  control: Control | null,
  totals: InjectorTotals,
  customers: number,
): readonly string[] {
  const id = key.slice(requestKey('').length)
  const { waiting, done } = totals.requests
  const at = waiting.findIndex((one) => one.id === id)
  if (control === null) {
    if (at >= 0) waiting.splice(at, 1)
    return []
  }
  if (at >= 0 || done.includes(id)) return []
  const mistakes = mistakesOfRequest(control, customers)
  if (mistakes.length > 0) return mistakes
  if (waiting.length >= WAITING_MAX) return [`expected at the most ${WAITING_MAX} campaigns to wait for their start`]
  waiting.push({ id, ...wishOf(control.text), customerId: control.customer_id } as CampaignRequest)
  return []
}

/** What is wrong with a command to start a campaign among so many customers, a line each. */
export function mistakesOfRequest({ command, text, customer_id }: Control, customers: number): string[] {
  const mistakes: string[] = []
  if (command !== 'START_CAMPAIGN') mistakes.push(`command: expected START_CAMPAIGN, came ${command}`)
  mistakes.push(...mistakesOfText(text))
  if (customer_id !== null && !isCustomer(customer_id, customers))
    mistakes.push(
      `customer_id: expected one from ${customerId(1)} to ${customerId(customers)}, came ${JSON.stringify(customer_id)}`,
    )
  return mistakes
}

/** ACCOUNT_TAKEOVER, or ACCOUNT_TAKEOVER/SIM_SWAP. */
function wishOf(text: string | null): { readonly type: string; readonly modus: string | null } {
  const [type = '', ...modus] = (text ?? '').split('/')
  return { type, modus: modus.length === 0 ? null : modus.join('/') }
}

function mistakesOfText(text: string | null): string[] {
  const { type, modus } = wishOf(text)
  const name = fraudTypeNames.find((known) => known === type)
  if (name === undefined)
    return [`text: expected one of ${fraudTypeNames.join(', ')}, came ${JSON.stringify(text === null ? null : type)}`]
  if (modus === null) return []
  if (!told.includes(name))
    return [`text: expected nothing after ${name}, whose modus operandi cannot be told, came ${JSON.stringify(modus)}`]
  const modi: readonly string[] = fraudTypes[name].modusOperandi
  return modi.includes(modus)
    ? []
    : [`text: expected one of ${modi.join(', ')} after ${name}/, came ${JSON.stringify(modus)}`]
}

const isCustomer = (id: string, customers: number): boolean =>
  /^CUST\d{7}$/.test(id) && customerNumber(id) >= 1 && customerNumber(id) <= customers

/** Leaves to the other partitions what is theirs: each customer has one, and so has a request for anybody. */
export function keepOwn({ requests }: InjectorTotals, partition: number, partitions: number): void {
  for (const { id, customerId } of [...requests.waiting])
    if (partitionOf(customerId ?? id, partitions) !== partition) settle(requests, id)
}

/** Requests that a payment of this customer could meet. */
export const requestsFor = ({ requests }: InjectorTotals, tx: Transaction): CampaignRequest[] =>
  requests.waiting.filter(({ customerId }) => customerId === null || customerId === tx.customer_id)

/** It has begun, or is another partition's. */
export function settle({ waiting, done }: InjectorTotals['requests'], id: string): void {
  const at = waiting.findIndex((one) => one.id === id)
  if (at >= 0) waiting.splice(at, 1)
  done.push(id)
  if (done.length > DONE_MAX) done.shift()
}
