import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePorts } from '#infra/local/ports.ts'
import { type Tool, toolPath } from './tools.ts'

const closed = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** The first of so many ports in a row that nobody listens on. */
export async function freeRow(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000)
    const free = await Promise.all(Array.from({ length: count }, (_, i) => closed(first + i)))
    if (free.every(Boolean)) return first
  }
}

interface Program {
  readonly tool: Tool
  readonly args: readonly string[]
  /** As another user: PostgreSQL refuses to be root. */
  readonly user?: { readonly uid: number; readonly gid: number }
  readonly isReady: () => Promise<boolean>
  /** What ends it in order. */
  readonly stopSignal?: NodeJS.Signals
}

/** A server of a test's own, on 127.0.0.1. */
export class Server {
  readonly #program: Program
  #process: ChildProcess | undefined
  #said = ''

  constructor(program: Program) {
    this.#program = program
  }

  async start(): Promise<void> {
    const { tool, args, user, isReady } = this.#program
    const child = spawn(toolPath(tool)!, [...args], { stdio: ['ignore', 'pipe', 'pipe'], ...user })
    this.#process = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        this.#said = (this.#said + String(text)).slice(-2_000)
      })
    }
    // The hook or test that starts it has a time limit of its own.
    while (!(await isReady().catch(() => false))) {
      if (child.exitCode !== null) throw new Error(`${tool} ended: ${this.#said}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async stop(): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill(this.#program.stopSignal ?? 'SIGTERM')
    await once(child, 'exit')
  }
}

const answers = (url: string) => async (): Promise<boolean> => (await fetch(url)).ok

export interface PrometheusOptions {
  readonly folder: string
  readonly port: number
  readonly configFile: string
}

export const prometheusServer = ({ folder, port, configFile }: PrometheusOptions): Server =>
  new Server({
    tool: 'prometheus',
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
      '--log.level=warn',
    ],
    isReady: answers(`http://127.0.0.1:${port}/-/ready`),
  })

export const alertmanagerServer = ({ folder, port, configFile }: PrometheusOptions): Server =>
  new Server({
    tool: 'prometheus-alertmanager',
    args: [
      `--config.file=${configFile}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    isReady: answers(`http://127.0.0.1:${port}/-/ready`),
  })

/** A PostgreSQL with its data in a temporary folder. */
export class Postgres {
  readonly url: string
  readonly #folder: string
  readonly #server: Server

  private constructor(folder: string, server: Server, url: string) {
    this.#folder = folder
    this.#server = server
    this.url = url
  }

  static async start(): Promise<Postgres> {
    const [port] = await freePorts(1)
    const folder = mkdtempSync(join(tmpdir(), 'rupeestream-postgres-'))
    const data = join(folder, 'data')
    mkdirSync(data, { mode: 0o700 })
    const user = process.getuid?.() === 0 ? nobody() : undefined
    if (user !== undefined) for (const path of [folder, data]) chownSync(path, user.uid, user.gid)
    execFileSync(
      toolPath('initdb')!,
      ['-D', data, '-U', 'rupeestream', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
      {
        stdio: 'pipe',
        cwd: folder,
        ...user,
      },
    )
    const url = `postgres://rupeestream@127.0.0.1:${port}/postgres`
    const server = new Server({
      tool: 'postgres',
      args: [
        ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'],
        ...['-c', 'unix_socket_directories=', '-c', 'fsync=off'],
      ],
      ...(user && { user }),
      isReady: answersQueries(url),
      // Ends at once, and in order.
      stopSignal: 'SIGINT',
    })
    try {
      await server.start()
    } catch (error) {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
    return new Postgres(folder, server, url)
  }

  /** Stops answering; the data stay. */
  async pause(): Promise<void> {
    await this.#server.stop()
  }

  async resume(): Promise<void> {
    await this.#server.start()
  }

  async stop(): Promise<void> {
    await this.#server.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** It takes connections a while before it answers. */
const answersQueries = (url: string) => async (): Promise<boolean> => {
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    return true
  } finally {
    await client.end().catch(() => {})
  }
}

function nobody(): { uid: number; gid: number } {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const entry = entries.find(([name]) => name === 'postgres') ?? entries.find(([name]) => name === 'nobody')!
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}
