import type { Transaction } from '#schemas/types.ts'
import { deviceId, ipPrefix, transactionId } from '../../market/identifiers.ts'
import { hash32 } from '../../random.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time.ts'
import { type Account, homeCity } from '../account.ts'
import type { Chance } from '../chance.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Script } from '../method.ts'
import { cityAway } from '../places.ts'
import { draw } from '../spread.ts'
import { event } from '../steps.ts'

const row = fraudTypes.SYNTHETIC_IDENTITY.twin

/** People who share a home for an epoch, its network, and a phone. */
export interface Flat {
  readonly ringId: string
  readonly city: string
  readonly phone: string
  readonly network: string
}

const epochOf = (timeMs: number): number => Math.floor(timeMs / (row.epochDays * DAY_MS))

/** The n-th flat of an epoch: a function of seed and epoch alone. */
export function flat(n: number, epoch: number, chance: Chance): Flat {
  const random = chance.shared(hash32(`flat/${n}`), epoch)
  return {
    city: cityAway('', () => true, random)!.name,
    phone: deviceId(random.uint32()),
    network: ipPrefix(random.uint32()),
    ringId: transactionId(epoch * row.epochDays * DAY_MS, random),
  }
}

/** The flats of an epoch in a city, by number. */
const flatsIn = (city: string, epoch: number, chance: Chance): number[] =>
  Array.from({ length: row.flats }, (_, n) => n).filter((n) => flat(n, epoch, chance).city === city)

/** New to credit: who pays by phone, and has shown no credit account. */
const isNewToCredit = ({ payments, statements }: Account): boolean =>
  payments >= row.paymentsMin && Object.values(statements).every(({ limitMinor }) => limitMinor === 0)

const byPhone = ({ channel, device_id }: Transaction): boolean =>
  device_id !== null && (channel === 'QR' || channel === 'MOBILE_APP')

/** Student flat-mates, or workers far from home: for days their genuine payments come from one phone. */
export const flatMates: Script = {
  eligible: (tx, { account, chance, nowMs }) =>
    byPhone(tx) && isNewToCredit(account) && flatsIn(homeCity(account), epochOf(nowMs), chance).length > 0,
  begin: (_tx, { account, random, chance, nowMs }) => {
    const epoch = epochOf(nowMs)
    const n = random.pick(flatsIn(homeCity(account), epoch, chance))
    const { phone, network, ringId } = flat(n, epoch, chance)
    return {
      startMs: nowMs + Math.round(random.uniform(0.2, 12) * HOUR_MS),
      modus: 'NONE',
      compromiseMs: null,
      ringId,
      facts: { phone, network },
    }
  },
  steps: ({ startMs, facts }, { random }) => [
    event({ atMs: startMs, eventType: 'DEVICE_BOUND', deviceId: facts.phone! }),
    { kind: 'wait', atMs: startMs + MINUTE_MS + Math.round(draw(row.days, random) * DAY_MS) },
  ],
  meet: (tx, { steps, facts }, { random }) => {
    if (steps === null || !byPhone(tx)) return undefined
    const atHome = tx.location_type !== 'TRAVEL' && random.chance(row.homeNetworkShare)
    const rewrite = {
      device_id: facts.phone!,
      device_os: 'ANDROID' as const,
      ...(atHome ? { ip_prefix: facts.network! } : {}),
    }
    return { phase: 'shared_phone', sequence: 0, role: 'CUSTOMER', isFraud: false, evidence: {}, rewrite }
  },
}
