import type {
  ActorRole,
  Combination,
  CustomerEventType,
  FraudType,
  ModusOperandi,
  Status,
  Transaction,
} from '#schemas/types.ts'
import type { FabricatedCustomers } from '../market/fabricated.ts'
import type { Random } from '../random.ts'
import type { Account, Campaign } from './account.ts'
import type { Chance } from './chance.ts'
import type { FraudTypeRow } from './fraud-types.ts'

/** What a step changes on the victim's own template. Identifiers, times, money and answer are the framework's. */
export type Change = Partial<
  Pick<
    Transaction,
    | 'retrieval_reference_number'
    | 'system_trace_audit_number'
    | 'merchant_id'
    | 'terminal_id'
    | 'mcc'
    | 'merchant_name'
    | 'category'
    | 'subcategory'
    | 'merchant_type'
    | 'payee_id'
    | 'city'
    | 'state_code'
    | 'country_code'
    | 'lat'
    | 'lon'
    | 'location_type'
    | 'shipping_city'
    | 'shipping_address_hash'
    | 'pos_entry_mode'
    | 'authentication_method'
    | 'device_id'
    | 'device_os'
    | 'app_version'
    | 'ip_prefix'
  >
>

/** A payment to insert at its moment in event time, built on the victim's last genuine record of the same shape. */
export interface PaymentStep {
  readonly kind: 'payment'
  readonly atMs: number
  readonly phase: string
  /** Within the phase, from 1. */
  readonly sequence: number
  /** Key of the template: see `shapeOf`. */
  readonly shape: string
  /** Paise wanted, already rounded as a genuine amount is. */
  readonly amountMinor: number
  readonly change: Change
  /** A response code with which it is refused whatever the balance; null for none. */
  readonly refusal: string | null
  /** When balance or limits allow less: attempt it and be declined, or take what there is. */
  readonly shortage: 'decline' | 'shrink'
  /** The campaign ends instead once no more than this is left on the account, paise. */
  readonly endsAtMinor: number
  /** Nothing that anybody would notice. */
  readonly quiet: boolean
  /** Paid back in full and on time: nobody loses by it, and nobody reports it. */
  readonly repaid: boolean
  /** The customer is there: where they were last seen moves. */
  readonly inPerson: boolean
  /** An attempt after the bank has blocked the card, with an answer of its own. */
  readonly afterBlock: boolean
  /** The fact under which the campaign keeps the payment's identifier once it went through; null for none. */
  readonly keptAs: string | null
  /** Of a refund: the fact that names the payment it undoes; no fact, no refund. Null for what is none. */
  readonly undoes: string | null
}

/** What the method leaves on `customer-events`. */
export interface EventStep {
  readonly kind: 'event'
  readonly atMs: number
  readonly eventType: CustomerEventType
  readonly deviceId: string | null
  readonly details: Readonly<Record<string, string>>
  /** The customer's own device that the new one takes the place of; null where it is not the customer's. */
  readonly replaces: string | null
}

/** Nothing, but the campaign goes on until then, and with it `meet`. */
export interface WaitStep {
  readonly kind: 'wait'
  readonly atMs: number
}

export type Step = PaymentStep | EventStep | WaitStep

/** What becomes of a genuine record that a campaign touches: how it is labelled, and what is rewritten. */
export interface Mark {
  readonly phase: string
  readonly sequence: number
  readonly role: ActorRole
  readonly isFraud: boolean
  readonly evidence: Readonly<Record<string, string>>
  /** Reported although it is no fraud; fraud that went through always is. */
  readonly isReported?: boolean
  /** Fields to rewrite; a changed amount or answer is carried into the statement. */
  readonly rewrite?: Change & {
    readonly amount_minor?: number
    readonly status_response?: { readonly status: Status; readonly response_code: string }
  }
}

/** What a script may look at. `account` is the history of this customer before the record at hand. */
export interface Scene {
  readonly account: Account
  readonly random: Random
  readonly chance: Chance
  /** Event time. */
  readonly nowMs: number
  /** From -1, open as day, by 0 to 1, the best disguise: see disguise.ts. */
  readonly disguise: number
  /** Event time of the stream's first record: what was before it is not on record. */
  readonly firstMs: number
  readonly fabricated: FabricatedCustomers
  /** While it is asked whether and how a campaign begins: the fabricated customer whose turn it is, if any is left. */
  readonly newcomer: number | undefined
  /** While a campaign begins that a command asks for, and somebody waits to see: the modus operandi that it names, if any. */
  readonly told?: ModusOperandi | null
}

/** A fabricated customer begins to pay, with what is known of the account before its first record. */
export interface Newcomer {
  readonly customer: number
  readonly account: Pick<Account, 'templates' | 'statements' | 'appVersion' | 'cities' | 'last'>
}

/** How a campaign begins. */
export interface Beginning {
  /** When its steps are planned, with the history known by then; its first step comes no earlier. */
  readonly startMs: number
  readonly modus: ModusOperandi
  readonly compromiseMs: number | null
  readonly ringId?: string
  readonly combination?: Combination
  /** Facts that the steps or the evidence need. */
  readonly facts?: Readonly<Record<string, string>>
  /** For the genuine record at which it begins. */
  readonly mark?: Mark
  /** Whose campaign it is, where it is not that of the record's customer, who lends only the form of payments. */
  readonly newcomer?: Newcomer
}

/** One course of events: a fraud, or its innocent double. */
export interface Script {
  /** Whether it could begin at this genuine record. Cheap: it is asked often. */
  eligible(transaction: Transaction, scene: Scene): boolean
  /**
   * Begins it at this record. `residualDays` is set when the means was stolen before the stream began: the whole
   * incubation, of which nothing is left to wait for.
   */
  begin(transaction: Transaction, scene: Scene, residualDays: number | null): Beginning
  /** The steps from `campaign.startMs` on, in order of time. None: it has become impossible, and is dropped. */
  steps(campaign: Campaign, scene: Scene): Step[]
  /** For a genuine record that comes along while the campaign runs. */
  meet?(transaction: Transaction, campaign: Campaign, scene: Scene): Mark | undefined
}

/** A type of fraud: one file of `types/`, one row of `fraud-types.json`, one line in `registry.ts`. */
export interface FraudMethod {
  readonly type: Exclude<FraudType, 'NONE'>
  readonly row: FraudTypeRow
  readonly fraud: Script
  readonly twin: Script
  /** What gives a fraudulent payment away, by name. `transaction` is the record as it goes out. */
  evidence(transaction: Transaction, campaign: Campaign, account: Account): Record<string, string>
  /** As what it is reported; absent for what it is. */
  claim?(campaign: Campaign): FraudType
  /** In words. */
  reason(campaign: Campaign): string
}
