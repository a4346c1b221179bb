import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codeConstants } from '#infra/contracts/code-constants.ts'
import { modelDocs } from '#infra/contracts/model-docs.ts'
import bands from '#infra/fidelity/bands.json' with { type: 'json' }

const services = join(import.meta.dirname, '../../../services')
const page = modelDocs()

test('every file of the market, and what happens in lives, has its part', () => {
  const files = readdirSync(join(services, 'market/data')).map((file) => `services/market/data/${file}`)
  expect(files.length).toBeGreaterThan(10)
  for (const file of [...files, 'services/producer/life-events.json']) expect(page).toContain(`](../${file})`)
})

test('every target has its line', () => {
  for (const { what } of bands.bands) expect(page).toContain(`| ${what} |`)
})

test('a constant of the code is told with its value and with what is said of it there', () => {
  const constants = codeConstants(join(services, 'producer'))
  expect(constants.length).toBeGreaterThan(50)
  expect(constants.find(({ name }) => name === 'FULL_SHARE')).toEqual({
    file: 'due-payment.ts',
    name: 'FULL_SHARE',
    value: '0.75',
    about: 'Share of people who pay a card bill in full.',
  })
  for (const { name, about } of constants) expect(about, name).not.toMatch(/\*|\/\//)
})

test('what a file says of some of its numbers stands beside each of them', () => {
  const hours = page.split('\n').filter((line) => line.startsWith('| hourly_weight.'))
  expect(hours.length).toBeGreaterThan(3)
  for (const line of hours) expect(line).toContain('shaped to NPCI peak windows')
})

test('nothing on the page is without words', () => {
  expect(page).not.toMatch(/undefined|\[object|NaN/)
})
