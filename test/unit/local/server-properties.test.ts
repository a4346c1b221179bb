import { expect, test } from 'vitest'
import { serverProperties } from '#infra/local/server-properties.ts'

const node = (id: number) => ({ id, port: 9000 + id, controllerPort: 9100 + id })

const parse = (text: string) =>
  new Map(text.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]))

test('one broker keeps one copy and listens on loopback only', () => {
  const properties = parse(serverProperties(node(1), [node(1)], '/data/log'))
  expect(properties.get('listeners')).toBe('PLAINTEXT://127.0.0.1:9001,CONTROLLER://127.0.0.1:9101')
  expect(properties.get('controller.quorum.voters')).toBe('1@127.0.0.1:9101')
  expect(properties.get('transaction.state.log.replication.factor')).toBe('1')
  expect(properties.get('transaction.state.log.min.isr')).toBe('1')
})

test('three brokers keep three copies, two of them in step', () => {
  const nodes = [node(1), node(2), node(3)]
  const properties = parse(serverProperties(node(2), nodes, '/data/log'))
  expect(properties.get('node.id')).toBe('2')
  expect(properties.get('controller.quorum.voters')).toBe('1@127.0.0.1:9101,2@127.0.0.1:9102,3@127.0.0.1:9103')
  expect(properties.get('offsets.topic.replication.factor')).toBe('3')
  expect(properties.get('min.insync.replicas')).toBe('2')
})

test('what the caller wants wins', () => {
  const properties = parse(serverProperties(node(1), [node(1)], '/data/log', { 'min.insync.replicas': '7' }))
  expect(properties.get('min.insync.replicas')).toBe('7')
})
