import type { Settings } from '#services/settings.ts'

/** The pace of a scenario in a word. */
export function paceText({ pace }: Pick<Settings, 'pace'>): string {
  if ('speed' in pace) return `x${pace.speed}`
  if ('max' in pace) return 'max'
  if (typeof pace.rate === 'number') return `${pace.rate}/s`
  return 'shape' in pace.rate
    ? `${pace.rate.shape} ${pace.rate.low}..${pace.rate.high}/s`
    : `rate in ${pace.rate.stages.length} ${pace.rate.stages.length === 1 ? 'stage' : 'stages'}`
}
