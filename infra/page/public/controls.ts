import type { InForce, PageRun } from '../page-state.ts'
import { command, type Outcome, takeToken } from './commands.ts'
import { byId, html, say } from './dom.ts'

type Wish = Readonly<Record<string, unknown>>

/** The buttons. Without a token they are not there. */
export class Controls {
  readonly #section = byId<HTMLElement>('controls')
  readonly #answer = html('p', { class: 'answer', role: 'status' })
  readonly #pause = html('button', { type: 'button', id: 'pause' }, 'Pause')
  readonly #token = takeToken()
  #fields: readonly Field[] = []
  #isPaused = false

  /** Shows the buttons if the token is good, else says what they would need. */
  async begin({ hasControls }: PageRun): Promise<void> {
    if (this.#section.dataset.state === 'ready') return
    const token = this.#token
    if (!hasControls || token === null) {
      const why = hasControls
        ? 'Read-only. Whoever has the address with the token, as the command that started this run printed it, has buttons here.'
        : 'Read-only: this monitor was started without a token.'
      this.#section.replaceChildren(title(), html('p', { class: 'read-only' }, why))
      return
    }
    const outcome = await command(token, '', {})
    if ('done' in outcome) this.#show(token)
    else
      this.#section.replaceChildren(
        title(),
        html('p', { class: 'read-only' }, `Read-only. ${outcome.mistakes.join('; ')}`),
      )
  }

  update({ pace, isPaused, fraudRate }: InForce): void {
    this.#isPaused = isPaused
    say(this.#pause, isPaused ? 'Resume' : 'Pause')
    const rate = 'rate' in pace && typeof pace.rate === 'number' ? pace.rate : null
    const inForce = { speed: 'speed' in pace ? pace.speed : null, rate, 'fraud-rate': fraudRate * 100 }
    for (const field of this.#fields) field.update(inForce[field.name])
  }

  #show(token: string): void {
    const give = (name: string, wish: Wish) => this.#give(token, name, wish)
    this.#fields = [
      new Field({ name: 'speed', label: 'Speed', unit: '×', step: 1, give }),
      new Field({ name: 'rate', label: 'Rate', unit: 'payments/s', step: 'any', give }),
      new Field({ name: 'fraud-rate', label: 'Fraud', unit: '%', step: 'any', scale: 0.01, give }),
    ]
    this.#pause.addEventListener('click', () => void give(this.#isPaused ? 'resume' : 'pause', {}))
    const swap = html('button', { type: 'button', id: 'sim-swap', class: 'strong' }, 'Start a SIM swap now')
    swap.addEventListener('click', () => void give('campaign', { type: 'ACCOUNT_TAKEOVER', modus: 'SIM_SWAP' }))
    const clear = html(
      'button',
      { type: 'button', id: 'clear', title: 'speed, rate and fraud as the scenario has them' },
      'As in the scenario',
    )
    clear.addEventListener('click', () => void give('clear', {}))
    const buttons = html('div', { class: 'buttons' }, swap, this.#pause, clear)
    const fields = html('div', { class: 'fields' }, ...this.#fields.map(({ form }) => form))
    this.#section.replaceChildren(title(), buttons, fields, this.#answer)
    this.#section.dataset.state = 'ready'
  }

  async #give(token: string, name: string, wish: Wish): Promise<void> {
    this.#section.setAttribute('aria-busy', 'true')
    const outcome: Outcome = await command(token, name, wish)
    this.#section.removeAttribute('aria-busy')
    this.#answer.classList.toggle('refused', 'mistakes' in outcome)
    say(this.#answer, 'done' in outcome ? `✓ ${outcome.done}` : `✕ ${outcome.mistakes.join('; ')}`)
  }
}

const title = (): HTMLElement => html('h2', { id: 'controls-title' }, 'Try it')

interface FieldOptions {
  readonly name: 'speed' | 'rate' | 'fraud-rate'
  readonly label: string
  readonly unit: string
  readonly step: number | 'any'
  /** What the number shown is multiplied by before it is sent. */
  readonly scale?: number
  readonly give: (name: string, wish: Wish) => Promise<void>
}

/** A number that can be set; as long as nobody writes in it, it shows what is in force. */
class Field {
  readonly name: FieldOptions['name']
  readonly form: HTMLFormElement
  readonly #input: HTMLInputElement
  #isTouched = false

  constructor({ name, label, unit, step, scale = 1, give }: FieldOptions) {
    this.name = name
    this.#input = html('input', { id: name, name, type: 'number', step, inputmode: 'decimal', title: unit })
    this.form = html(
      'form',
      { class: 'field', novalidate: '' },
      html('label', { for: name }, label, html('small', {}, unit)),
      this.#input,
      html('button', { type: 'submit' }, 'Set'),
    )
    this.#input.addEventListener('input', () => {
      this.#isTouched = true
    })
    this.form.addEventListener('submit', (event) => {
      event.preventDefault()
      const { valueAsNumber } = this.#input
      this.#isTouched = false
      // What is no number is sent as nothing: the server says what it expected.
      const value = Number.isNaN(valueAsNumber) ? null : Number((valueAsNumber * scale).toPrecision(12))
      void give(name, { value })
    })
  }

  update(inForce: number | null): void {
    if (this.#isTouched || document.activeElement === this.#input) return
    const text = inForce === null ? '' : String(Number(inForce.toPrecision(6)))
    if (this.#input.value !== text) this.#input.value = text
  }
}
