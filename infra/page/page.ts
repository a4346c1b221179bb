import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Received } from '#services/fold.ts'
import type { MonitorInputs } from '#services/monitor/fold.ts'
import { LiveView } from '#services/monitor/live/live-view.ts'
import { liveFromMs } from '#services/settings.ts'
import { PaymentWatch } from '../kafka/payment-watch.ts'
import type { Access } from '../service/access.ts'
import type { ServiceContext } from '../service/run-service.ts'
import { SettingsError } from '../service/settings-error.ts'
import { Audience } from './audience.ts'
import { ControlApi } from './control-api.ts'
import { ControlBoard } from './control-board.ts'
import { pageServer } from './server.ts'
import { type PageSource, runOf, stateOf } from './snapshot.ts'
import { readToken } from './token.ts'
import { eventText } from './viewers.ts'

export interface Page {
  /** Base URL. */
  readonly url: string
  /** Hears of each record that the monitor has taken in. */
  hear(record: Received<MonitorInputs>): void
  close(): Promise<void>
}

/** Seconds that are told again, for what came in a little late. */
const SECONDS_AGAIN = 3

/** Serves the live page of a monitor by its settings; those who know the token may give commands. Throws SettingsError. */
export async function openPage(
  context: Pick<ServiceContext, 'settings' | 'connection' | 'log' | 'pagePort' | 'pageHost'>,
  access: Access,
  source: PageSource,
): Promise<Page> {
  const { settings, connection, log } = context
  const { names, tokenVariable, ...address } = settings.monitor.page
  const host = context.pageHost ?? address.host
  const port = context.pagePort ?? address.port
  const token = readToken(tokenVariable, process.env)
  const view = new LiveView(liveFromMs(settings))
  const board = new ControlBoard(settings, connection, access, log)
  const watch = new PaymentWatch({
    ...access,
    topicPrefix: settings.topicPrefix,
    log,
    onPayment: (tx, weight) => view.seePayment(tx, weight, Date.now()),
  })
  const state = (fromSecond: number) => stateOf(settings, source, view, board.known, fromSecond, Date.now())
  const audience = new Audience({
    text: () => eventText('state', state(Math.floor(Date.now() / 1_000) - SECONDS_AGAIN)),
    onFirst: () => watch.start(),
    onNobody: () => watch.stop(),
  })
  const server = pageServer({
    run: runOf(settings, token !== null),
    state: () => state(0),
    viewers: audience.viewers,
    control: new ControlApi(board),
    token,
    names,
    nowMs: Date.now,
  })
  await board.start()
  return {
    url: await listen(server, host, port),
    hear: (record) => view.hear(record, Date.now()),
    async close() {
      await Promise.all([audience.close(), server.close(), board.stop()])
    },
  }
}

async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  await server.listen({ host, port }).catch((error: Error) => {
    throw new SettingsError('the settings', [
      `monitor.page: expected a host and a port to listen on, came ${host} and ${port}: ${error.message}`,
    ])
  })
  const { port: bound } = server.server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`
}
