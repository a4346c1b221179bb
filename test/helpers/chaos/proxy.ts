import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import type { SocketFactory } from '#infra/kafka/client.ts'

/** Kafka's key of the request that ends a transaction. */
const END_TXN = 26
const LENGTH_BYTES = 4

export interface ProxyOptions {
  /** host:port of the broker. */
  readonly broker: string
  /** Keeps the n-th EndTxn request (from 1) for so long before the broker gets it, even when the client is gone. */
  readonly holdEndTxn?: { readonly nth: number; readonly ms: number; readonly onHeld: () => void }
}

/** Stands between one client and the broker: cuts connections, or makes the network keep a commit to itself. */
export class FaultProxy {
  readonly #options: ProxyOptions
  readonly #server = createServer((client) => this.#accept(client))
  readonly #sockets = new Set<Socket>()
  #commits = 0
  #cuts = 0

  constructor(options: ProxyOptions) {
    this.#options = options
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  /** Connections cut so far. */
  get cuts(): number {
    return this.#cuts
  }

  cutAll(): void {
    this.#cuts += this.#sockets.size / 2
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    const [host, port] = this.#options.broker.split(':')
    const broker = connect(Number(port), host)
    let holding = false
    for (const socket of [client, broker]) {
      socket.setNoDelay(true)
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
    }
    broker.pipe(client)
    broker.on('close', () => client.destroy())
    client.on('close', () => !holding && broker.destroy())
    forEachFrame(client, (frame) => {
      const { holdEndTxn } = this.#options
      const isCommit = frame.readInt16BE(LENGTH_BYTES) === END_TXN && ++this.#commits === holdEndTxn?.nth
      if (!isCommit || holdEndTxn === undefined) {
        if (!holding) broker.write(frame)
        return
      }
      holding = true
      holdEndTxn.onHeld()
      setTimeout(() => broker.end(frame), holdEndTxn.ms)
    })
  }
}

function forEachFrame(socket: Socket, handle: (frame: Buffer) => void): void {
  let rest = Buffer.alloc(0)
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data])
    while (rest.length >= LENGTH_BYTES && rest.length >= LENGTH_BYTES + rest.readInt32BE(0)) {
      const end = LENGTH_BYTES + rest.readInt32BE(0)
      handle(Buffer.from(rest.subarray(0, end)))
      rest = rest.subarray(end)
    }
  })
}

/** Sends every connection of a client, whatever broker it asks for, through the proxy on this port. */
export const viaProxy =
  (proxyPort: number): SocketFactory =>
  ({ onConnect }) => {
    const socket = connect({ port: proxyPort, host: '127.0.0.1' }, onConnect)
    socket.setNoDelay(true)
    return socket
  }
