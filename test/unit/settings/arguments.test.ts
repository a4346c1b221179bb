import { describe, expect, test } from 'vitest'
import { readServiceArguments } from '#infra/service/arguments.ts'

const connected = ['--brokers', 'kafka:9092', '--registry', 'http://registry:8081']

describe('arguments of a service', () => {
  test('serve metrics to this machine only, unless an address is named', () => {
    expect(readServiceArguments(connected, {})).toMatchObject({ metricsHost: '127.0.0.1', metricsPort: 0 })
    const open = [...connected, '--metrics-host', '0.0.0.0', '--metrics-port', '9464']
    expect(readServiceArguments(open, {})).toMatchObject({ metricsHost: '0.0.0.0', metricsPort: 9464 })
    expect(readServiceArguments([...connected, '--metrics-host', '::'], {})).toMatchObject({ metricsHost: '::' })
  })

  test.each(['everywhere', '127.0.0', ''])('refuse %j as an address, with what else is wrong', (host) => {
    const wrong = [...connected, '--metrics-host', host, '--shard', '2/2']
    const expected = `--metrics-host: expected an IP address such as 127.0.0.1 or 0.0.0.0, came ${JSON.stringify(host)}`
    expect(() => readServiceArguments(wrong, {})).toThrow(expected)
    expect(() => readServiceArguments(wrong, {})).toThrow('--shard: expected I/N')
  })
})
