import { expect, test } from 'vitest'
import { decodeFeatures, encodeFeatures, featureFunctions, featureList } from '#services/scorer/features.ts'
import { operands } from '#services/scorer/operands.ts'

test('the list and the functions name the same features', () => {
  expect(featureList.map(({ name }) => name).sort()).toEqual(Object.keys(featureFunctions).sort())
})

test('every feature says what it is', () => {
  for (const feature of featureList) {
    for (const [column, text] of Object.entries(feature)) expect(text, `${feature.name}.${column}`).not.toBe('')
    expect(feature.definition).toMatch(/\.$/)
  }
})

test('names of features and fields are unique', () => {
  expect(new Set(operands.map(({ name }) => name)).size).toBe(operands.length)
})

test('values go through a record in single precision, little endian, in the order of the list', () => {
  const values = Float64Array.from(operands, (_, i) => i + 0.5)
  const bytes = encodeFeatures(values)
  expect(new DataView(bytes.buffer, bytes.byteOffset).getFloat32(4, true)).toBe(1.5)
  const decoded = decodeFeatures(bytes)
  expect([...decoded.keys()]).toEqual(featureList.map(({ name }) => name))
  expect([...decoded.values()]).toEqual(featureList.map((_, i) => i + 0.5))
  expect(() => decodeFeatures(bytes.subarray(4))).toThrow(/expected \d+ bytes/)
})
