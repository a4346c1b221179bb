import { amount } from './amount.ts'
import type { AnomalyMethod } from './anomaly.ts'
import { behavioral } from './behavioral.ts'
import { geographic } from './geographic.ts'
import { temporal } from './temporal.ts'

/** The families of anomalies. Their order is that of a truth's `anomaly_types`. */
export const families: readonly AnomalyMethod[] = [behavioral, geographic, temporal, amount]
