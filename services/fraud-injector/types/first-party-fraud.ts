import type { Transaction } from '#schemas/types.ts'
import { roundOnline } from '../../market/amounts.ts'
import { declined, insufficientFundsCode } from '../../market/responses.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time.ts'
import type { Account, Campaign, Statement } from '../account.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Scene, Script, Step } from '../method.ts'
import { draw } from '../spread.ts'
import { event, spendable } from '../steps.ts'
import { bustAmounts, CARD_ONLINE, cashLikeShare, purchases } from './bust-out.ts'
import { ringIdOf } from './synthetic-identity-account.ts'

const row = fraudTypes.FIRST_PARTY_FRAUD
const RUPEE = 100

const cardOf = (account: Account): Statement | undefined => {
  const template = account.templates[CARD_ONLINE]
  return template && account.statements[template.account_id]
}

const used = ({ balanceMinor, limitMinor }: Statement): number => 1 - balanceMinor / limitMinor

/**
 * A card in good standing, whose limit so many payments of so many times the own mean can use up. A fabricated
 * customer was nurtured for it, however few the payments were.
 */
function canBust({ account, fabricated }: Scene): boolean {
  const card = cardOf(account)
  if (card === undefined || card.limitMinor === 0) return false
  if (fabricated.ringOf(account.customer) !== undefined) return account.payments > 0 && used(card) <= row.usedMax
  if (account.payments < row.historyMin) return false
  const mean = account.meanMinor * (row.bust.timesMean.min + row.bust.timesMean.max) * 0.5
  return used(card) <= row.usedMax && card.balanceMinor <= row.bust.countMax * mean
}

const fraud: Script = {
  eligible: (_tx, scene) => canBust(scene),
  begin: (_tx, { account, random, chance, nowMs, fabricated }) => {
    const ring = fabricated.ringOf(account.customer)
    return {
      startMs: nowMs + Math.round(random.uniform(1, 24) * HOUR_MS),
      modus: random.pick(firstPartyFraud.row.modusOperandi),
      compromiseMs: null,
      ...(ring && { ringId: ringIdOf(ring, chance) }),
    }
  },
  steps: bustOut,
  meet: (tx, campaign) => {
    // Who has used up the card and means to go pays no bill any more: the debit comes back.
    const bill = tx.event_type === 'BILL_PAYMENT' && tx.category === 'LOANS_CARDS'
    if (!bill || campaign.steps === null || campaign.attempts === 0 || tx.status_response.status !== 'APPROVED')
      return undefined
    const rewrite = { status_response: declined(insufficientFundsCode(tx.payment_rail, tx.channel)) }
    return { phase: 'silence', sequence: 1, role: 'CUSTOMER', isFraud: false, evidence: {}, rewrite }
  },
}

function bustOut(campaign: Campaign, scene: Scene): Step[] {
  const { account, random } = scene
  const card = cardOf(account)
  if (card === undefined || !canBust(scene)) return []
  const raised = Array.from({ length: draw(row.prep.limitRaises, random) }, (_, i) =>
    event({
      atMs: campaign.startMs + i * MINUTE_MS,
      eventType: 'LIMIT_RAISED',
      deviceId: account.templates[CARD_ONLINE]!.device_id,
    }),
  )
  // Small purchases first: a limit that is used up slowly stays open longer.
  const amounts = bustAmounts(account.meanMinor, card.balanceMinor, random).sort((a, b) => a - b)
  Object.assign(campaign.facts, {
    baseline_amount: (account.meanMinor / RUPEE).toFixed(2),
    utilisation_before: used(card).toFixed(3),
  })
  const endsAtMinor = Math.round(card.limitMinor * row.bust.limitShareLeft)
  const fromMs = campaign.startMs + HOUR_MS
  const bust = purchases('bust', fromMs, draw(row.bust.days, random), amounts, scene, { endsAtMinor })
  if (bust.length === 0) return []
  return [...raised, ...bust, { kind: 'wait', atMs: bust.at(-1)!.atMs + row.silenceDays * DAY_MS }]
}

/** A wedding, a house moved into, a festival: large purchases on few days, and the bill is paid. */
const twin: Script = {
  eligible: (_tx, scene) => canBust(scene),
  begin: (_tx, { random, nowMs }) => ({
    startMs: nowMs + Math.round(random.uniform(1, 24) * HOUR_MS),
    modus: 'NONE',
    compromiseMs: null,
  }),
  steps: ({ startMs }, scene) => {
    const { account, random } = scene
    if (cardOf(account) === undefined) return []
    const most = spendable(account, CARD_ONLINE) * row.twin.freeShareMax
    const amounts: number[] = []
    let sum = 0
    for (let count = draw(row.twin.count, random); count > 0; count--) {
      const amount = roundOnline((account.meanMinor / RUPEE) * draw(row.bust.timesMean, random), random)
      sum += amount
      if (sum <= most) amounts.push(amount)
    }
    return purchases('great_occasion', startMs, draw(row.twin.days, random), amounts, scene, { shortage: 'decline' })
  },
}

const evidence = (tx: Transaction, { counterparties, facts }: Campaign): Record<string, string> => ({
  baseline_amount: facts.baseline_amount!,
  amount_multiplier: (tx.amount_minor / RUPEE / Number(facts.baseline_amount)).toFixed(2),
  utilisation_before: facts.utilisation_before!,
  utilisation_after: (tx.credit_utilisation ?? 0).toFixed(3),
  cash_like_share: cashLikeShare(counterparties).toFixed(3),
})

export const firstPartyFraud = fraudMethod('FIRST_PARTY_FRAUD', {
  fraud,
  twin,
  evidence,
  reason: ({ facts }) => `Card used up from ${facts.utilisation_before} of its limit by its owner, who pays no bill`,
})
