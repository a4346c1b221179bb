import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { publishedAt } from '#infra/local/compose.ts'
import project from '../../../package.json' with { type: 'json' }
import { type ComposeFile, faultsOf, ownSecrets } from '../../helpers/compose-faults.ts'

const root = join(import.meta.dirname, '../../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const compose = parse(read('docker-compose.yml'), { merge: true }) as ComposeFile
/** As compose has a variable with a default. */
const variable = (name: string, value: string): string => `\${${name}:-${value}}`
const own = Object.entries(compose.services).filter(([, { image }]) => image === 'rupeestream')
const dockerfile = read('infra/docker/Dockerfile')

describe('docker-compose.yml', () => {
  test('runs the versions of broker, registry and Node that the local stack runs', () => {
    const version = (name: string) => new RegExp(`<${name}.version>(.*)</`).exec(read('infra/local/pom.xml'))?.[1]
    expect(compose.services.kafka?.image).toBe(`apache/kafka:${version('kafka')}`)
    expect(compose.services.registry?.image).toBe(`apicurio/apicurio-registry:${version('apicurio')}`)
    expect(dockerfile).toContain(`ARG NODE_VERSION=${project.dependencies.node}\n`)
  })

  test.each([{}, { KAFKA_PORT: '19092', REGISTRY_PORT: '18081' }])(
    'is looked for where it publishes its ports: %o',
    (env) => {
      const filled = (text: string): string =>
        text.replace(/\$\{(\w+):-(\d+)\}/g, (_, name, value) => (env as NodeJS.ProcessEnv)[name] ?? value)
      const published = (name: string) =>
        filled(String(compose.services[name]!.ports![0])).split(':').slice(0, 2).join(':')
      const { brokers, registry } = publishedAt(env)
      expect(brokers).toEqual([published('kafka')])
      expect(new URL(registry).host).toBe(published('registry'))
    },
  )

  test('starts files that exist', () => {
    expect(own.map(([name]) => name)).toEqual(['schemas', 'topics', 'producer', 'fraud-injector', 'scorer', 'monitor'])
    for (const [name, { command }] of own)
      expect(existsSync(join(root, command?.[0] ?? '')), `${name}: ${command?.[0]}`).toBe(true)
  })

  test('holds every container to the same rules', () => {
    expect(faultsOf(compose, root)).toEqual([])
  })

  test('has no password and no token in it', () => {
    expect(ownSecrets(compose)).toEqual([])
    const { services } = compose
    const set = (environment: Readonly<Record<string, string>>) =>
      ownSecrets({ services: { thing: { ...services.postgres!, environment } } })
    expect(set({ POSTGRES_PASSWORD: variable('POSTGRES_PASSWORD', 'rupeestream') })).toEqual([
      'thing: POSTGRES_PASSWORD',
    ])
    expect(set({ RUPEESTREAM_PAGE_TOKEN: 'rupeestream-rupee' })).toEqual(['thing: RUPEESTREAM_PAGE_TOKEN'])
  })

  test('without a profile runs the stream, and with demo what looks at it', () => {
    const named = (profile: string | undefined) =>
      Object.entries(compose.services).flatMap(([name, { profiles }]) => (profiles?.[0] === profile ? [name] : []))
    expect(named(undefined)).toEqual(['kafka', 'registry', ...own.map(([name]) => name)])
    expect(named('demo')).toEqual(['prometheus', 'alertmanager', 'postgres', 'grafana'])
  })

  test('builds an image from folders that exist, for a user that is not root', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
    const sources = copied.flatMap(([, paths]) => (paths as string).split(' '))
    expect(sources).toContain('services')
    for (const source of sources) expect(existsSync(join(root, source)), source).toBe(true)
    expect(dockerfile).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m)
  })
})

describe('the rules for containers', () => {
  const healthy = {
    image: 'maker/thing:1.2.3',
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    healthcheck: { test: ['CMD', 'true'] },
  }
  const planted = [
    ['a port on every interface', { ports: ['9090:9090'] }, 'thing: port 9090:9090 is not on 127.0.0.1'],
    ['an image without a version', { image: 'maker/thing' }, 'thing: image maker/thing has no version'],
    ['the newest image', { image: 'maker/thing:latest' }, 'thing: image maker/thing:latest has no version'],
    ['a root that can be written', { read_only: false }, 'thing: its root file system can be written'],
    ['root', { user: '0' }, 'thing: runs as root'],
    ['our image without a user', { image: 'rupeestream', init: true }, 'thing: runs as root'],
    ['our image without an init', { image: 'rupeestream', user: '1000' }, 'thing: has no init process'],
    ['capabilities', { cap_drop: [] }, 'thing: keeps capabilities'],
    ['setuid', { security_opt: [] }, 'thing: may gain privileges'],
    ['no health check', { healthcheck: undefined }, 'thing: has no health check'],
    ['a file that is not there', { volumes: ['./nowhere:/there:ro'] }, 'thing: mounts ./nowhere, which does not exist'],
    ['a folder of ours to be written', { volumes: ['./infra:/there'] }, 'thing: may write to ./infra'],
    [
      'a path of others that is made where it does not exist',
      { volumes: [`${variable('FOLDER', './infra')}:/there:ro`] },
      `thing: may create ${variable('FOLDER', './infra')}`,
    ],
    [
      'at length, a folder of ours to be written',
      { volumes: [{ type: 'bind', source: './infra', target: '/there' }] },
      'thing: may write to ./infra',
    ],
    [
      'at length, a port on every interface',
      { ports: [{ target: 9090, published: '9090' }] },
      'thing: port :9090:9090 is not on 127.0.0.1',
    ],
    [
      'a volume that nobody declares',
      { volumes: ['data:/there'] },
      'thing: mounts data, which is no volume of the file',
    ],
    ['a need for nothing', { depends_on: { nothing: {} } }, 'thing: waits for nothing, which is not in the file'],
  ] as const

  test.each(planted)('see %s', (_, change, fault) => {
    expect(faultsOf({ services: { thing: healthy } }, root)).toEqual([])
    expect(faultsOf({ services: { thing: { ...healthy, ...change } as never } }, root)).toContain(fault)
  })
})
