import type { IncomeBracket } from '#schemas/types.ts'
import type { Random } from '../random.ts'
import { AliasTable } from './alias.ts'
import { cities, distanceKm } from './cities.ts'
import data from './data/journeys.json' with { type: 'json' }
import { incomeBrackets } from './segments.ts'

const { flight, train } = data

export const vehicles = { TRAIN: 0, FLIGHT: 1 } as const
export type Vehicle = (typeof vehicles)[keyof typeof vehicles]

const between = cities.map((a) => cities.map((b) => distanceKm(a.lat, a.lon, b.lat, b.lon)))

/** Great-circle kilometres between two cities, indices in `cities`. */
export const kmBetween = (from: number, to: number): number => between[from]![to]!

/** Hours from the last moment in the one city to the first in the other. */
export const hoursBetween = (from: number, to: number, vehicle: Vehicle): number =>
  vehicle === vehicles.FLIGHT
    ? flight.fixedHours + kmBetween(from, to) / flight.kmPerHour
    : train.fixedHours + (kmBetween(from, to) * train.detour) / train.kmPerHour

const chanceOfFlight = incomeBrackets.map((id) => bracketShare(flight.chanceByBracket, id))

/** `chance` is the traveller's own for the way, 0 to 1; `bracket` an index in `incomeBrackets`. */
export function vehicleFor(from: number, to: number, bracket: number, chance: number): Vehicle {
  if (!cities[from]!.airport || !cities[to]!.airport) return vehicles.TRAIN
  if (hoursBetween(from, to, vehicles.TRAIN) > train.hoursMax) return vehicles.FLIGHT
  const far = (kmBetween(from, to) - flight.fromKm) / (flight.certainFromKm - flight.fromKm)
  return far > 0 && chance < chanceOfFlight[bracket]! * Math.sqrt(Math.min(1, far)) ? vehicles.FLIGHT : vehicles.TRAIN
}

const classTables = incomeBrackets.map(
  (id) => new AliasTable(train.classes.map(({ shareByBracket }) => bracketShare(shareByBracket, id))),
)

/** Rupees for one way and one person. */
export function fareRupees(from: number, to: number, vehicle: Vehicle, bracket: number, random: Random): number {
  const km = kmBetween(from, to)
  if (vehicle === vehicles.FLIGHT) {
    return random.lognormal(flight.fareRupees + flight.fareRupeesPerKm * km, flight.fareSigma)
  }
  const berth = train.classes[classTables[bracket]!.pick(random)]!
  return berth.fareRupees + berth.fareRupeesPerKm * km * train.detour
}

const [leadFrom, leadTo] = data.moveLeadDays as [number, number]

/** Days from buying a ticket to moving house, by a hash of the customer's own. A modelling choice. */
export const leadDays = (hash: number): number => leadFrom + (hash % (leadTo - leadFrom + 1))

export const LEAD_DAYS_MAX = leadTo

function bracketShare(shares: Readonly<Partial<Record<string, number>>>, id: IncomeBracket): number {
  return shares[id] ?? 0
}
