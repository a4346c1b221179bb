/** So many go into one record: together they stay far below the megabyte that a broker takes. */
const ITEMS_PER_RECORD_MAX = 1_000

/**
 * What goes to other partitions, gathered over a batch so that one record carries much of it. Between two batches it is
 * empty, so that a checkpoint need not save it.
 */
export class Outgoing<Item> {
  readonly #byPartition = new Map<number, Item[]>()

  add(partition: number, item: Item): void {
    const items = this.#byPartition.get(partition)
    if (items === undefined) this.#byPartition.set(partition, [item])
    else items.push(item)
  }

  /** Hands over everything, partition by partition, in the order in which it was added. */
  flush(send: (partition: number, items: readonly Item[]) => void): void {
    for (const [partition, items] of this.#byPartition) {
      for (let from = 0; from < items.length; from += ITEMS_PER_RECORD_MAX) {
        send(partition, items.slice(from, from + ITEMS_PER_RECORD_MAX))
      }
    }
    this.#byPartition.clear()
  }
}
