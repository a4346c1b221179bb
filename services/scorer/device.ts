import { hash32 } from '#services/random.ts'
import { DAY_MS } from '#services/time.ts'
import type { EntityKindFold } from './entity-kind.ts'
import { KnownKeys } from './known-keys.ts'

const CUSTOMERS_MAX = 64

export interface DeviceState {
  readonly kind: 'DEVICE'
  readonly customers: KnownKeys
}

/** Phones and computers. Value: device_customer_count_24h. */
export const deviceFold: EntityKindFold<DeviceState> = {
  prefix: 'device/',
  initialState: () => ({ kind: 'DEVICE', customers: new KnownKeys(CUSTOMERS_MAX) }),
  answer: ({ customers }, { customer_id, event_time }) => {
    customers.see(hash32(customer_id), event_time)
    return [customers.countSince(event_time - DAY_MS)]
  },
  write: (out, { customers }) => customers.write(out),
  read: (from) => ({ kind: 'DEVICE', customers: new KnownKeys(CUSTOMERS_MAX).read(from) }),
}
