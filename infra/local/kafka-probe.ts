import { connect } from 'node:net'

const METADATA_KEY = 3
const METADATA_VERSION = 4
/** Length, API key, version, correlation id, no client id, no topics, no topic creation. */
const REQUEST_BYTES = 4 + 2 + 2 + 4 + 2 + 4 + 1
/** Length, correlation id, throttle time; then the brokers as an array. */
const BROKERS_OFFSET = 4 + 4 + 4

/** A Metadata request, version 4, for no topic at all. */
export function metadataRequest(): Buffer {
  const request = Buffer.alloc(REQUEST_BYTES)
  request.writeInt32BE(REQUEST_BYTES - 4, 0)
  request.writeInt16BE(METADATA_KEY, 4)
  request.writeInt16BE(METADATA_VERSION, 6)
  request.writeInt32BE(1, 8)
  request.writeInt16BE(-1, 12)
  return request
}

/** How many brokers the broker on this port knows to be up; 0 while it does not answer. */
export function countBrokers(port: number, timeoutMs = 1_000): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = Buffer.alloc(0)
    const finish = (count: number) => {
      socket.destroy()
      resolve(count)
    }
    socket.setTimeout(timeoutMs, () => finish(0))
    socket.once('error', () => finish(0))
    socket.once('close', () => finish(0))
    socket.once('connect', () => socket.write(metadataRequest()))
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk])
      if (answer.length >= BROKERS_OFFSET + 4) finish(answer.readInt32BE(BROKERS_OFFSET))
    })
  })
}
