import type { CityTraffic } from '#services/monitor/live/city-traffic.ts'
import { count } from '../../cli/view/format.ts'
import type { PageRun } from '../page-state.ts'
import { byId, say, svg } from './dom.ts'
import { project, radiusOf } from './projection.ts'

const PAYMENTS_RADIUS = 4.5
const ALERTS_RADIUS = 7
const DOT_MIN = 0.5
/** The largest ring is not drawn for fewer. */
const FEW_ALERTS = 4
/** Whose name stands on the left, since another city is on the right. */
const namedLeft: ReadonlySet<string> = new Set(['Mumbai', 'Ahmedabad', 'Kochi', 'Bengaluru', 'Jaipur'])
/** Small towns beside large ones: their names would lie upon others, and show when they are pointed at. */
const unnamed: ReadonlySet<string> = new Set(['Tirupati', 'Muzaffarpur', 'Rewa', 'Surat', 'Udaipur'])
const GRATICULE_LAT = [10, 15, 20, 25, 30]
const GRATICULE_LON = [70, 75, 80, 85, 90]

interface Spot {
  readonly x: number
  readonly side: 1 | -1
  readonly dot: SVGCircleElement
  readonly ring: SVGCircleElement
  readonly title: SVGTitleElement
  readonly label: SVGTextElement
}

/** Where payments and alerts come from: a disc for payments, a ring for alerts, their areas by how many. */
export class CityMap {
  readonly #map = svg('svg', { viewBox: '-12 -2 120 100' })
  readonly #text = byId<HTMLElement>('map-text')
  #spots = new Map<string, Spot>()

  constructor() {
    byId('map').append(this.#map)
  }

  begin({ cities }: PageRun): void {
    this.#spots = new Map()
    const names = svg('g', {})
    this.#map.replaceChildren(graticule())
    for (const { name, lat, lon, tier } of cities) {
      const { x, y } = project(lat, lon)
      const side = namedLeft.has(name) ? -1 : 1
      const anchor = side < 0 ? 'end' : 'start'
      const spot: Spot = {
        x,
        side,
        ring: svg('circle', { class: 'ring', cx: x, cy: y, r: 0 }),
        dot: svg('circle', { class: 'dot', cx: x, cy: y, r: DOT_MIN }),
        title: svg('title', {}, name),
        label: svg('text', { class: `name tier${tier}`, x, y: y + 1, 'text-anchor': anchor }, name),
      }
      this.#map.append(svg('g', { 'data-city': name }, spot.title, spot.ring, spot.dot))
      if (!unnamed.has(name)) names.append(spot.label)
      this.#spots.set(name, spot)
    }
    this.#map.append(names)
  }

  update(cities: readonly CityTraffic[]): void {
    const most = (of: (city: CityTraffic) => number) => Math.max(1, ...cities.map(of))
    const paymentsMost = most(({ payments }) => payments)
    const alertsMost = most(({ alerts }) => alerts)
    for (const { name, payments, alerts } of cities) {
      const spot = this.#spots.get(name)
      if (spot === undefined) continue
      const dot = Math.max(DOT_MIN, radiusOf(payments, paymentsMost, PAYMENTS_RADIUS))
      const ring = radiusOf(alerts, Math.max(alertsMost, FEW_ALERTS), ALERTS_RADIUS)
      spot.dot.setAttribute('r', dot.toFixed(2))
      spot.ring.setAttribute('r', ring.toFixed(2))
      spot.label.setAttribute('x', (spot.x + spot.side * (Math.max(dot, ring) + 1)).toFixed(2))
      say(spot.title, `${name}: ${count(payments)} payments, ${count(alerts)} alerts`)
    }
    const [first] = [...cities].sort((a, b) => b.payments - a.payments)
    const [worst] = [...cities].sort((a, b) => b.alerts - a.alerts)
    const busiest = first === undefined || first.payments === 0 ? '' : `most payments: ${first.name}`
    const gravest =
      worst === undefined || worst.alerts === 0 ? '' : `most alerts: ${worst.name}, ${count(worst.alerts)}`
    say(this.#text, [busiest, gravest].filter((text) => text !== '').join('; '))
  }
}

/** Meridians and parallels instead of a border: they say where on earth this is, and are nobody's opinion. */
function graticule(): SVGElement {
  const lines = svg('g', { class: 'graticule' })
  for (const lat of GRATICULE_LAT) {
    const { y } = project(lat, 0)
    lines.append(svg('line', { x1: -12, x2: 108, y1: y, y2: y }), svg('text', { x: -11.5, y: y - 0.6 }, `${lat}° N`))
  }
  for (const lon of GRATICULE_LON) {
    const { x } = project(0, lon)
    lines.append(svg('line', { x1: x, x2: x, y1: -2, y2: 98 }), svg('text', { x: x + 0.5, y: 97.2 }, `${lon}° E`))
  }
  return lines
}
