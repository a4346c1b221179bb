import { expect, test } from 'vitest'
import { fraudTypes } from '#services/fraud-injector/fraud-types.ts'
import { methods } from '#services/fraud-injector/registry.ts'
import { defaultSettings, settingsSchema } from '#services/settings.ts'

test('every type that can be injected has its row, and is in the default mix but for the one that has to be named', () => {
  const types = methods.map(({ type }) => type).sort()
  expect(Object.keys(fraudTypes).sort()).toEqual(types)
  const named = 'AUTHORISED_PUSH_PAYMENT_SCAM'
  expect([...Object.keys(defaultSettings.fraud.mix), named].sort()).toEqual(types)
  const { mix } = settingsSchema.parse({ fraud: { mix: { [named]: 1 } } }).fraud
  expect(mix).toEqual({ [named]: 1 })
})

test.each(methods.map((method) => [method.type, method.row] as const))(
  '%s has numbers that make sense',
  (_type, row) => {
    const [from, to] = row.confidence
    expect(from).toBeGreaterThanOrEqual(0.5)
    expect(to).toBeGreaterThan(from!)
    expect(to).toBeLessThan(1)
    expect(row.modusOperandi.length).toBeGreaterThan(0)
    expect(row.expectedTransactions).toBeGreaterThan(1)
    expect(row.leadHours).toBeGreaterThan(0)
    expect(row.reportDelayHours.min).toBeGreaterThan(0)
    expect(row.reportDelayHours.max).toBeGreaterThan(row.reportDelayHours.median!)
  },
)
