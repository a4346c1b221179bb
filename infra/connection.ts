/** Where Kafka and the schema registry are, and how to be let in. */
export interface Connection {
  /** host:port, one or more. */
  readonly brokers: readonly string[]
  /** Base URL of a registry with Confluent's API, such as http://127.0.0.1:8081/apis/ccompat/v7. */
  readonly registry: string
  readonly tls?: Tls
  readonly sasl?: Sasl
  readonly registryAuth?: { readonly username: string; readonly password: string }
}

/** PEM texts; all absent means the system's own trust store and no client certificate. */
export interface Tls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export interface Sasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly password: string
}
