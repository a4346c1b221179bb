import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { type Dashboard, DashboardBuilder, type GridPos, type Panel } from '@grafana/grafana-foundation-sdk/dashboard'

/** Grafana's grid. */
export const COLUMNS = 24

/** A panel that can be placed. */
export interface Placeable extends Builder<Panel> {
  id(id: number): this
  gridPos(gridPos: GridPos): this
}

/** Panels side by side, of one height; the widths share the 24 columns. */
export interface Row {
  readonly height: number
  readonly panels: readonly Placeable[]
  /** Columns of each panel; absent: all alike. */
  readonly widths?: readonly number[]
}

export interface DashboardPlan {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly rows: readonly Row[]
}

/** Places the rows one under the other, and numbers the panels: Grafana links to a panel by its number. */
export function dashboard({ uid, title, description, rows }: DashboardPlan): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['rupeestream'])
    .timezone('browser')
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
  let [id, y] = [1, 0]
  for (const { height, panels, widths } of rows) {
    let x = 0
    for (const [i, panel] of panels.entries()) {
      const w = widths?.[i] ?? COLUMNS / panels.length
      builder.withPanel(panel.id(id++).gridPos({ x, y, w, h: height }))
      x += w
    }
    y += height
  }
  return builder.build()
}
