import type { Settings } from '#services/settings.ts'
import { isMapping, pathText } from '#services/settings-errors.ts'

/** What decides which records come about: data made with one set of these cannot be gone on with another. */
const worldKeys = ['seed', 'partitions', 'population', 'clock', 'fraud'] as const

/** What makes two scenarios different worlds, a line for each setting. */
export const worldDifferences = (before: Settings, now: Settings): string[] =>
  worldKeys.flatMap((key) => differences([key], before[key], now[key]))

function differences(path: readonly string[], before: unknown, now: unknown): string[] {
  if (isMapping(before) && isMapping(now)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(now)])
    return [...keys].flatMap((key) => differences([...path, key], before[key], now[key]))
  }
  if (JSON.stringify(before) === JSON.stringify(now)) return []
  return [`${pathText(path)}: the data were made with ${said(before)}, now it is ${said(now)}`]
}

const said = (value: unknown): string => JSON.stringify(value) ?? 'none'
