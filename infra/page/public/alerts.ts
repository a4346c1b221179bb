import type { JudgedCard } from '#services/monitor/live/live-view.ts'
import { clock, words } from '../../cli/view/format.ts'
import { rankOf, verdictOf, whoText } from './alert-text.ts'
import { byId, draw, html, say } from './dom.ts'

/** How long a card stays on top, so that it can be read while others come. */
const HOLD_MS = 5_000
/** How often new alerts are read aloud. */
const SPEAK_MS = 15_000
const ROWS_MAX = 7

/** The newest alert as a card, the gravest where several have come since; and those before it as a list. */
export class Alerts {
  readonly #section = byId<HTMLElement>('alerts')
  readonly #newest = byId<HTMLElement>('newest')
  readonly #rows = byId<HTMLElement>('cards')
  readonly #held = byId<HTMLElement>('held')
  readonly #spoken = byId<HTMLElement>('spoken')
  #shownId: string | undefined
  #shownMs = Number.NEGATIVE_INFINITY
  #spokenMs = Number.NEGATIVE_INFINITY
  #seen = new Set<string>()

  /** Nothing moves under the hand or the eye of somebody who reads. */
  get #isHeld(): boolean {
    const isRead = this.#newest.matches(':hover') || this.#rows.matches(':hover')
    return isRead || this.#section.contains(document.activeElement)
  }

  update(cards: readonly JudgedCard[], nowMs: number): void {
    this.#held.hidden = !this.#isHeld
    if (this.#isHeld) return
    this.#choose(cards, nowMs)
    const shown = cards.find(({ id }) => id === this.#shownId)
    draw(this.#newest, shown, (card) => [
      card === undefined ? html('p', { class: 'none' }, 'No alert yet.') : cardOf(card),
    ])
    const others = cards.filter(({ id }) => id !== this.#shownId).slice(0, ROWS_MAX)
    draw(this.#rows, others, (rows) => rows.map(rowOf))
    this.#speak(cards, nowMs)
  }

  #choose(cards: readonly JudgedCard[], nowMs: number): void {
    const isThere = cards.some(({ id }) => id === this.#shownId)
    if (isThere && nowMs - this.#shownMs < HOLD_MS) return
    const fresh = cards.filter(({ id }) => !this.#seen.has(id))
    const [best] = [...fresh].sort((a, b) => rankOf(b.severity) - rankOf(a.severity))
    this.#seen = new Set(cards.map(({ id }) => id))
    const chosen = best ?? (isThere ? undefined : cards[0])
    if (chosen === undefined) return
    this.#shownId = chosen.id
    this.#shownMs = nowMs
  }

  #speak(cards: readonly JudgedCard[], nowMs: number): void {
    const shown = cards.find(({ id }) => id === this.#shownId)
    if (shown === undefined || nowMs - this.#spokenMs < SPEAK_MS) return
    this.#spokenMs = nowMs
    say(this.#spoken, `Alert, ${words(shown.severity)}: ${shown.text}. ${whoText(shown)}.`)
  }
}

const chip = ({ severity }: JudgedCard): HTMLElement =>
  html('span', { class: `chip ${severity.toLowerCase()}` }, words(severity))

function cardOf(card: JudgedCard): HTMLElement {
  const { sign, kind, text } = verdictOf(card.truth)
  const time = html('time', {}, clock(card.eventTimeMs))
  return html(
    'article',
    { class: 'card', 'data-alert': card.id },
    html('p', { class: 'card-head' }, chip(card), html('span', { class: 'kind' }, words(card.kind)), time),
    html('h3', {}, card.text),
    html('p', { class: 'who' }, whoText(card)),
    html('ul', { class: 'reasons', 'aria-label': 'Why' }, ...card.reasons.map(reasonOf)),
    html('p', { class: `verdict ${kind}` }, html('span', { class: 'sign', 'aria-hidden': 'true' }, sign), text),
  )
}

function reasonOf({ text, contribution }: JudgedCard['reasons'][number]): HTMLElement {
  const bar = html('meter', {
    min: 0,
    max: 1,
    value: contribution,
    title: 'share of what speaks for fraud in the score',
  })
  bar.append(`${Math.round(contribution * 100)} %`)
  return html('li', {}, html('span', {}, text), bar)
}

function rowOf(card: JudgedCard): HTMLElement {
  const { sign, kind, text } = verdictOf(card.truth)
  return html(
    'li',
    {},
    html('span', { class: `sign ${kind}`, title: text, role: 'img', 'aria-label': text }, sign),
    html('span', { class: 'row-text' }, html('strong', {}, card.text), html('small', {}, whoText(card))),
    chip(card),
  )
}
