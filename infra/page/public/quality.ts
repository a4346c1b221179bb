import type { Quality } from '#services/monitor/quality.ts'
import { count, percent } from '../../cli/view/format.ts'
import { named } from './alert-text.ts'
import { byId, draw, html } from './dom.ts'

type Row = readonly [type: string, { readonly fraud: number; readonly detected: number }]

/** How much of each type of fraud has been found, the most frequent first. */
export class QualityTable {
  readonly #body = byId<HTMLTableElement>('quality').tBodies[0]!

  update({ byType }: Quality): void {
    const rows = Object.entries(byType).sort((a, b) => b[1].fraud - a[1].fraud || (a[0] < b[0] ? -1 : 1))
    draw(this.#body, rows, () => (rows.length === 0 ? [nothing()] : rows.map(rowOf)))
  }
}

const nothing = (): HTMLElement => html('tr', {}, html('td', { colspan: 3, class: 'none' }, 'No fraud yet.'))

function rowOf([type, { fraud, detected }]: Row): HTMLElement {
  const share = detected / fraud
  const meter = html('meter', { min: 0, max: 1, value: share })
  meter.append(percent(share))
  return html(
    'tr',
    {},
    html('th', { scope: 'row' }, named(type)),
    html('td', {}, `${count(detected)} of ${count(fraud)}`),
    html('td', {}, meter),
  )
}
