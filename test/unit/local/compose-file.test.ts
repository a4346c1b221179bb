import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly ports?: readonly string[]
  readonly init?: boolean
  readonly depends_on?: Readonly<Record<string, unknown>>
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> }
const services = Object.entries(compose.services)
const own = services.filter(([, { image }]) => image === 'rupeestream')

describe('docker-compose.yml', () => {
  test('runs the versions of broker and registry that the local stack runs', () => {
    const version = (name: string) => new RegExp(`<${name}.version>(.*)</`).exec(read('infra/local/pom.xml'))?.[1]
    expect(compose.services.kafka?.image).toBe(`apache/kafka:${version('kafka')}`)
    expect(compose.services.registry?.image).toBe(`apicurio/apicurio-registry:${version('apicurio')}`)
  })

  test('starts files that exist, each with an init process that passes signals on', () => {
    expect(own.map(([name]) => name)).toEqual(['schemas', 'topics', 'producer', 'fraud-injector', 'scorer', 'monitor'])
    for (const [name, { command, init }] of own) {
      expect(existsSync(join(root, command?.[0] ?? '')), `${name}: ${command?.[0]}`).toBe(true)
      expect(init, name).toBe(true)
    }
  })

  test('publishes ports on loopback only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? [])
    expect(ports.length).toBeGreaterThan(0)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  test('waits for things that are in it', () => {
    for (const [, service] of services) {
      for (const name of Object.keys(service.depends_on ?? {})) expect(compose.services).toHaveProperty(name)
    }
  })

  test('builds an image from folders that exist', () => {
    const copied = [...read('infra/docker/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
    const sources = copied.flatMap(([, paths]) => (paths as string).split(' '))
    expect(sources).toContain('services')
    for (const source of sources) expect(existsSync(join(root, source)), source).toBe(true)
  })
})
