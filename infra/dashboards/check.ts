/** Words of PromQL that look like names of metrics where no bracket follows. */
const keywords = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'and',
  'or',
  'unless',
  'bool',
  'offset',
  'le',
])

/** The metrics that a query reads, without _bucket, _sum and _count of histograms. */
export function metricNamesOf(expression: string): string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\s*\(|\w)/g)].map(([name]) => name)
  return [
    ...new Set(names.filter((name) => !keywords.has(name)).map((name) => name.replace(/_(bucket|sum|count)$/, ''))),
  ]
}
