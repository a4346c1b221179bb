import { partitionOf } from '#schemas/partition.ts'
import { Random, streamKey } from '../random.ts'
import { cities } from './cities.ts'
import data from './data/fabricated.json' with { type: 'json' }
import { customerId, deviceId, identityOf, ipPrefix, mix, shippingAddressHash } from './identifiers.ts'

const WORD = 2 ** 32
const PARTITIONS_MAX = 1_000
const { sizeMin, sizeMax, devicesMin, devicesMax } = data.ring
/** A home is at the most so far from the centre of its city each way. */
const HOME_DEGREES = 0.072

/** Who made up a few customers: they live at one address, and pay from few phones on one network. */
export interface FabricatedRing {
  /** From 0. */
  readonly number: number
  /** Customer numbers; the first one's address is everybody's. */
  readonly members: readonly number[]
  /** Index in `cities`. */
  readonly city: number
  readonly lat: number
  readonly lon: number
  readonly devices: readonly string[]
  readonly ipPrefix: string
  readonly shippingHash: string
}

/** The ring's phone that a member pays from. */
export const phoneOf = ({ members, devices }: FabricatedRing, customer: number): string =>
  devices[members.indexOf(customer) % devices.length]!

/** How many members pay from the same phone as this one, themselves among them. */
export const sharersOf = (ring: FabricatedRing, customer: number): number =>
  ring.members.filter((member) => phoneOf(ring, member) === phoneOf(ring, customer)).length

/**
 * Which customers are fabricated, and with whom: a function of seed, population and share, the same wherever it is
 * asked. They are strewn over the numbers, so that an id gives nothing away.
 */
export class FabricatedCustomers {
  readonly rings: readonly FabricatedRing[]
  /** Of the run: see `identityOf`. */
  readonly identity: number
  readonly #ringOf = new Map<number, FabricatedRing>()
  readonly #ofPartition = new Map<number, readonly number[]>()

  /** `share` of customers 1 to `customers`, as near as chance and whole rings come to it. */
  constructor(seed: string, { customers, syntheticShare }: { customers: number; syntheticShare: number }) {
    this.identity = identityOf(seed)
    const key = streamKey(seed, 'fabricated')
    const random = new Random()
    const chosen: number[] = []
    for (let n = 1; n <= customers; n++) if (mix(n, key.low) / WORD < syntheticShare) chosen.push(n)
    chosen.sort((a, b) => mix(a, key.high) - mix(b, key.high))
    const rings: FabricatedRing[] = []
    // One or two that are left over are no ring: they stay who they are.
    for (let from = 0; chosen.length - from >= sizeMin; from += rings.at(-1)!.members.length) {
      random.at(key, rings.length, 0)
      const members = chosen.slice(from, from + random.integer(sizeMin, sizeMax))
      rings.push(ringOf(rings.length, members, random))
    }
    this.rings = rings
    for (const ring of rings) for (const member of ring.members) this.#ringOf.set(member, ring)
  }

  /** The ring that made up this customer; undefined for those who exist. */
  ringOf(customer: number): FabricatedRing | undefined {
    return this.#ringOf.get(customer)
  }

  /** Those whose keys fall into a partition, ring by ring. */
  inPartition(partition: number, partitions: number): readonly number[] {
    const place = partition * PARTITIONS_MAX + partitions
    let found = this.#ofPartition.get(place)
    if (found === undefined) {
      found = [...this.#ringOf.keys()].filter((n) => partitionOf(customerId(n), partitions) === partition)
      this.#ofPartition.set(place, found)
    }
    return found
  }
}

function ringOf(number: number, members: readonly number[], random: Random): FabricatedRing {
  const city = random.below(cities.length)
  const { lat, lon } = cities[city]!
  return {
    number,
    members,
    city,
    lat: lat + random.uniform(-HOME_DEGREES, HOME_DEGREES),
    lon: lon + random.uniform(-HOME_DEGREES, HOME_DEGREES),
    devices: Array.from({ length: random.integer(devicesMin, devicesMax) }, () => deviceId(random.uint32())),
    ipPrefix: ipPrefix(random.uint32()),
    shippingHash: shippingAddressHash(random.uint32()),
  }
}
