/** What a deploy step did to one thing. */
export interface Change {
  readonly name: string
  readonly action: 'created' | 'updated' | 'unchanged'
  readonly detail?: string
}
