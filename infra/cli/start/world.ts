import type { Settings } from '#services/settings.ts'

/** What decides which records come about: data made with one set of these cannot be gone on with another. */
const worldKeys = ['seed', 'partitions', 'population', 'clock', 'fraud'] as const

/** What makes two scenarios different worlds, a line each. */
export const worldDifferences = (before: Settings, now: Settings): string[] =>
  worldKeys
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]))
    .map(
      (key) => `${key}: the data were made with ${JSON.stringify(before[key])}, now it is ${JSON.stringify(now[key])}`,
    )
