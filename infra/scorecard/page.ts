import { escaped, type Line, lines, plot } from '../fidelity/plot.ts'
import { bandText } from '../fidelity/print.ts'
import { precisionAt } from '../learning/metrics.ts'
import { type DetectorName, detectorNames } from './detectors.ts'
import { prevalences } from './evaluate.ts'
import type { Scorecard } from './report.ts'
import type { Plan, ScoredRun } from './run.ts'

const words = (constant: string): string => constant.toLowerCase().replaceAll('_', ' ')
const number = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(3))
const count = (value: number): string => value.toLocaleString('en-IN')

function curves({ detectors }: Scorecard): string[] {
  const each = (pointsOf: (name: DetectorName) => Line['points']): Line[] =>
    detectorNames.map((name) => ({ name, points: pointsOf(name) }))
  const [usual] = prevalences
  return [
    lines(
      'ROC',
      'genuine payments disturbed',
      'frauds found',
      each((name) => detectors[name].curve.map(({ fpr, tpr }) => [fpr, tpr])),
    ),
    lines(
      `Precision and recall at ${usual * 100} % fraud`,
      'frauds found',
      'alarms that are right',
      each((name) =>
        detectors[name].curve
          .filter(({ tpr }) => tpr > 0)
          .map((point) => [point.tpr, precisionAt(point, usual)] as const),
      ),
    ),
  ]
}

function bars({ detectors, calibration }: Scorecard): string[] {
  const types = Object.entries(detectors.model.byType)
  const filled = calibration.filter(({ payments }) => payments > 0)
  return [
    plot(
      'AUC of the model by type',
      types.map(([type]) => words(type)),
      [{ name: 'AUC', values: types.map(([, auc]) => auc) }],
    ),
    plot(
      'Calibration of the model: frauds by its probability',
      filled.map(({ from, to }) => `${from} to ${to}`),
      [
        { name: 'said', values: filled.map(({ predicted }) => predicted) },
        { name: 'true', values: filled.map(({ observed }) => observed) },
      ],
    ),
  ]
}

const verdicts = { inside: 'held', outside: 'missed', unmeasured: '' } as const

const verdictOf = (pass: boolean | null): keyof typeof verdicts =>
  pass === null ? 'unmeasured' : pass ? 'inside' : 'outside'

/** One page, nothing loaded from elsewhere: detectors, curves, types and bands. */
export function scorecardPage({ settings }: ScoredRun, plan: Plan, card: Scorecard): string {
  const detectors = detectorNames.map((name) => {
    const { auc, averagePrecisionAt, recallAt1PctFpr, cardPrecisionAt100 } = card.detectors[name]
    const precisions = prevalences.map((prevalence) => averagePrecisionAt[prevalence]!)
    const cells = [auc, ...precisions, recallAt1PctFpr, cardPrecisionAt100].map(
      (value) => `<td class="n">${number(value)}</td>`,
    )
    return `<tr><td>${name}</td>${cells.join('')}</tr>`
  })
  const bands = card.bands.map(({ what, target, basis, source, value, pass }) => {
    const verdict = verdictOf(pass)
    return `<tr class="${verdicts[verdict]}"><td>${verdict}</td><td>${escaped(what)}</td><td class="n">${number(value)}</td><td class="n">${bandText(target)}</td><td>${basis}</td><td>${escaped(source)}</td></tr>`
  })
  const precisionHeads = prevalences.map((prevalence) => `<th>Average precision at ${prevalence * 100} %</th>`).join('')
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Rupeestream scorecard, seed ${escaped(settings.seed)}</title>
<meta name="viewport" content="width=device-width">
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1c2430;background:#fff}
h1{font-size:1.5rem} table{border-collapse:collapse;width:100%;font-size:.9rem;margin-bottom:2rem} td,th{padding:.25rem .6rem;border-bottom:1px solid #e3e7ec;text-align:left}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap} .missed td:first-child{color:#b3261e;font-weight:600} .held td:first-child{color:#1b6e3c}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(30rem,1fr));gap:1.5rem;margin:2rem 0} svg{width:100%;height:auto}
</style>
<h1>Scorecard</h1>
<p>${count(plan.customers)} customers, seed <code>${escaped(settings.seed)}</code>: trained on ${count(card.counts.trained)} payments, tested on
${count(card.counts.tested)} later ones with ${count(card.counts.testedFrauds)} frauds.</p>
<table><tr><th>Detector</th><th>AUC</th>${precisionHeads}<th>Recall at 1 % false alarms</th><th>Card precision@100</th></tr>
${detectors.join('\n')}
</table>
<div class="plots">
${[...curves(card), ...bars(card)].join('\n')}
</div>
<table><tr><th></th><th>What</th><th>Ours</th><th>Band</th><th>Basis</th><th>Source</th></tr>
${bands.join('\n')}
</table>
</html>
`
}
