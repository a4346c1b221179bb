interface Framing {
  readonly correlationId: number
  readonly clientId: string
  readonly request: {
    readonly apiKey: number
    readonly apiVersion: number
    encode(): Promise<{ readonly buffer: Buffer }>
  }
}

const SIZE_BYTES = 4
const HEADER_BYTES = 10

/** A request with its size and header (version 1) before it, copied once; kafkajs copies it twice as it grows. */
export async function frameRequest({ correlationId, clientId, request }: Framing): Promise<{ buffer: Buffer }> {
  const { buffer: payload } = await request.encode()
  const idBytes = Buffer.byteLength(clientId)
  const size = HEADER_BYTES + idBytes + payload.length
  const buffer = Buffer.allocUnsafe(SIZE_BYTES + size)
  let at = buffer.writeInt32BE(size)
  at = buffer.writeInt16BE(request.apiKey, at)
  at = buffer.writeInt16BE(request.apiVersion, at)
  at = buffer.writeInt32BE(correlationId, at)
  at = buffer.writeInt16BE(idBytes, at)
  at += buffer.write(clientId, at)
  buffer.set(payload, at)
  return { buffer }
}
