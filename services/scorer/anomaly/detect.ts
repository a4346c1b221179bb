import type { KnownContext } from '../feature-context.ts'
import { amountAnomalies } from './amount.ts'
import { behavioralAnomalies } from './behavioral.ts'
import { geographicAnomalies } from './geographic.ts'
import { type Family, type Finding, hundredthsOf, packed } from './severities.ts'
import { temporalAnomalies } from './temporal.ts'

/** What each family finds in an attempt to pay. They look at records and habits, never at labels. */
export const detectors: Readonly<Record<Family, (context: KnownContext) => readonly Finding[]>> = {
  BEHAVIORAL: behavioralAnomalies,
  GEOGRAPHIC: geographicAnomalies,
  TEMPORAL: temporalAnomalies,
  AMOUNT: amountAnomalies,
}

/** The severities of the families, packed (severities.ts); 0 for a payment that is like its customer. */
export const detect = (context: KnownContext): number =>
  packed(
    hundredthsOf(behavioralAnomalies(context)),
    hundredthsOf(geographicAnomalies(context)),
    hundredthsOf(temporalAnomalies(context)),
    hundredthsOf(amountAnomalies(context)),
  )
