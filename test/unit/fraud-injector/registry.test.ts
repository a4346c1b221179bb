import { expect, test } from 'vitest'
import { fraudTypes } from '#services/fraud-injector/fraud-types.ts'
import { methods } from '#services/fraud-injector/registry.ts'
import { defaultSettings } from '#services/settings.ts'

test('every type that can be injected has its row, is in the default mix, and the other way round', () => {
  const types = methods.map(({ type }) => type).sort()
  expect(Object.keys(fraudTypes).sort()).toEqual(types)
  expect(Object.keys(defaultSettings.fraud.mix).sort()).toEqual(types)
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
