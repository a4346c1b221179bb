// Made from the .avsc files by `npm run generate`. Edit those instead.

export type AlertKind = 'VELOCITY' | 'ANOMALY' | 'FRAUD' | 'UNKNOWN'

export type Severity = 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL' | 'UNKNOWN'

export interface Reason {
  /** Feature or field. */
  readonly feature: string
  /** Its value. */
  readonly value: number
  /** What would be ordinary, for this customer or for anybody, or a rule’s limit. */
  readonly baseline: number
  /** Share of all that speaks for fraud in the score, 0 to 1; 0 for what does not. */
  readonly contribution: number
  /** In words. */
  readonly text: string
}

export interface AlertedTransaction {
  /** As in the transaction. */
  readonly transaction_id: string
  /** Of the transaction. */
  readonly event_time: number
}

/** Something that somebody should look at: one a cause, and another one when that goes on after the rule’s cool-down. */
export interface Alert {
  /** Derived from rule and transaction; the same in every rerun. */
  readonly alert_id: string
  /** The transaction that raised it. */
  readonly transaction_id: string
  /** The key. */
  readonly customer_id: string
  /** Of the transaction; also the Kafka record timestamp. */
  readonly event_time: number
  /** Which of the three alert topics. */
  readonly kind: AlertKind
  /** The rule or detector. */
  readonly rule_id: string
  /** By the rule. */
  readonly severity: Severity
  /** The transaction’s score, 0 to 1. */
  readonly score: number
  /** In words. */
  readonly text: string
  /** Feature, value and baseline: what the rule compared, then what else the score rests on, most important first. */
  readonly reasons: readonly Reason[]
  /** Paise. */
  readonly amount_minor: number
  /** As in the transaction. */
  readonly payment_rail: string
  /** As in the transaction. */
  readonly city: string
  /** Whether the payment belongs to history: its event time is before the simulated moment at which the live clock starts. */
  readonly history: boolean
  /** Wall-clock moment (UTC) at which the payment that caused this record was meant to leave; null in history and in unpaced runs. The only wall-clock value in a record: latency is measured from it. Source: rupeestream. */
  readonly intended_at: null | number
  /** The alert_id of the first alert of this cause: a rule that fires again for the customer within a day, or within its cool-down, goes on with it. */
  readonly group_id: string
  /** The transactions of this cause so far, those judged while the rule was silent among them, this one last; the newest of them, where there are many. */
  readonly transactions: readonly AlertedTransaction[]
}

export type EntityKind = 'COUNTERPARTY' | 'DEVICE' | 'WATERMARK' | 'REPORT' | 'WITHDRAWAL' | 'REPORT_WATERMARK' | 'UNKNOWN'

/** Internal to the scorer: the features of an entity as of a transaction. */
export interface Answer {
  /** The transaction asked about. */
  readonly transaction_id: string
  /** Its customer. */
  readonly customer_id: string
  /** Which fold answers. */
  readonly kind: EntityKind
  /** The entity’s features, in the order of the feature list. */
  readonly values: readonly number[]
}

/** Internal to the scorer: answers of one entity partition to one customer partition, in order. */
export interface Answers {
  /** In the order in which they were asked or answered. */
  readonly items: readonly Answer[]
}

export type ControlTarget = 'PRODUCER' | 'FRAUD_INJECTOR' | 'SCORER' | 'MONITOR' | 'UNKNOWN'

export type ControlCommand = 'PAUSE' | 'RESUME' | 'SPEED' | 'RATE' | 'SETTINGS' | 'START_CAMPAIGN' | 'UNKNOWN'

/** A command to running services. Compacted topic; the key is the target, for START_CAMPAIGN the target, a slash and an id of the request. */
export interface Control {
  /** The service. */
  readonly target: ControlTarget
  /** What to do. */
  readonly command: ControlCommand
  /** SPEED: simulated seconds a second; RATE: records a second; PAUSE and RESUME: of the pace that `text` names. */
  readonly number: null | number
  /** SETTINGS: the fraud settings that differ from the scenario, as JSON; the newest record says all of them. START_CAMPAIGN: the fraud type, or, for ACCOUNT_TAKEOVER, type and modus operandi with a slash between, which begins at once. PAUSE and RESUME: SPEED or RATE, with `number` the pace before the pause, which RESUME puts in force; null leaves the pace as it was. */
  readonly text: null | string
  /** START_CAMPAIGN: whose; null for the first whom it can happen to. */
  readonly customer_id: null | string
}

export type CustomerEventType = 'DEVICE_BOUND' | 'SIM_CHANGED' | 'PIN_RESET' | 'PAYEE_ADDED' | 'LIMIT_RAISED' | 'ADDRESS_CHANGED' | 'LOGIN' | 'KYC_UPDATED' | 'LOYALTY_REDEEMED' | 'LIFE_EVENT' | 'JOURNEY_STEP' | 'PREMIUM_CHANGED' | 'UNKNOWN'

/** What happens to a customer beside payments, in order with them. */
export interface CustomerEvent {
  /** ULID of the event time. */
  readonly event_id: string
  /** The key. */
  readonly customer_id: string
  /** What happened. */
  readonly event_type: CustomerEventType
  /** Simulated time, UTC; also the Kafka record timestamp. */
  readonly event_time: number
  /** The device it was done on, or that was bound. */
  readonly device_id: null | string
  /** Further facts by name, such as payee_id; of a LIFE_EVENT event (JOB_CHANGE, RELOCATION, MARRIAGE, CHILD_BIRTH, HOSPITALISATION, JOB_LOSS, RETIREMENT, BEREAVEMENT), date (in India, when it happened) and, of a RELOCATION, city. */
  readonly details: Readonly<Record<string, string>>
  /** Wall-clock moment (UTC) at which the payment that caused this record was meant to leave; null in history and in unpaced runs. The only wall-clock value in a record: latency is measured from it. Source: rupeestream. */
  readonly intended_at: null | number
}

export type Gender = 'FEMALE' | 'MALE' | 'OTHER' | 'UNKNOWN'

export type Region = 'NORTH' | 'SOUTH' | 'EAST' | 'WEST' | 'CENTRAL' | 'NORTH_EAST' | 'UNKNOWN'

export type IncomeBracket = 'LOW' | 'LOWER_MIDDLE' | 'MIDDLE' | 'UPPER_MIDDLE' | 'HIGH' | 'PREMIUM' | 'UNKNOWN'

export type Occupation = 'STUDENT' | 'SALARIED_EMPLOYEE' | 'BUSINESS_OWNER' | 'FREELANCER' | 'PROFESSIONAL' | 'GOVERNMENT_EMPLOYEE' | 'RETIRED' | 'HOMEMAKER' | 'UNKNOWN'

export type Segment = 'YOUNG_PROFESSIONAL' | 'FAMILY_ORIENTED' | 'BUDGET_CONSCIOUS' | 'TECH_SAVVY_MILLENNIAL' | 'AFFLUENT_SHOPPER' | 'SENIOR_CONSERVATIVE' | 'STUDENT' | 'UNKNOWN'

export type RiskProfile = 'CONSERVATIVE' | 'MODERATE' | 'AGGRESSIVE' | 'UNKNOWN'

export type DigitalSavviness = 'LOW' | 'MEDIUM' | 'HIGH' | 'UNKNOWN'

export type Category = 'AUTOMOTIVE' | 'BEAUTY' | 'DIGITAL' | 'DONATIONS' | 'ECOMMERCE' | 'EDUCATION' | 'ELECTRONICS' | 'ENTERTAINMENT' | 'FASHION' | 'FOOD_DINING' | 'FUEL' | 'GOVERNMENT' | 'GROCERIES' | 'HEALTHCARE' | 'HOME' | 'INSURANCE' | 'INVESTMENTS' | 'JEWELLERY' | 'LOANS_CARDS' | 'RENT_SERVICES' | 'TELECOM' | 'TRANSPORT' | 'TRAVEL' | 'UTILITIES' | 'TRANSFER' | 'INCOME' | 'CASH' | 'OTHER'

export type PaymentRail = 'UPI' | 'UPI_LITE' | 'CREDIT_CARD' | 'DEBIT_CARD' | 'PREPAID_WALLET' | 'NET_BANKING' | 'IMPS' | 'NEFT' | 'RTGS' | 'NACH' | 'BNPL' | 'CASH' | 'UNKNOWN'

/** A simulated customer: the 23 profile fields, a name and an address. Compacted topic, key customer_id. */
export interface Customer {
  /** CUST and 7 digits; the key. */
  readonly customer_id: string
  /** Years. */
  readonly age: number
  /** Administrative gender. */
  readonly gender: Gender
  /** Home city. */
  readonly city: string
  /** Home state. */
  readonly state: string
  /** Zone of India. */
  readonly region: Region
  /** Monthly income in rupees: LOW 10k-25k, LOWER_MIDDLE to 50k, MIDDLE to 1 lakh, UPPER_MIDDLE to 2.08 lakh, HIGH to 4.17 lakh, PREMIUM to 10 lakh. */
  readonly income_bracket: IncomeBracket
  /** What the customer does. */
  readonly occupation: Occupation
  /** Paise a month. */
  readonly monthly_income_minor: number
  /** The customer segment. */
  readonly segment: Segment
  /** Attitude to financial risk. */
  readonly risk_profile: RiskProfile
  /** Ease with digital payments. */
  readonly digital_savviness: DigitalSavviness
  /** Expected amount of the customer’s own payments, paise. */
  readonly avg_transaction_amount_minor: number
  /** Expected payments a month. */
  readonly monthly_transaction_count: number
  /** Most frequent first. */
  readonly preferred_categories: readonly Category[]
  /** Most frequent first. */
  readonly preferred_payment_modes: readonly PaymentRail[]
  /** Hours of the day, 0 to 23 IST. */
  readonly preferred_shopping_hours: readonly number[]
  /** Pays more at weekends. */
  readonly weekend_shopper: boolean
  /** Share of payments at favourite merchants, 0 to 1. */
  readonly merchant_loyalty: number
  /** Prefers chains. */
  readonly brand_conscious: boolean
  /** Buys in bursts. */
  readonly impulse_buyer: boolean
  /** Of a segment that makes six trips a year or more. */
  readonly travels_frequently: boolean
  /** Share of purchases made online, 0 to 1. */
  readonly online_shopping_preference: number
  /** First and last name, made up. ISO 20022 Nm. */
  readonly name: string
  /** House and street in the city, made up. ISO 20022 StrtNm, BldgNb. */
  readonly address: string
}

export type DeadLetterCause = 'NULL_VALUE' | 'NOT_FRAMED' | 'UNKNOWN_SCHEMA' | 'WRONG_RECORD' | 'CORRUPT' | 'KEY_MISMATCH' | 'INVALID' | 'UNKNOWN'

/** A record that could not be decoded or handled, with its cause and its raw bytes. */
export interface DeadLetter {
  /** Where it was read. */
  readonly source_topic: string
  /** Its partition. */
  readonly source_partition: number
  /** Its offset. */
  readonly source_offset: number
  /** Why. */
  readonly cause: DeadLetterCause
  /** The cause in words. */
  readonly message: string
  /** Who refused it. */
  readonly service: string
  /** Raw key. */
  readonly key: null | Uint8Array
  /** Raw value. */
  readonly value: null | Uint8Array
  /** Record timestamp of the source. */
  readonly source_timestamp: number
}

export type FaultKind = 'LATE' | 'OUT_OF_ORDER' | 'DUPLICATE' | 'CORRUPT' | 'DROPPED' | 'UNKNOWN'

/** What befell a payment on its way to `transactions`: the truth of disorder. A fraud system that is being measured must not read it. */
export interface DeliveryFault {
  /** The transaction this speaks of. */
  readonly transaction_id: string
  /** CUST and 7 digits; the Kafka key. */
  readonly customer_id: string
  /** LATE by minutes to hours, OUT_OF_ORDER by seconds, DUPLICATE: delivered again, CORRUPT: its bytes cannot be read, DROPPED: it never comes. */
  readonly kind: FaultKind
  /** When the payment happened, simulated time, UTC; also the Kafka record timestamp. */
  readonly event_time: number
  /** Simulated milliseconds from the event to its delivery, of a duplicate to the second one; 0 for CORRUPT and DROPPED. */
  readonly delay_ms: number
}

/** The features of one transaction: values of the list with this version, in its order. */
export interface Features {
  /** The transaction. */
  readonly transaction_id: string
  /** The key. */
  readonly customer_id: string
  /** Of the transaction; also the Kafka record timestamp. */
  readonly event_time: number
  /** Version of services/scorer/features.json. */
  readonly list_version: number
  /** IEEE 754 single precision, little endian, 4 bytes a feature. */
  readonly values: Uint8Array
  /** Wall-clock moment (UTC) at which the payment that caused this record was meant to leave; null in history and in unpaced runs. The only wall-clock value in a record: latency is measured from it. Source: rupeestream. */
  readonly intended_at: null | number
}

export type ReportType = 'DISPUTE' | 'CHARGEBACK' | 'POLICE_COMPLAINT' | 'UNKNOWN'

export type FraudType = 'NONE' | 'CARD_CLONING' | 'ACCOUNT_TAKEOVER' | 'MERCHANT_COLLUSION' | 'VELOCITY_ABUSE' | 'AMOUNT_MANIPULATION' | 'REFUND_FRAUD' | 'STOLEN_CARD' | 'SYNTHETIC_IDENTITY' | 'FIRST_PARTY_FRAUD' | 'FRIENDLY_FRAUD' | 'TRANSACTION_REPLAY' | 'CARD_TESTING' | 'MULE_ACCOUNT' | 'SHIPPING_FRAUD' | 'LOYALTY_ABUSE' | 'AUTHORISED_PUSH_PAYMENT_SCAM'

/** What a victim or a bank reports, when it is noticed, and again when an investigation has found more. Its record timestamp is report_time. */
export interface FraudReport {
  /** ULID of the report time. */
  readonly report_id: string
  /** The transaction disputed. */
  readonly transaction_id: string
  /** The key. */
  readonly customer_id: string
  /** Simulated time, UTC; also the Kafka record timestamp. */
  readonly report_time: number
  /** When the disputed transaction happened. */
  readonly transaction_time: number
  /** Its merchant. */
  readonly merchant_id: null | string
  /** How it was reported. ISO 20022 CxlRsnInf. */
  readonly report_type: ReportType
  /** What the reporter takes it for. */
  readonly claimed_type: FraudType
  /** Paise disputed. */
  readonly amount_minor: number
  /** Paise recovered by then. */
  readonly recovered_minor: number
  /** 1 when it is noticed; 2 when the bank has found out what it was, or has got money back. */
  readonly version: number
}

export type ModusOperandi = 'NONE' | 'SIM_SWAP' | 'OTP_PHISHING' | 'REMOTE_ACCESS_APP' | 'MALWARE_APK' | 'CUSTOMER_CARE_IMPERSONATION' | 'ATM_SKIMMING' | 'POS_SKIMMING' | 'CARD_CASHOUT_ROTATION' | 'FAKE_MERCHANT_ONBOARDING' | 'POS_RENTAL' | 'PROMO_BOT' | 'WALLET_LOAD_RUN' | 'GIFT_CARD_BUYING' | 'SMURFING' | 'PAN_AVOIDANCE' | 'WARDROBING' | 'ITEM_NOT_RECEIVED' | 'EMPTY_BOX' | 'EMPLOYEE_REFUND' | 'LOST_CARD' | 'POSTAL_INTERCEPT' | 'FAKE_KYC' | 'DIGITAL_LENDING_STACKING' | 'BUST_OUT' | 'LOAN_STACKING' | 'CHARGEBACK_ABUSE' | 'SUBSCRIPTION_REGRET' | 'TERMINAL_REPLAY' | 'TOKEN_REPLAY' | 'DUPLICATE_PRESENTMENT' | 'BIN_ATTACK' | 'CARDING' | 'ACCOUNT_RENTAL' | 'JOB_SCAM_MULE' | 'RESHIPPING' | 'DROP_ADDRESS' | 'INTERCEPT' | 'CASHBACK_FARMING' | 'REFERRAL_RING' | 'POINTS_ATO' | 'DIGITAL_ARREST' | 'INVESTMENT_TRADING' | 'TASK_JOB' | 'QR_RECEIVE_MONEY' | 'COLLECT_REQUEST' | 'LOAN_APP'

export type FraudSeverity = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'

export type ActorRole = 'NONE' | 'VICTIM' | 'ATTACKER' | 'MULE' | 'MERCHANT' | 'CUSTOMER' | 'COMPROMISE_POINT'

export type Combination = 'NONE' | 'CHAINED' | 'COORDINATED' | 'PROGRESSIVE'

export type AnomalyFamily = 'BEHAVIORAL' | 'GEOGRAPHIC' | 'TEMPORAL' | 'AMOUNT' | 'UNKNOWN'

/** What a transaction really is: one record for every transaction. A fraud system that is being measured must not read it. */
export interface GroundTruth {
  /** The transaction this speaks of. */
  readonly transaction_id: string
  /** Rises when the label is revised. */
  readonly label_version: number
  /** The label. */
  readonly is_fraud: boolean
  /** The type, NONE for genuine payments. */
  readonly fraud_type: FraudType
  /** How it is done in India. */
  readonly modus_operandi: ModusOperandi
  /** How sure the injector is that the transaction can be told from a genuine one, 0 to 1; not a model’s score. */
  readonly fraud_confidence: number
  /** LOW below 1,000 rupees lost, MEDIUM to 10,000, HIGH to 1 lakh, CRITICAL above. */
  readonly fraud_severity: FraudSeverity
  /** In words; empty for genuine payments. */
  readonly fraud_reason: string
  /** What gives it away, by name; benign_cause says why an innocent payment is odd. */
  readonly fraud_evidence: Readonly<Record<string, string>>
  /** Transactions of one campaign share it. */
  readonly campaign_id: null | string
  /** Campaigns of one ring share it. */
  readonly ring_id: null | string
  /** Phase of the campaign; empty outside one. */
  readonly campaign_phase: string
  /** Number within the phase, from 1; 0 outside one. */
  readonly phase_seq: number
  /** Who acted. */
  readonly actor_role: ActorRole
  /** True where the customer did it, also when deceived. */
  readonly authorised_by_customer: null | boolean
  /** How campaigns hang together. */
  readonly combination: Combination
  /** When the means was stolen. */
  readonly compromise_time: null | number
  /** When the label becomes knowable: the victim notices. */
  readonly report_time: null | number
  /** Paise lost. */
  readonly loss_minor: number
  /** Paise recovered. */
  readonly recovered_minor: number
  /** Injected anomalies; may be non-empty on genuine payments. */
  readonly anomaly_types: readonly AnomalyFamily[]
  /** 0 to 1. */
  readonly anomaly_severity: number
  /** The fraud type whose innocent double this is. */
  readonly benign_twin_of: null | FraudType
  /** The run’s seed, for repeating it. */
  readonly injector_seed: string
}

export type MerchantType = 'CHAIN' | 'LOCAL' | 'ONLINE' | 'UTILITY' | 'GOVERNMENT' | 'INDIVIDUAL' | 'UNKNOWN'

export type Presence = 'OFFLINE' | 'ONLINE' | 'BOTH' | 'UNKNOWN'

/** A merchant of the catalogue. Compacted topic, key merchant_id. */
export interface Merchant {
  /** MER and 4 digits, for a local shop with its city and number behind it; the key. */
  readonly merchant_id: string
  /** Trading name. */
  readonly name: string
  /** One of the 24 categories. */
  readonly category: Category
  /** Free text within the category. */
  readonly subcategory: string
  /** ISO 18245. ISO 8583 DE18. */
  readonly mcc: string
  /** ISO 18245 text. */
  readonly mcc_description: string
  /** Kind of merchant. */
  readonly merchant_type: MerchantType
  /** Where it sells. */
  readonly channel: Presence
  /** City of a local shop; null for those present in many. */
  readonly city: null | string
  /** Median amount, paise; approximate. */
  readonly ticket_median_minor: number
  /** Weight within its category; approximate. */
  readonly popularity: number
}

/** Internal to the scorer: what the customer fold asks about another entity (counterparty or device) or tells it, or how far its time has come. */
export interface Question {
  /** The customer partition that asks; the answer goes back there. */
  readonly source_partition: number
  /** Stream time of the asker, never falling: questions of all askers are merged by it. Of a report, its own time. */
  readonly order_time: number
  /** Which fold answers. WATERMARK: no earlier question of this asker follows. REPORT, WITHDRAWAL: a payment at the merchant was reported, or its report has turned out to be none; nobody answers. REPORT_WATERMARK: all reports up to this time are passed on. */
  readonly kind: EntityKind
  /** Merchant, payee or device; empty in a watermark. */
  readonly entity_id: string
  /** The transaction asked about. */
  readonly transaction_id: string
  /** Its customer. */
  readonly customer_id: string
  /** Its event time. */
  readonly event_time: number
  /** Paise. */
  readonly amount_minor: number
  /** Whether it was declined. */
  readonly declined: boolean
}

/** Internal to the scorer: questions of one customer partition to one entity partition, in order. One record carries many, because a record costs Kafka and its clients more than what is in it. */
export interface Questions {
  /** In the order in which they were asked or answered. */
  readonly items: readonly Question[]
}

export type RuleStatus = 'ACTIVE' | 'PAUSED' | 'UNKNOWN'

export type Operator = 'AND' | 'OR' | 'NOT' | 'GT' | 'GTE' | 'LT' | 'LTE' | 'EQ' | 'UNKNOWN'

/** A test, or several joined. */
export interface Condition {
  /** AND, OR and NOT join children; the others compare feature with max(value, times x of). */
  readonly op: Operator
  /** Left side of a comparison: a feature’s name, or a field from the list in services/scorer. */
  readonly feature: null | string
  /** Right side: a number. */
  readonly value: null | number
  /** Right side: a multiple of another feature. */
  readonly times: null | number
  /** The other feature. */
  readonly of: null | string
  /** What AND, OR and NOT join. */
  readonly children: readonly Condition[]
}

/** A rule as data. Compacted topic, key rule_id: editing it changes the running scorer. */
export interface Rule {
  /** The key. */
  readonly rule_id: string
  /** PAUSED rules are kept but not applied. */
  readonly status: RuleStatus
  /** Which alert topic. */
  readonly kind: AlertKind
  /** Of its alerts. */
  readonly severity: Severity
  /** What it looks for, in words: the text of its alerts begins with it. */
  readonly description: string
  /** When it fires. */
  readonly when: Condition
  /** Event time during which the rule stays silent for the same customer after an alert. */
  readonly cooldown_seconds: number
  /** Share of customers for whom it raises alerts, above 0 up to 1: always the same ones, by rule and customer. For a rule that is tried out. */
  readonly sample_share: number
}

/** How suspicious one transaction is. */
export interface Score {
  /** The transaction. */
  readonly transaction_id: string
  /** The key. */
  readonly customer_id: string
  /** Of the transaction; also the Kafka record timestamp. */
  readonly event_time: number
  /** 0 (ordinary) to 1. */
  readonly score: number
  /** What computed it. */
  readonly model_version: string
  /** Largest contribution first; none where no alert was raised. */
  readonly reasons: readonly Reason[]
  /** Wall-clock moment (UTC) at which the payment that caused this record was meant to leave; null in history and in unpaced runs. The only wall-clock value in a record: latency is measured from it. Source: rupeestream. */
  readonly intended_at: null | number
}

/** Internal: a piece of a checkpoint. Compacted; the newest entry of each key makes the state. */
export interface StateEntry {
  /** The fold’s own key, or ~ and a name for what belongs to the whole partition. */
  readonly key: string
  /** Version of the fold’s state; another one cannot be read. */
  readonly version: number
  /** The state, encoded by the fold. */
  readonly payload: Uint8Array
}

export type EventType = 'AUTHORISATION' | 'TRANSFER' | 'CASH_WITHDRAWAL' | 'BILL_PAYMENT' | 'REFUND' | 'REVERSAL' | 'CHARGEBACK' | 'CREDIT' | 'UNKNOWN'

export type CardNetwork = 'RUPAY' | 'VISA' | 'MASTERCARD' | 'AMEX' | 'DINERS' | 'UNKNOWN'

export type LocationType = 'HOME' | 'NEARBY' | 'TRAVEL' | 'REMOTE' | 'UNKNOWN'

export type Channel = 'POS' | 'QR' | 'ECOM' | 'MOBILE_APP' | 'ATM' | 'NET_BANKING' | 'BRANCH' | 'AUTOPAY' | 'UNKNOWN'

export type AuthenticationMethod = 'UPI_PIN' | 'OTP' | 'CHIP_PIN' | 'NO_CVM' | 'BIOMETRIC' | 'MANDATE' | 'NONE' | 'UNKNOWN'

export type DeviceOs = 'ANDROID' | 'IOS' | 'WINDOWS' | 'MACOS' | 'OTHER' | 'UNKNOWN'

export type Status = 'APPROVED' | 'DECLINED' | 'PENDING' | 'REVERSED' | 'UNKNOWN'

export interface StatusResponse {
  /** ISO 20022 TxSts. */
  readonly status: Status
  /** 00 approved; UPI or ISO 8583 DE39 code. ISO 20022 RspnCd. */
  readonly response_code: string
}

/** One payment, as a payment system sees it: 45 fields, and intended_at for measuring. It never carries, or hints at, a label. */
export interface Transaction {
  /** Identifier, ULID (26 characters) of the event time. ISO 20022 TxId. Source: the simulation, deterministic from the seed. */
  readonly transaction_id: string
  /** What happened. CREDIT, REFUND, REVERSAL and CHARGEBACK bring money in, the others take it out. ISO 8583 MTI + DE3, ISO 20022 TxTp. */
  readonly event_type: EventType
  /** The transaction that a refund, reversal or chargeback undoes. ISO 8583 DE90, ISO 20022 OrgnlTxId. */
  readonly original_transaction_id: null | string
  /** 12 digits; on UPI the customer reference. ISO 8583 DE37, ISO 20022 RtrvlRefNb. */
  readonly retrieval_reference_number: string
  /** 6 digits. ISO 8583 DE11, ISO 20022 SysTracAudtNb. */
  readonly system_trace_audit_number: string
  /** CUST and 7 digits; the Kafka key. ISO 20022 Dbtr/Id. */
  readonly customer_id: string
  /** The account that pays, tokenised. Records of one account are its statement. ISO 8583 DE102, ISO 20022 DbtrAcct/Id. */
  readonly account_id: string
  /** How the money moves. ISO 20022 PmtTpInf/LclInstrm. */
  readonly payment_rail: PaymentRail
  /** Card token or hash of the UPI handle, never a PAN (RBI card-on-file tokenisation). ISO 8583 DE2, ISO 20022 Card/PmtTkn. */
  readonly instrument_token: string
  /** Null off cards. ISO 20022 CardBrnd. */
  readonly card_network: null | CardNetwork
  /** First 4 letters of the IFSC of the bank that holds the account. ISO 8583 DE32, ISO 20022 DbtrAgt/FinInstnId. */
  readonly issuer_code: string
  /** Amount in paise, always positive. ISO 8583 DE4, ISO 20022 InstdAmt / TxAmt. */
  readonly amount_minor: number
  /** ISO 4217 code. ISO 8583 DE49, ISO 20022 Ccy. */
  readonly currency: string
  /** Paise left on account_id after this record (on credit accounts: the limit still free); null for cash. ISO 8583 DE54, ISO 20022 Bal/Amt. */
  readonly balance_after_minor: null | number
  /** Outstanding over limit after this record, 0 to 1; null off credit accounts. */
  readonly credit_utilisation: null | number
  /** Months of an instalment purchase. */
  readonly emi_tenure_months: null | number
  /** Points earned; negative when a refund takes them back. ISO 20022 LltyVal. */
  readonly loyalty_points_delta: number
  /** When it happened, simulated time, UTC; also the Kafka record timestamp. ISO 8583 DE7, ISO 20022 CreDtTm. */
  readonly event_time: number
  /** The same moment on an Indian wall clock (IST, UTC+05:30). ISO 8583 DE12+DE13, ISO 20022 TxDtTm. */
  readonly local_time: number
  /** When the payment system saw it, simulated time, UTC. */
  readonly ingest_time: number
  /** Days since 1970-01-01. ISO 8583 DE15, ISO 20022 IntrBkSttlmDt. */
  readonly settlement_date: number
  /** Null for person-to-person. ISO 8583 DE42, ISO 20022 Mrchnt/Id. */
  readonly merchant_id: null | string
  /** Card terminal or ATM. ISO 8583 DE41, ISO 20022 TermnlId. */
  readonly terminal_id: null | string
  /** Merchant category code, 4 digits, ISO 18245. ISO 8583 DE18, ISO 20022 MrchntCtgyCd. */
  readonly mcc: null | string
  /** ISO 8583 DE43, ISO 20022 Mrchnt/CmonNm. */
  readonly merchant_name: null | string
  /** The 24 merchant categories, and TRANSFER, INCOME, CASH, OTHER. ISO 20022 CtgyPurp. */
  readonly category: Category
  /** Free text within the category. */
  readonly subcategory: string
  /** INDIVIDUAL for person-to-person. */
  readonly merchant_type: MerchantType
  /** Who receives a transfer. ISO 8583 DE103, ISO 20022 Cdtr/CdtrAcct. */
  readonly payee_id: null | string
  /** City of the transaction. ISO 8583 DE43, ISO 20022 Mrchnt/LctnAndCtct. */
  readonly city: string
  /** 2 letters. ISO 8583 DE43, ISO 20022 CtrySubDvsn. */
  readonly state_code: string
  /** ISO 3166-1 alpha-2. ISO 8583 DE19, ISO 20022 Ctry. */
  readonly country_code: string
  /** Degrees north, WGS 84. ISO 20022 GeogcCordints. */
  readonly lat: null | number
  /** Degrees east, WGS 84. ISO 20022 GeogcCordints. */
  readonly lon: null | number
  /** Where it happened, seen from the customer’s home. */
  readonly location_type: LocationType
  /** ISO 20022 ShppgAdr. */
  readonly shipping_city: null | string
  /** 8 hexadecimal digits. ISO 20022 ShppgAdr. */
  readonly shipping_address_hash: null | string
  /** ISO 8583 DE25, ISO 20022 Chanl / PtOfSvc. */
  readonly channel: Channel
  /** 05 chip, 07 contactless, 80 fallback, 81 e-commerce, 90 magnetic stripe. ISO 8583 DE22, ISO 20022 CardDataNtryMd. */
  readonly pos_entry_mode: null | string
  /** ISO 8583 DE52 / DE55, ISO 20022 AuthntcnMtd. */
  readonly authentication_method: AuthenticationMethod
  /** The phone or computer; null at a terminal. ISO 20022 DvcId. */
  readonly device_id: null | string
  /** Null where device_id is. */
  readonly device_os: null | DeviceOs
  /** Semantic version of the payment application. */
  readonly app_version: null | string
  /** First three octets of the IPv4 address (/24). */
  readonly ip_prefix: null | string
  /** The answer. ISO 8583 DE39, ISO 20022 TxSts / RspnCd. */
  readonly status_response: StatusResponse
  /** Wall-clock moment (UTC) at which the payment that caused this record was meant to leave; null in history and in unpaced runs. The only wall-clock value in a record: latency is measured from it. Source: rupeestream. */
  readonly intended_at: null | number
}

/** How far a partition’s simulated time has come while it has no records: lets timers fire and merges go on. */
export interface Watermark {
  /** The topic spoken of; the partition is the one this record is in. */
  readonly topic: string
  /** Valid once so many records of that partition have been read. */
  readonly records: number
  /** No later record of that partition is older than this; of fraud-reports, all later ones are newer. */
  readonly time: number
}
