import type { FraudMethod } from './method.ts'
import { accountTakeover } from './types/account-takeover.ts'
import { amountManipulation } from './types/amount-manipulation.ts'
import { authorisedPushPaymentScam } from './types/authorised-push-payment-scam.ts'
import { cardCloning } from './types/card-cloning.ts'
import { cardTesting } from './types/card-testing.ts'
import { firstPartyFraud } from './types/first-party-fraud.ts'
import { friendlyFraud } from './types/friendly-fraud.ts'
import { loyaltyAbuse } from './types/loyalty-abuse.ts'
import { merchantCollusion } from './types/merchant-collusion.ts'
import { muleAccount } from './types/mule-account.ts'
import { refundFraud } from './types/refund-fraud.ts'
import { shippingFraud } from './types/shipping-fraud.ts'
import { stolenCard } from './types/stolen-card.ts'
import { syntheticIdentity } from './types/synthetic-identity.ts'
import { transactionReplay } from './types/transaction-replay.ts'
import { velocityAbuse } from './types/velocity-abuse.ts'

/** Every type of fraud that can be injected. Their order is part of what a seed means. */
export const methods: readonly FraudMethod[] = [
  velocityAbuse,
  accountTakeover,
  cardCloning,
  stolenCard,
  amountManipulation,
  cardTesting,
  transactionReplay,
  firstPartyFraud,
  friendlyFraud,
  shippingFraud,
  muleAccount,
  merchantCollusion,
  refundFraud,
  loyaltyAbuse,
  authorisedPushPaymentScam,
  syntheticIdentity,
]
