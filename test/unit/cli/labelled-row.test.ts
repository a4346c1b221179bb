import { expect, test } from 'vitest'
import { csvHead, csvRow, labelledRow } from '#infra/cli/labelled-row.ts'
import { liveThrough } from '#infra/memory/labelled-world.ts'
import type { GroundTruth, Transaction } from '#schemas/types.ts'
import { settingsSchema } from '#services/settings.ts'

const settings = settingsSchema.parse({
  seed: 'rows',
  population: { customers: 300 },
  fraud: { rate: 0.05 },
  disorder: { dropped: 0.5, duplicate: 0.3 },
})
const seen: { readonly tx: Transaction; readonly truth: GroundTruth }[] = []
liveThrough(settings, 10_000, { labelled: (tx, truth) => void seen.push({ tx, truth }) })

/** As a reader of RFC 4180 takes a line apart. */
const cellsOf = (line: string): string[] =>
  [...line.trimEnd().matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )

test('a labelled row has 45 fields and five of its label, and never a wall clock', () => {
  const row = labelledRow(seen[0]!.tx, seen[0]!.truth)
  const names = Object.keys(row)
  expect(names).toHaveLength(50)
  expect(names.slice(45)).toEqual([
    'fraud_type',
    'fraud_confidence',
    'fraud_severity',
    'fraud_reason',
    'fraud_evidence',
  ])
  expect(names).not.toContain('intended_at')
})

test('each row is of one transaction and its own truth, whatever a delivery path would do', () => {
  expect(seen.length).toBeGreaterThanOrEqual(10_000)
  expect(new Set(seen.map(({ tx }) => tx.transaction_id)).size).toBe(seen.length)
  for (const { tx, truth } of seen) expect(truth.transaction_id).toBe(tx.transaction_id)
  expect(seen.filter(({ truth }) => truth.is_fraud).length).toBeGreaterThan(100)
})

test('rows as CSV come back as they were', () => {
  for (const { tx, truth } of seen.slice(0, 2_000)) {
    const row = labelledRow(tx, truth)
    expect(cellsOf(csvHead(row))).toEqual(Object.keys(row))
    const cells = cellsOf(csvRow(row))
    expect(cells).toHaveLength(50)
    Object.values(row).forEach((value, i) => {
      const expected = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
      expect(cells[i]).toBe(expected)
    })
  }
})
