import type { AnomalyFamily, DeadLetterCause, FaultKind, FraudType, Severity } from '#schemas/types.ts'

/** Records whose keys the compiler checks to be all of a union, as lists: the closed sets of label values. */
const all = <Value extends string>(values: Readonly<Record<Value, true>>): readonly Value[] =>
  Object.keys(values) as Value[]

export const severities = all<Exclude<Severity, 'UNKNOWN'>>({ LOW: true, MEDIUM: true, HIGH: true, CRITICAL: true })

export const fraudTypes = all<Exclude<FraudType, 'NONE'>>({
  CARD_CLONING: true,
  ACCOUNT_TAKEOVER: true,
  MERCHANT_COLLUSION: true,
  VELOCITY_ABUSE: true,
  AMOUNT_MANIPULATION: true,
  REFUND_FRAUD: true,
  STOLEN_CARD: true,
  SYNTHETIC_IDENTITY: true,
  FIRST_PARTY_FRAUD: true,
  FRIENDLY_FRAUD: true,
  TRANSACTION_REPLAY: true,
  CARD_TESTING: true,
  MULE_ACCOUNT: true,
  SHIPPING_FRAUD: true,
  LOYALTY_ABUSE: true,
  AUTHORISED_PUSH_PAYMENT_SCAM: true,
})

export const anomalyFamilies = all<Exclude<AnomalyFamily, 'UNKNOWN'>>({
  BEHAVIORAL: true,
  GEOGRAPHIC: true,
  TEMPORAL: true,
  AMOUNT: true,
})

export const faultKinds = all<Exclude<FaultKind, 'UNKNOWN'>>({
  LATE: true,
  OUT_OF_ORDER: true,
  DUPLICATE: true,
  CORRUPT: true,
  DROPPED: true,
})

export const deadLetterCauses = all<DeadLetterCause>({
  NULL_VALUE: true,
  NOT_FRAMED: true,
  UNKNOWN_SCHEMA: true,
  WRONG_RECORD: true,
  CORRUPT: true,
  KEY_MISMATCH: true,
  INVALID: true,
  UNKNOWN: true,
})
