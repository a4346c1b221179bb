import { roundTransfer } from '../../market/amounts.ts'
import { payeeId } from '../../market/identifiers.ts'
import { limits } from '../../market/limits.ts'
import type { Random } from '../../random.ts'
import { HOUR_MS, MINUTE_MS } from '../../time.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Script } from '../method.ts'
import { draw } from '../spread.ts'
import { event, intoHours, payment } from '../steps.ts'
import { canBeMule, received, roundDown, sendShape } from './mule-flows.ts'

const row = fraudTypes.MULE_ACCOUNT

/** Who collects for a feast, a journey or a society: the same sum from each, and most of it paid on, to one or to all who have something coming. */
export const treasurer: Script = {
  eligible: (_tx, { account }) => canBeMule(account),
  begin: (_tx, { random, nowMs }) => ({
    startMs: intoHours(nowMs + Math.round(random.uniform(0.5, 10) * HOUR_MS), row.hours.from, row.hours.to, random),
    modus: 'NONE',
    compromiseMs: null,
  }),
  steps: ({ startMs }, { account, random }) => {
    const shape = sendShape(account)
    if (shape === undefined) return []
    const each = roundTransfer(draw(row.twin.rupees, random), random)
    const count = draw(row.twin.payers, random)
    const at = Array.from({ length: count }, () => startMs + Math.round(random.unit() * row.twin.hours * HOUR_MS))
    const credits = at.sort((a, b) => a - b).map((atMs, i) => received(atMs, 'collected', i, each, true))
    const deviceId = account.templates[shape]!.device_id
    const collectedMinor = Math.min(count * each, limits.upiTransferDayMinor * row.upiShareMax)
    const shares = sharesOf(draw(row.twin.bills, random), random)
    const paid = shares
      .map((share) => {
        // An advance is due while others still pay in, the rest once all have.
        const after =
          shares.length === 1
            ? credits.at(-1)!
            : credits[random.integer(Math.min(3, credits.length - 1), credits.length - 1)]!
        const atMs = after.atMs + Math.round(draw(row.twin.delayMinutes, random) * MINUTE_MS)
        const known = account.payees.length > 0 && random.chance(row.twin.knownPayeeShare)
        const payee_id = known ? random.pick(account.payees) : payeeId(random.uint32())
        return { atMs, known, payee_id, amountMinor: roundDown(collectedMinor * share, random) }
      })
      .sort((a, b) => a.atMs - b.atMs)
    return [
      ...credits,
      ...paid
        .filter(({ known }) => !known)
        .map(({ atMs, payee_id }) =>
          event({ atMs: atMs - MINUTE_MS, eventType: 'PAYEE_ADDED', deviceId, details: { payee_id } }),
        ),
      ...paid.map(({ atMs, payee_id, amountMinor }, i) =>
        payment({
          atMs,
          phase: 'passed_on',
          sequence: i + 1,
          shape,
          amountMinor,
          change: { payee_id },
          shortage: 'decline',
        }),
      ),
    ].sort((a, b) => a.atMs - b.atMs)
  },
}

/** What each bill takes of what was collected: all of it if there is one bill; together never more than came in. */
function sharesOf(bills: number, random: Random): number[] {
  if (bills === 1) return [1]
  const shares = Array.from({ length: bills }, () => draw(row.twin.billShare, random))
  const together = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => share / Math.max(1, together))
}
