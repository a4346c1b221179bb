import type { City } from './cities.ts'

/** States in which no liquor is sold. */
const dryStates = ['GJ', 'BR']
const leisureCities = ['Udaipur', 'Kochi', 'Shillong']

const tests: Readonly<Record<string, (city: City) => boolean>> = {
  National: () => true,
  all: () => true,
  Metro: (city) => city.tier === 1,
  metro: (city) => city.tier === 1,
  Tier2: (city) => city.tier === 2,
  Leisure: (city) => leisureCities.includes(city.name),
  'not dry states': (city) => !dryStates.includes(city.stateCode),
}

/** Whether any of the words (a region, a state, a city, or a class of cities) takes the city in. */
export const coversCity = (coverage: readonly string[], city: City): boolean =>
  coverage.some(
    (word) =>
      tests[word]?.(city) ??
      (word === city.name || word === city.state || word.toUpperCase().replace('-', '_') === city.region),
  )
