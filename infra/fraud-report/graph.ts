import type { FraudObserver } from './observer.ts'

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign]!)

/**
 * The rings as a graph in GraphML: customers, and the devices, payees, merchants and addresses that at least two of a
 * ring have used. An edge is such a use; its weight is how many frauds it carried.
 */
export function graphMl({ uses, campaigns }: FraudObserver): string {
  const typeOf = new Map([...campaigns.values()].map(({ ringId, type }) => [ringId, type]))
  const customersOf = new Map<string, Set<string>>()
  const edges = [...uses].map(([key, weight]) => {
    const [ring, customer, kind, id] = key.split('\t') as [string, string, string, string]
    const shared = `${ring}\t${kind}\t${id}`
    customersOf.set(shared, (customersOf.get(shared) ?? new Set()).add(customer))
    return { ring, customer, kind, id, shared, weight }
  })
  const kept = edges.filter(({ shared }) => customersOf.get(shared)!.size > 1)
  const nodes = new Map<string, { readonly kind: string; readonly ring: string }>()
  for (const { ring, customer, kind, id } of kept) {
    nodes.set(customer, { kind: 'customer', ring })
    nodes.set(id, { kind, ring })
  }
  const data = (key: string, value: string | number): string => `<data key="${key}">${escaped(String(value))}</data>`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    '<key id="kind" for="node" attr.name="kind" attr.type="string"/>',
    '<key id="ring" for="node" attr.name="ring" attr.type="string"/>',
    '<key id="type" for="edge" attr.name="fraud_type" attr.type="string"/>',
    '<key id="weight" for="edge" attr.name="weight" attr.type="int"/>',
    '<graph id="rings" edgedefault="undirected">',
    ...[...nodes].map(
      ([id, { kind, ring }]) => `<node id="${escaped(id)}">${data('kind', kind)}${data('ring', ring)}</node>`,
    ),
    ...kept.map(
      ({ ring, customer, id, weight }) =>
        `<edge source="${escaped(customer)}" target="${escaped(id)}">${data('type', typeOf.get(ring) ?? '')}${data('weight', weight)}</edge>`,
    ),
    '</graph>',
    '</graphml>',
    '',
  ].join('\n')
}
