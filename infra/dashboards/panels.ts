import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge'
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common'
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as Heatmap } from '@grafana/grafana-foundation-sdk/heatmap'
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'
import * as units from '@grafana/grafana-foundation-sdk/units'
import type { AlertRule } from '../alerting/alert-rule.ts'
import { over } from './queries.ts'

/** Title, and what the panel says to who does not know it. */
export type About = readonly [title: string, description: string]

type Targets = readonly Builder<Dataquery>[]

/** Red from a limit on, or below it. */
const limitAt = (limit: number, isBadAbove = true): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: isBadAbove ? 'green' : 'red' },
    { value: limit, color: isBadAbove ? 'red' : 'green' },
  ])

/** One number, the newest. */
export const stat = ([title, description]: About, unit: string, target: Builder<Dataquery>): Stat =>
  new Stat()
    .title(title)
    .description(description)
    .unit(unit)
    .graphMode(BigValueGraphMode.Area)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .targets([target])

export const lines = ([title, description]: About, unit: string, targets: Targets): TimeSeries =>
  new TimeSeries()
    .title(title)
    .description(description)
    .unit(unit)
    .fillOpacity(10)
    .min(0)
    .targets([...targets])

/** Lines on top of each other. */
export const stacked = (about: About, unit: string, targets: Targets): TimeSeries =>
  lines(about, unit, targets).fillOpacity(60).stacking(new StackingConfigBuilder().mode(StackingMode.Normal))

/** What an alert rule watches, with the limit beyond which it fires. */
export const signal = (rule: AlertRule, unit: string, legend: string): TimeSeries =>
  lines([`Signal: ${rule.name}`, rule.description], unit, [over(rule.value, legend)])
    .thresholds(limitAt(rule.limit, rule.operator === '>'))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.LineAndArea))

/** Bars by label, the newest value of each. */
export const bars = ([title, description]: About, unit: string, target: Builder<Dataquery>): BarGauge =>
  new BarGauge()
    .title(title)
    .description(description)
    .unit(unit)
    .min(0)
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .targets([target])

/** When something was the case, a row a series. */
export const timeline = ([title, description]: About, target: Builder<Dataquery>): StateTimeline =>
  new StateTimeline()
    .title(title)
    .description(description)
    .unit(units.Short)
    .mergeValues(true)
    .thresholds(limitAt(1))
    .targets([target])

export const heatmap = ([title, description]: About, unit: string, target: Builder<Dataquery>): Heatmap =>
  new Heatmap().title(title).description(description).unit(unit).targets([target])

export const table = ([title, description]: About, target: Builder<Dataquery>): Table =>
  new Table().title(title).description(description).targets([target])
