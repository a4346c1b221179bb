import type { Key } from './key-map.ts'
import type { InUse } from './use-order.ts'

/** A key of a fold at work: its state, and what is noted of its use. */
export interface Kept<State> extends Key, InUse {
  state: State
  touchedMs: number
  /** Number of this use among all uses of all keys: the order of last use, whatever time it was. */
  use: number
  /** Snapshots begun before its last change. */
  changedAfter: number
}

export const unused = <State>({ kind, id }: Key, state: State): Kept<State> => ({
  kind,
  id,
  state,
  touchedMs: 0,
  use: 0,
  changedAfter: -1,
  place: 0,
})
