import { MINUTE_MS } from '../time.ts'
import { increment, type QualityCounts } from './counts.ts'
import { addValue } from './log-histogram.ts'
import type { Campaign, Entry, MonitorState } from './state.ts'

/** Rules stay silent for a while after an alert, so a fraud that soon after is found with the one alerted. */
export const COOL_DOWN_MS = 10 * MINUTE_MS

/** The counts that something at `timeMs` belongs to. */
export type CountsAt = (timeMs: number) => readonly QualityCounts[]

/**
 * Takes in what became known of a fraud: its truth, or an alert on it. Each of the three computations below only ever
 * moves one way (flags rise, minima fall), so that their result does not depend on what became known first.
 */
export function foundOut(state: MonitorState, entry: Entry, countsAt: CountsAt): void {
  const id = entry.verdict?.kind === 'fraud' ? entry.verdict.campaign : null
  if (id === null) {
    if (entry.alerted) detect(entry, countsAt)
    return
  }
  const frauds = state.entries.filter(({ verdict }) => verdict?.kind === 'fraud' && verdict.campaign === id)
  const alerted = frauds.filter((fraud) => fraud.alerted)
  for (const fraud of frauds) {
    const found = alerted.some(({ timeMs }) => timeMs <= fraud.timeMs && fraud.timeMs - timeMs <= COOL_DOWN_MS)
    if (found) detect(fraud, countsAt)
  }
  moveCampaign(state, id, entry, countsAt)
}

function detect(entry: Entry, countsAt: CountsAt): void {
  if (entry.detected || entry.verdict === null) return
  entry.detected = true
  for (const counts of countsAt(entry.timeMs)) increment(counts.detected, entry.verdict.type)
}

function moveCampaign(state: MonitorState, id: string, entry: Entry, countsAt: CountsAt): void {
  let campaign = state.campaigns.find((known) => known.id === id)
  if (campaign === undefined) {
    campaign = { id, firstFraudMs: entry.timeMs, lastFraudMs: entry.timeMs, firstAlertMs: null }
    state.campaigns.push(campaign)
  } else {
    count(campaign, -1, countsAt)
    campaign.firstFraudMs = Math.min(campaign.firstFraudMs, entry.timeMs)
    campaign.lastFraudMs = Math.max(campaign.lastFraudMs, entry.timeMs)
  }
  if (entry.alerted) campaign.firstAlertMs = Math.min(campaign.firstAlertMs ?? entry.timeMs, entry.timeMs)
  count(campaign, 1, countsAt)
}

/** Counts a campaign, or takes it back: it belongs to the part of the run in which it began. */
function count(campaign: Campaign, weight: 1 | -1, countsAt: CountsAt): void {
  for (const counts of countsAt(campaign.firstFraudMs)) {
    counts.campaigns += weight
    if (campaign.firstAlertMs !== null) {
      addValue(counts.timeToDetectMs, campaign.firstAlertMs - campaign.firstFraudMs, weight)
    }
  }
}
