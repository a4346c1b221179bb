import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '#infra/local/run-command.ts'

/** A certificate authority of a test's own, and a server's certificate for 127.0.0.1 that it has signed. PEM files. */
export interface Authority {
  readonly ca: string
  /** Key and chain in one file, as Kafka wants it. */
  readonly keyStore: string
  readonly key: string
  readonly cert: string
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Made by openssl, which comes with every system that has a trust store. */
export async function makeAuthority(folder: string): Promise<Authority> {
  const file = (name: string): string => join(folder, name)
  await openssl(
    ...['req', '-x509', ...newKey, '-keyout', file('ca.key'), '-out', file('ca.crt'), '-days', '2'],
    ...['-subj', '/CN=an authority of one test', '-addext', 'basicConstraints=critical,CA:TRUE'],
  )
  await openssl(
    ...['req', ...newKey, '-keyout', file('server.key'), '-out', file('server.csr'), '-subj', '/CN=localhost'],
  )
  writeFileSync(file('server.ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n')
  await openssl(
    ...['x509', '-req', '-in', file('server.csr'), '-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial'],
    ...['-out', file('server.crt'), '-days', '2', '-extfile', file('server.ext')],
  )
  const read = (name: string): string => readFileSync(file(name), 'utf8')
  writeFileSync(file('server.pem'), read('server.key') + read('server.crt') + read('ca.crt'))
  return { ca: file('ca.crt'), keyStore: file('server.pem'), key: file('server.key'), cert: file('server.crt') }
}

async function openssl(...args: string[]): Promise<void> {
  const { code, output } = await runCommand('openssl', args, { timeoutMs: 30_000 })
  if (code !== 0) throw new Error(`openssl ${args[0]} failed: ${output}`)
}
