import type { Second } from '#services/monitor/live/rates.ts'
import type { PageRun } from '../page-state.ts'
import { Alerts } from './alerts.ts'
import { Campaigns } from './campaigns.ts'
import { Controls } from './controls.ts'
import { listen } from './events.ts'
import { CityMap } from './map.ts'
import { QualityTable } from './quality.ts'
import { merge } from './seconds.ts'
import { Stream } from './stream.ts'
import { Tiles } from './tiles.ts'
import { Top } from './top.ts'
import { Waves } from './waves.ts'

const top = new Top()
const tiles = new Tiles()
const waves = new Waves()
const campaigns = new Campaigns()
const map = new CityMap()
const alerts = new Alerts()
const quality = new QualityTable()
const stream = new Stream()
const controls = new Controls()

let run: PageRun | undefined
let seconds: readonly Second[] = []

listen({
  onRun(told) {
    run = told
    seconds = []
    map.begin(told)
    void controls.begin(told)
  },
  onState(state) {
    if (run === undefined) return
    const { live, nowMs } = state
    seconds = merge(seconds, live.seconds)
    top.update(run, state)
    tiles.update(state, seconds)
    waves.update(seconds)
    campaigns.update(live.campaigns)
    map.update(live.cities)
    alerts.update(live.alerts, nowMs)
    quality.update(state.quality)
    stream.update(live.payments)
    controls.update(state.inForce)
  },
  onConnection(isConnected) {
    if (!isConnected) top.disconnected()
  },
})
