import type { PageRun, PageState } from '../page-state.ts'

export interface Listener {
  /** Said first, and again after each reconnection. */
  readonly onRun: (run: PageRun) => void
  readonly onState: (state: PageState) => void
  readonly onConnection: (isConnected: boolean) => void
}

/** A page that hears nothing for so long shows old news: it asks again. */
const SILENCE_MS = 10_000
const PAUSE_MS = 2_000

/** Follows what the server tells. The browser reconnects by itself, but gives up when it is refused; this does not. */
export function listen({ onRun, onState, onConnection }: Listener): void {
  const source = new EventSource('/api/events')
  let silence = 0
  const again = (): void => {
    clearTimeout(silence)
    source.close()
    onConnection(false)
    setTimeout(() => listen({ onRun, onState, onConnection }), PAUSE_MS)
  }
  const heard = (): void => {
    clearTimeout(silence)
    silence = window.setTimeout(again, SILENCE_MS)
  }
  source.addEventListener('run', ({ data }: MessageEvent<string>) => {
    heard()
    onConnection(true)
    onRun(JSON.parse(data) as PageRun)
  })
  source.addEventListener('state', ({ data }: MessageEvent<string>) => {
    heard()
    onState(JSON.parse(data) as PageState)
  })
  source.addEventListener('error', again)
}
