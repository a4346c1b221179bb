import { expect, test } from 'vitest'
import { type Plan, runScored, scorecardSettings } from '#infra/scorecard/run.ts'
import { settingsSchema } from '#services/settings.ts'

/** Of a size at which both shares are those of larger runs within some hundredths. */
const plan: Plan = { customers: 1_500, warmUpDays: 10, trainDays: 1, delayDays: 0, testDays: 7 }

test('the rules alone find many frauds, and disturb few payments', () => {
  const settings = scorecardSettings(settingsSchema.parse({ seed: 'the rules', fraud: { rate: 0.02 } }), plan)
  const { payments, test: tested } = runScored(settings, plan, () => {})
  const alerted = tested.filter((row) => payments.alerts[row]! > 0)
  const sum = (labels: Uint8Array): number => labels.reduce((total, label) => total + label, 0)
  const hits = sum(payments.frauds(alerted))
  const frauds = sum(payments.frauds(tested))
  expect(frauds).toBeGreaterThan(150)
  // Threshold rules of a bank: recall 0.4 to 0.7, here with room for a small run.
  expect(hits / frauds).toBeGreaterThan(0.4)
  expect(hits / frauds).toBeLessThan(0.8)
  expect((alerted.length - hits) / (tested.length - frauds)).toBeLessThan(0.06)
  expect((alerted.length - hits) / (tested.length - frauds)).toBeGreaterThan(0.005)
})
