import type { Question } from '#schemas/types.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** A kind of entity that questions are asked about: its state, and how a question is answered from it. */
export interface EntityKindFold<State> {
  /** Goes before the entity's id in state keys. */
  readonly prefix: string
  initialState(): State
  /** Takes the question up into the state and returns the entity's features, this payment included. */
  answer(state: State, question: Question): number[]
  write(out: ByteWriter, state: State): void
  read(from: ByteReader): State
}
