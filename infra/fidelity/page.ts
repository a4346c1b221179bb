import { hourCurves } from '#services/market/calendar.ts'
import { segments } from '#services/market/segments.ts'
import type { Settings } from '#services/settings.ts'
import { DAY_MS } from '#services/time.ts'
import { buckets, firstDigits, railCounts } from './amounts.ts'
import data from './bands.json' with { type: 'json' }
import type { Comparison } from './documents.ts'
import { isUpiToMerchant, isUpiToPerson, type Observations, railGroups } from './observations.ts'
import { modesBySegment, shareByRank } from './people.ts'
import { escaped, plot, type Series, stacked } from './plot.ts'
import { bandText, figure } from './print.ts'
import type { BandResult } from './report.ts'
import { shares } from './statistics.ts'
import { byDay, hours, isAtShop } from './times.ts'

const words = (constant: string): string => constant.toLowerCase().replaceAll('_', ' ')

/** Ours beside the target, both as shares. */
const against = (ours: ArrayLike<number>, target: ArrayLike<number>): Series[] => [
  { name: 'ours', values: shares(ours) },
  { name: 'target', values: shares(target) },
]

function plots(seen: Observations): string[] {
  const oClock = Array.from({ length: 24 }, (_, hour) => String(hour))
  const days = [...byDay(seen)].sort(([a], [b]) => a - b)
  const approved = seen.approved
  const bucketNames = ['up to 500', 'up to 2,000', 'above']
  const digits = Array.from({ length: 9 }, (_, i) => String(i + 1))
  const ranks = shareByRank(seen)
  return [
    plot('Hours of UPI payments at shops', oClock, against(hours(seen, isAtShop), hourCurves.UPI_P2M_OFFLINE)),
    plot('Hours of UPI payments to people', oClock, against(hours(seen, isUpiToPerson), hourCurves.UPI_P2P)),
    plot('Rails by count', railGroups.map(words), against(railCounts(seen), Object.values(data.targets.railMix))),
    plot(
      'UPI to merchants, rupees',
      bucketNames,
      against(buckets(approved.filter(isUpiToMerchant)), data.targets.upiP2mBuckets),
    ),
    plot(
      'UPI to people, rupees',
      bucketNames,
      against(buckets(approved.filter(isUpiToPerson)), data.targets.upiP2pBuckets),
    ),
    plot(
      'First digits, rails pooled by value',
      digits,
      against(
        firstDigits(seen),
        digits.map((d) => Math.log10(1 + 1 / Number(d))),
      ),
    ),
    plot(
      'Payments by day',
      days.map(([day]) => new Date(day * DAY_MS).toISOString().slice(5, 10)),
      [{ name: 'ours', values: days.map(([, { count }]) => count) }],
    ),
    plot(
      'Share of purchases by rank of the merchant',
      ranks.map((_, i) => String(i + 1)),
      [{ name: 'ours', values: ranks }],
    ),
    stacked(
      'Rails by segment',
      segments.map(({ name }) => name),
      railGroups.map(words),
      modesBySegment(seen).map(shares),
    ),
  ]
}

/** One page, nothing loaded from elsewhere: the table of bands and plots of ours against the targets. */
export function fidelityPage(
  settings: Settings,
  seen: Observations,
  results: readonly BandResult[],
  documents: readonly Comparison[],
): string {
  const rows = results.map(
    (result) =>
      `<tr class="${result.pass ? 'held' : 'missed'}"><td>${result.pass ? 'held' : 'missed'}</td><td>${escaped(result.what)}</td>` +
      `<td class="n">${figure(result.value)}</td><td class="n">${bandText(result.target)}</td><td>${result.basis}</td><td>${escaped(result.source)}</td></tr>`,
  )
  const compared = documents.map(
    ({ what, theirs, value }) =>
      `<tr><td>${escaped(what)}</td><td class="n">${figure(value)}</td><td class="n">${figure(theirs)}</td></tr>`,
  )
  const held = results.filter(({ pass }) => pass).length
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Rupeestream fidelity, seed ${escaped(settings.seed)}</title>
<meta name="viewport" content="width=device-width">
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1c2430;background:#fff}
h1{font-size:1.5rem} table{border-collapse:collapse;width:100%;font-size:.9rem} td,th{padding:.25rem .6rem;border-bottom:1px solid #e3e7ec;text-align:left}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap} .missed td:first-child{color:#b3261e;font-weight:600} .held td:first-child{color:#1b6e3c}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(30rem,1fr));gap:1.5rem;margin-top:2rem} svg{width:100%;height:auto}
</style>
<h1>Fidelity: ${held} of ${results.length} bands held</h1>
<p>${settings.population.customers.toLocaleString('en-IN')} genuine customers, ${seen.payments.length.toLocaleString('en-IN')} payments, seed <code>${escaped(settings.seed)}</code>.
Basis of a target: S sourced, D derived from sourced figures, M from memory and approximate, C modelling choice.</p>
<table><tr><th></th><th>What</th><th>Ours</th><th>Target</th><th>Basis</th><th>Source</th></tr>
${rows.join('\n')}
</table>
<h2>The requirements' own data, for comparison</h2>
<table><tr><th>What</th><th>Ours</th><th>Theirs</th></tr>
${compared.join('\n')}
</table>
<div class="plots">
${plots(seen).join('\n')}
</div>
</html>
`
}
