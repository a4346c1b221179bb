import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { stringify } from 'yaml'
import { alertmanagerConfig } from '#infra/alerting/routing.ts'
import type { Report } from '#infra/cli/start/report.ts'
import { writeNewest } from '#infra/cli/topic-access.ts'
import { tail } from '#infra/kafka/tail.ts'
import { freePorts } from '#infra/local/ports.ts'
import { Codec } from '#infra/registry/codec.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import { schemaLookUp } from '#infra/service/access.ts'
import type { InjectorStatus, MonitorStatus, ProducerStatus } from '#infra/service/status.ts'
import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { Control } from '#schemas/types.ts'
import type { Settings } from '#services/settings.ts'
import { Child, connectedTo } from './child.ts'
import { silent } from './deployed.ts'
import { alertmanagerServer, freeRow, Postgres, prometheusServer, type Server } from './servers.ts'
import { sharedStack } from './stack.ts'

/** What Alertmanager has told the webhook. */
export interface Told {
  readonly receiver: string
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[]
}

/** A line of the run's output, as far as it is looked at here. */
interface Line {
  readonly phase?: string
  readonly producer?: ProducerStatus
  readonly injector?: InjectorStatus
  readonly monitor?: MonitorStatus
}

const rulesFile = join(import.meta.dirname, '../../infra/prometheus/rules.yml')
const SERVICES = 4

/** A run of all services with everything that watches it: Prometheus, Alertmanager, a webhook and PostgreSQL. */
export class ObservedRun {
  readonly #settings: Settings
  readonly #folder = mkdtempSync(join(tmpdir(), 'rupeestream-observed-'))
  readonly #servers: Server[] = []
  #webhook: HttpServer | undefined
  #firstPort = 0
  readonly #ending = new AbortController()
  readonly #following: Promise<void>[] = []
  /** What the webhook was told, in order. */
  readonly told: Told[] = []
  prometheusUrl = ''
  postgres!: Postgres
  database!: Client
  run!: Child

  constructor(settings: Settings) {
    this.#settings = settings
  }

  async start(scenario: Readonly<Record<string, unknown>>): Promise<void> {
    this.postgres = await Postgres.start()
    this.#firstPort = await freeRow(SERVICES)
    await this.#startAlerting(await this.#startWebhook())
    const file = join(this.#folder, 'scenario.yaml')
    const { topicPrefix } = this.#settings
    writeFileSync(file, stringify({ ...scenario, topicPrefix, monitor: { postgres: this.postgres.url } }))
    const own = ['--scenario', file, '--data-dir', join(this.#folder, 'data'), '--json']
    const more = ['--report', this.#reportFile, '--metrics-port', String(this.#firstPort)]
    this.run = new Child('infra/cli/main.ts', ['start', ...own, ...more], connectedTo(sharedStack().connection))
    await this.connect()
  }

  /** To the database, anew. */
  async connect(): Promise<void> {
    this.database = new Client({ connectionString: this.postgres.url })
    await this.database.connect()
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    await Promise.allSettled(this.#following)
    await Child.endAll()
    await this.database?.end().catch(() => {})
    await Promise.all([...this.#servers.map((server) => server.stop()), this.postgres?.stop()])
    this.#webhook?.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** The newest line that the run has said. */
  get newest(): Line {
    return JSON.parse(this.run.out.at(-1) ?? '{}') as Line
  }

  /** Once it has ended. */
  get report(): Report {
    return JSON.parse(readFileSync(this.#reportFile, 'utf8')) as Report
  }

  /** The base addresses of the services' endpoints. */
  get endpoints(): string[] {
    return Array.from({ length: SERVICES }, (_, i) => `http://127.0.0.1:${this.#firstPort + i}`)
  }

  /** Hears of each record of a topic from its beginning, until the end. */
  async follow<Name extends TopicName>(topic: Name, hear: (record: TopicRecords[Name]) => void): Promise<void> {
    const { connection } = sharedStack()
    const { topicPrefix } = this.#settings
    const options = {
      codec: new Codec(await lookUpSchemaIds(connection, this.#settings)),
      lookUp: schemaLookUp(connection),
      topicPrefix,
      fromBeginning: true,
      signal: this.#ending.signal,
      log: silent,
    }
    const following = async () => {
      for await (const { value } of tail(connection, topic, options)) hear(value as TopicRecords[Name])
    }
    this.#following.push(following())
  }

  /** Writes commands, by their keys, to the topic that the services follow. */
  async command(commands: ReadonlyMap<string, Pick<Control, 'target' | 'command'> & Partial<Control>>): Promise<void> {
    const empty = { number: null, text: null, customer_id: null }
    const records = [...commands].map(([key, wish]) => [key, { ...empty, ...wish }] as const)
    await writeNewest(sharedStack().connection, this.#settings, 'control', new Map(records))
  }

  /** The value of a query of one series; NaN while there is none. */
  async metric(query: string): Promise<number> {
    const answer = await fetch(`${this.prometheusUrl}/api/v1/query?${new URLSearchParams({ query })}`)
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } }
    return Number(data.result[0]?.value[1] ?? Number.NaN)
  }

  async countOf(relation: string): Promise<number> {
    const { rows } = await this.database.query<{ n: string }>(`SELECT count(*) AS n FROM ${relation}`)
    return Number(rows[0]!.n)
  }

  get #reportFile(): string {
    return join(this.#folder, 'report.json')
  }

  async #startWebhook(): Promise<string> {
    const webhook = createServer((request, response) => {
      let body = ''
      request.on('data', (part) => {
        body += String(part)
      })
      request.on('end', () => {
        this.told.push(JSON.parse(body) as Told)
        response.end()
      })
    })
    this.#webhook = webhook
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(webhook.address() as AddressInfo).port}`
  }

  async #startAlerting(webhookUrl: string): Promise<void> {
    const [prometheusPort, alertmanagerPort] = (await freePorts(2)) as [number, number]
    this.prometheusUrl = `http://127.0.0.1:${prometheusPort}`
    const alertmanagerFile = join(this.#folder, 'alertmanager.yml')
    writeFileSync(alertmanagerFile, stringify(alertmanagerConfig({ 'fraud-desk': webhookUrl, 'on-call': webhookUrl })))
    const prometheusFile = join(this.#folder, 'prometheus.yml')
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [rulesFile],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }] },
      scrape_configs: [
        {
          job_name: 'rupeestream',
          static_configs: [{ targets: this.endpoints.map((url) => url.slice('http://'.length)) }],
        },
      ],
    }
    writeFileSync(prometheusFile, stringify(config))
    const folder = this.#folder
    this.#servers.push(
      alertmanagerServer({ folder, port: alertmanagerPort, configFile: alertmanagerFile }),
      prometheusServer({ folder, port: prometheusPort, configFile: prometheusFile }),
    )
    await Promise.all(this.#servers.map((server) => server.start()))
  }
}
