import { dialsOf, INJECTOR, overrideBy } from '#services/fraud-injector/dials.ts'
import { commandedBy } from '#services/producer/commanded.ts'
import { fraudRate, type Settings } from '#services/settings.ts'
import type { ControlRecords } from '../control/control-topic.ts'
import { PRODUCER } from '../control/pace-commands.ts'
import type { InForce } from './page-state.ts'

/** What the newest commands put in force over a scenario; one that nobody can follow changes nothing. */
export function inForce(newest: ControlRecords, settings: Settings): InForce {
  return { ...paceInForce(newest, settings), fraudRate: fraudRateInForce(newest, settings) }
}

function paceInForce(newest: ControlRecords, { pace }: Settings): Omit<InForce, 'fraudRate'> {
  const scenario = { pace, isPaused: false }
  const control = newest.get(PRODUCER)
  if (control === undefined || control === null) return scenario
  const isPaused = control.command === 'PAUSE'
  // A pause names the pace that was set aside, as its resumption would.
  const resumed = commandedBy(isPaused ? { ...control, command: 'RESUME' } : control, scenario, pace)
  return 'pace' in resumed ? { pace: resumed.pace, isPaused } : scenario
}

function fraudRateInForce(newest: ControlRecords, settings: Settings): number {
  const turned = overrideBy(newest.get(INJECTOR) ?? null, dialsOf(settings))
  const override = 'override' in turned ? turned.override : null
  return fraudRate({ rate: override?.rate ?? settings.fraud.rate })
}
