import { paceText } from '../../cli/view/pace-text.ts'
import type { PageRun, PageState } from '../page-state.ts'
import { byId, say } from './dom.ts'

const dateAndTime = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'Asia/Kolkata',
})

/** The line on top: is it live, what time is it in the simulation, and how fast it goes. */
export class Top {
  readonly #state = byId<HTMLElement>('state')
  readonly #clock = byId<HTMLTimeElement>('clock')
  readonly #pace = byId<HTMLElement>('pace')
  readonly #history = byId<HTMLElement>('history')
  readonly #share = byId<HTMLProgressElement>('history-share')
  readonly #run = byId<HTMLElement>('run')

  disconnected(): void {
    this.#show('lost', 'connection lost; trying again')
  }

  update({ seed, customers, historyFromMs, liveFromMs }: PageRun, { clockMs, inForce }: PageState): void {
    const isHistory = clockMs === null || clockMs < liveFromMs
    if (clockMs === null) this.#show('wait', 'waiting for payments')
    else if (isHistory) this.#show('wait', 'history')
    else this.#show(inForce.isPaused ? 'wait' : 'live', inForce.isPaused ? 'paused' : 'live')
    say(this.#run, `${customers.toLocaleString('en-IN')} customers · seed ${seed}`)
    say(this.#pace, paceText(inForce))
    this.#history.hidden = !isHistory
    if (clockMs === null) return
    this.#share.value = (clockMs - historyFromMs) / (liveFromMs - historyFromMs)
    this.#clock.dateTime = new Date(clockMs).toISOString()
    say(this.#clock, `${dateAndTime.format(clockMs)} IST`)
  }

  #show(kind: 'live' | 'wait' | 'lost', text: string): void {
    this.#state.className = `state ${kind}`
    say(this.#state, text)
  }
}
