import { base, en, en_IN, Faker } from '@faker-js/faker'
import type { Gender } from '#schemas/types.ts'
import { Random, type StreamKey } from '../random.ts'

const random = new Random()
/** Faker's Indian names, drawn from a customer's own stream: faker's own would have to be seeded anew for each. */
const faker = new Faker({
  locale: [en_IN, en, base],
  randomizer: { next: () => random.unit(), seed: () => {} },
})

const sexes: Readonly<Partial<Record<Gender, 'female' | 'male'>>> = { FEMALE: 'female', MALE: 'male' }
const ways = ['Road', 'Marg', 'Street', 'Nagar', 'Colony', 'Layout', 'Lane', 'Cross', 'Vihar', 'Enclave'] as const
const HOUSES = 420
/** Places of a customer's stream, above that of the profile: one for the name, then one for a home in each city. */
const NAME = 1
const FIRST_HOME = 2

/** First and last name of a customer, the same for ever. */
export function nameOf(key: StreamKey, customer: number, gender: Gender): string {
  random.at(key, customer, NAME)
  return `${faker.person.firstName(sexes[gender])} ${faker.person.lastName(sexes[gender])}`
}

/** House and street, without the city: another one in another city, an index in `cities`. */
export function addressOf(key: StreamKey, customer: number, city: number): string {
  random.at(key, customer, FIRST_HOME + city)
  return `${1 + random.below(HOUSES)}, ${faker.person.lastName()} ${random.pick(ways)}`
}
