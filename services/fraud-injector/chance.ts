import { Random, type StreamKey, streamKey } from '../random.ts'

/** The injector's streams of chance. Each returns its own generator, placed anew; none remembers anything. */
export class Chance {
  readonly #keys: Readonly<
    Record<
      'start' | 'met' | 'campaign' | 'steps' | 'record' | 'terminal' | 'shared' | 'anomaly' | 'delivery' | 'debt',
      StreamKey
    >
  >
  readonly #start = new Random()
  readonly #met = new Random()
  readonly #campaign = new Random()
  readonly #steps = new Random()
  readonly #record = new Random()
  readonly #terminal = new Random()
  readonly #shared = new Random()
  readonly #anomaly = new Random()
  readonly #delivery = new Random()
  readonly #debt = new Random()

  constructor(seed: string) {
    const key = (name: string) => streamKey(seed, `fraud/${name}`)
    this.#keys = {
      start: key('start'),
      met: key('met'),
      campaign: key('campaign'),
      steps: key('steps'),
      record: key('record'),
      terminal: key('terminal'),
      shared: key('shared'),
      anomaly: key('anomaly'),
      delivery: key('delivery'),
      debt: key('debt'),
    }
  }

  /** Whether anything starts at the n-th genuine record of a customer. */
  start(customer: number, record: number): Random {
    return this.#start.at(this.#keys.start, customer, record)
  }

  /** What a running campaign makes of the n-th genuine record of a customer. */
  met(customer: number, record: number): Random {
    return this.#met.at(this.#keys.met, customer, record)
  }

  /** What the n-th campaign of a customer is. */
  campaign(customer: number, campaign: number): Random {
    return this.#campaign.at(this.#keys.campaign, customer, campaign)
  }

  /** The course of the n-th campaign of a customer. */
  steps(customer: number, campaign: number): Random {
    return this.#steps.at(this.#keys.steps, customer, campaign)
  }

  /** Identifiers and other small things of the n-th record that the injector makes for a customer. */
  record(customer: number, ordinal: number): Random {
    return this.#record.at(this.#keys.record, customer, ordinal)
  }

  /** What holds for a terminal (by the hash of its id) in an epoch: the same seen from every partition. */
  terminal(hash: number, epoch: number): Random {
    return this.#terminal.at(this.#keys.terminal, hash, epoch)
  }

  /** What many have in common in an epoch, by the hash of its name: a bot, a drop, a card's place on a list. */
  shared(hash: number, epoch: number): Random {
    return this.#shared.at(this.#keys.shared, hash, epoch)
  }

  /** Whether the n-th genuine record of a customer is odd, and how. */
  anomaly(customer: number, record: number): Random {
    return this.#anomaly.at(this.#keys.anomaly, customer, record)
  }

  /** What befalls a transaction on its way, by the hash of its identifier. */
  delivery(hash: number): Random {
    return this.#delivery.at(this.#keys.delivery, hash, 0)
  }

  /** With what part of it a debt begins, by the hash of its name: the same seen from every partition. */
  debt(hash: number): Random {
    return this.#debt.at(this.#keys.debt, hash, 0)
  }
}
