import { isNewDevice, isRecentCounterparty } from './behavioral.ts'
import type { FeatureFunction } from './feature-context.ts'

export const interactionFeatures = {
  ix_new_device_payee: (context) => isNewDevice(context) * isRecentCounterparty(context),
} satisfies Record<string, FeatureFunction>
