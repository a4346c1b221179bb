import type { TopicName } from '#schemas/topics.ts'
import { type FatalError, fatalOf } from './fatal-error.ts'
import { type RestoreSettings, restoreTasks } from './restore-tasks.ts'
import type { Task } from './task.ts'

const RECOVERY_PAUSE_MS = 500

interface Awaited {
  readonly offset: bigint
  /** A batch from elsewhere has come once already. */
  readonly missed: boolean
}

export interface GenerationEvents {
  readonly seek: (topic: string, partition: number, offset: bigint) => void
  readonly failed: (error: FatalError) => void
}

/**
 * What a member of the consumer group holds between two rebalances: its partitions' tasks, and where reading must go
 * on. Once ended, it touches nothing any more: the same partitions may already belong to the next generation.
 */
export class Generation<State, Shared, Inputs extends TopicName> {
  readonly #settings: RestoreSettings<State, Shared, Inputs>
  readonly #events: GenerationEvents
  readonly #tasks = new Map<number, Promise<Task<State, Shared, Inputs>>>()
  readonly #ready = new Map<number, Task<State, Shared, Inputs>>()
  readonly #awaited = new Map<string, Awaited>()
  #ended = false

  constructor(
    settings: RestoreSettings<State, Shared, Inputs>,
    events: GenerationEvents,
    partitions: readonly number[],
  ) {
    this.#settings = settings
    this.#events = events
    this.#restore(partitions)
  }

  get hasEnded(): boolean {
    return this.#ended
  }

  get isReady(): boolean {
    return this.#ready.size === this.#tasks.size
  }

  get ready(): Task<State, Shared, Inputs>[] {
    return [...this.#ready.values()]
  }

  /** The task of a partition, once it is restored; undefined for one that is not this generation's. */
  task(partition: number): Promise<Task<State, Shared, Inputs>> | undefined {
    return this.#tasks.get(partition)
  }

  /** Lets go of everything; what is in flight fails or is fenced by whoever comes next. */
  end(): void {
    this.#ended = true
    for (const task of this.#ready.values()) void task.abandon()
  }

  /**
   * Whether a batch comes from where reading was told to go on. One that does not was asked for before: it is dropped,
   * once. When it happens again the records in between are such as nobody sees (aborted, or marks of transactions).
   */
  accepts(topic: Inputs, partition: number, fetchedOffset: bigint): boolean {
    const where = `${topic}/${partition}`
    const awaited = this.#awaited.get(where)
    if (awaited === undefined) return true
    if (fetchedOffset === awaited.offset || (awaited.missed && fetchedOffset > awaited.offset)) {
      this.#awaited.delete(where)
      return true
    }
    this.#seek(topic, partition, { offset: awaited.offset, missed: true })
    return false
  }

  /** Takes a task out of service, and whether it was in service at all. */
  async retire(task: Task<State, Shared, Inputs>): Promise<boolean> {
    if (this.#ended || this.#ready.get(task.partition) !== task) return false
    this.#ready.delete(task.partition)
    await task.abandon()
    return true
  }

  /** Brings a retired task's partition back, from its last commit. */
  restart(partition: number): void {
    if (!this.#ended) this.#restore([partition])
  }

  #restore(partitions: readonly number[]): void {
    const restored = this.#restoreUntilDone(partitions)
    for (const partition of partitions) {
      const task = restored.then((tasks) => tasks.get(partition)!)
      // Whoever needs the task hears of the failure; nobody may need it any more.
      task.catch(() => {})
      this.#tasks.set(partition, task)
    }
  }

  async #restoreUntilDone(partitions: readonly number[]): Promise<Map<number, Task<State, Shared, Inputs>>> {
    const { log, fold } = this.#settings
    for (;;) {
      try {
        const tasks = await restoreTasks(this.#settings, partitions)
        if (this.#ended) for (const task of tasks.values()) await task.abandon()
        else this.#adopt(tasks)
        log.info({ group: fold.name, partitions }, 'state restored')
        return tasks
      } catch (error) {
        const fatal = fatalOf(error)
        if (fatal !== undefined) this.#events.failed(fatal)
        if (this.#ended || fatal !== undefined) throw error
        log.warn({ err: error, partitions }, 'restoring failed; trying again')
        await new Promise((resolve) => setTimeout(resolve, RECOVERY_PAUSE_MS))
      }
    }
  }

  #adopt(tasks: ReadonlyMap<number, Task<State, Shared, Inputs>>): void {
    for (const [partition, task] of tasks) {
      this.#ready.set(partition, task)
      for (const [topic, offset] of task.position) this.#seek(topic, partition, { offset, missed: false })
    }
  }

  #seek(topic: string, partition: number, awaited: Awaited): void {
    this.#awaited.set(`${topic}/${partition}`, awaited)
    this.#events.seek(topic, partition, awaited.offset)
  }
}
