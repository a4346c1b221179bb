import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadScenario, shippedScenarios } from '#infra/service/scenario.ts'
import { defaultSettings, fraudRate } from '#services/settings.ts'

const settingsOf = (name: string) => loadScenario({ file: name }).settings
const folder = join(import.meta.dirname, '../../../infra/scenarios')

describe('the shipped scenarios', () => {
  test('are these, each described in README', () => {
    expect(shippedScenarios()).toEqual(['default', 'fraud-wave', 'load-test', 'normal-day'])
    const readme = readFileSync(join(folder, '../../README.md'), 'utf8')
    for (const name of shippedScenarios()) expect(readme).toContain(`--scenario ${name}`)
  })

  test('go by name as by file', () => {
    for (const name of shippedScenarios()) {
      expect(settingsOf(name)).toEqual(settingsOf(join(folder, `${name}.yaml`)))
    }
    expect(settingsOf('default')).toEqual(defaultSettings)
  })

  test('are what they say they are', () => {
    const [day, wave, load] = ['normal-day', 'fraud-wave', 'load-test'].map(settingsOf)
    expect(fraudRate(day!.fraud)).toBe(0.002)
    expect(day!.pace).toEqual({ speed: (24 * 60) / 5 })
    expect(fraudRate(wave!.fraud)).toBeGreaterThan(20 * fraudRate(day!.fraud))
    expect(load!.pace).toMatchObject({ rate: { stages: expect.arrayContaining([{ for: 120_000, to: 1_500 }]) } })
    expect(new Set([day!.seed, wave!.seed, load!.seed]).size).toBe(3)
  })

  test('that of the demo in containers differs by its database', () => {
    const { monitor, ...others } = settingsOf(join(folder, '../docker/demo.yaml'))
    expect({ ...others, monitor: { ...monitor, postgres: null } }).toEqual(defaultSettings)
    expect(monitor.postgres).toBe('postgres://rupeestream@postgres:5432/rupeestream')
  })

  test('are named when another one is asked for', () => {
    expect(() => settingsOf('bad-day')).toThrow(/no such file.*shipped are default, fraud-wave, load-test, normal-day/)
  })
})

describe('the address of a PostgreSQL', () => {
  const read = (postgres: string) => () =>
    loadScenario({ overrides: [{ path: ['monitor', 'postgres'], value: postgres, from: '--test' }] })

  test('is a URL without a password, and the password is not shown', () => {
    expect(read('postgres://me@db:5432/alerts')().settings.monitor.postgres).toBe('postgres://me@db:5432/alerts')
    expect(read('http://db/alerts')).toThrow(/monitor\.postgres: expected a URL such as postgres:/)
    expect(read('postgres://me:secret@db/alerts')).toThrow(/expected a URL without a password: set PGPASSWORD/)
    let said = ''
    try {
      read('postgres://me:secret@db/alerts')()
    } catch (error) {
      said = String(error)
    }
    expect(said).not.toContain('secret')
  })
})
