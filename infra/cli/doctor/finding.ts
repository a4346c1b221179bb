/** What the doctor found of one thing. */
export interface Finding {
  /** note: worth knowing, but nothing stops because of it. */
  readonly state: 'ok' | 'note' | 'missing'
  readonly what: string
  readonly found: string
  /** What to do about it. */
  readonly advice?: string
}
