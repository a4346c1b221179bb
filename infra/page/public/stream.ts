import type { PaymentView } from '#services/monitor/live/payment-sample.ts'
import { clock } from '../../cli/view/format.ts'
import { railName, rupees } from './alert-text.ts'
import { byId, draw, html } from './dom.ts'

/** A few payments a second, so that it can be seen what a payment is. */
export class Stream {
  readonly #body = byId<HTMLElement>('stream')

  update(payments: readonly PaymentView[]): void {
    draw(this.#body, payments, (rows) => rows.map(rowOf))
  }
}

const rowOf = ({ eventTimeMs, amountMinor, rail, party, city, status }: PaymentView): HTMLElement =>
  html(
    'tr',
    status === 'APPROVED' ? {} : { class: 'refused' },
    html('td', {}, clock(eventTimeMs)),
    html('td', { class: 'amount' }, rupees(amountMinor)),
    html('td', {}, railName(rail)),
    html('td', { class: 'party' }, status === 'APPROVED' ? party : `refused: ${party}`),
    html('td', {}, city),
  )
