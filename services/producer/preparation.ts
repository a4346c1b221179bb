import { isInward } from '../market/statement.ts'
import { pending } from './ledger.ts'
import type { Payment } from './payment.ts'
import type { Scene } from './scene.ts'

const LAKH_MINOR = 10_000_000
/** Rails that a bank offers behind a login of its own. */
const behindLogin: ReadonlySet<string> = new Set(['NET_BANKING', 'IMPS', 'NEFT', 'RTGS'])

/** What a customer has to do before a payment can be made: log in, set a new PIN, allow larger transfers. */
export function prepare(out: Payment, { ledger, row }: Scene): void {
  if (isInward(out.eventType)) return
  if (out.authentication === 'UPI_PIN') {
    const open = ledger.pending[row]!
    if ((open & pending.PIN) === 0) return
    ledger.pending[row] = open & ~pending.PIN
    out.pinReset = true
  } else if (behindLogin.has(out.rail)) {
    out.login = true
    // One lakh is allowed without asking.
    const extra = Math.ceil(out.amountMinor / LAKH_MINOR) - 1
    if (out.eventType !== 'TRANSFER' || extra <= ledger.extraLakhs[row]!) return
    ledger.extraLakhs[row] = extra
    out.limitRaised = true
  }
}
