import { escaped } from '../fidelity/plot.ts'
import { bandText } from '../fidelity/print.ts'
import { precisionAt, type RocPoint } from '../learning/metrics.ts'
import { type Curve, curvePlot, linear, logarithmic, rangePlot } from './curves.ts'
import { type DetectorName, detectorNames } from './detectors.ts'
import { prevalences } from './evaluate.ts'
import { intervalText } from './print.ts'
import type { Scorecard } from './report.ts'
import type { Plan, ScoredRun } from './run.ts'

const words = (constant: string): string => constant.toLowerCase().replaceAll('_', ' ')
const number = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '-' : value.toFixed(3)
const count = (value: number): string => value.toLocaleString('en-IN')

const styles: Readonly<Record<DetectorName, Pick<Curve, 'colour' | 'how'>>> = {
  random: { colour: '#9aa3ad', how: 'dashes' },
  rules: { colour: '#e08a1e', how: 'line' },
  logistic: { colour: '#3a9c5f', how: 'line' },
  model: { colour: '#2f6fde', how: 'line' },
}

/** Fewer false alarms than one in so many nobody could tell from none. */
const ROC_DECADES = 4
const CALIBRATION_DECADES = 4
/** Below it an AUC says that a detector is worse than chance. */
const AUC_FROM = 0.4

function curves({ detectors }: Scorecard): string[] {
  const [usual] = prevalences
  const each = (pointsOf: (curve: readonly RocPoint[]) => Curve['points']): Curve[] =>
    detectorNames.map((name) => ({ name, ...styles[name], points: pointsOf(detectors[name].curve) }))
  const roc = each((curve) => curve.map(({ fpr, tpr }) => [fpr, tpr]))
  const precision = each((curve) =>
    curve.filter(({ tpr }) => tpr > 0).map((point) => [point.tpr, precisionAt(point, usual)]),
  )
  const disturbed = 'genuine payments disturbed'
  const found = 'frauds found'
  return [
    curvePlot('ROC', linear(disturbed), linear(found), roc),
    curvePlot('ROC where few are disturbed', logarithmic(disturbed, ROC_DECADES), linear(found), roc),
    curvePlot(
      `Precision and recall at ${usual * 100} % fraud`,
      linear(found),
      linear('alarms that are right'),
      precision,
    ),
  ]
}

function calibrationPlot({ calibration }: Scorecard): string {
  const filled = calibration.filter(
    ({ payments, predicted, observed }) => payments > 0 && predicted > 0 && observed > 0,
  )
  const points = filled.map(({ predicted, observed }) => [predicted, observed] as const)
  return curvePlot(
    'Calibration of the model',
    logarithmic('probability that it gives', CALIBRATION_DECADES),
    logarithmic('share that is fraud', CALIBRATION_DECADES),
    [
      {
        name: 'if it were right',
        colour: '#9aa3ad',
        how: 'dashes',
        points: [
          [10 ** -CALIBRATION_DECADES, 10 ** -CALIBRATION_DECADES],
          [1, 1],
        ],
      },
      { name: 'payments by its probability', ...styles.model, how: 'dots', points },
    ],
  )
}

function typePlot({ detectors, bands }: Scorecard): string {
  const types = Object.entries(detectors.model.byType).sort(([, a], [, b]) => b - a)
  const rows = types.map(([type, value]) => ({
    name: words(type),
    value,
    band: bands.find(({ name }) => name === `auc_${type}`)?.target,
  }))
  return rangePlot('AUC of the model by type', AUC_FROM, rows)
}

function typeTable({ counts, detectors, bestFeatures }: Scorecard): string {
  const rows = Object.entries(counts.byType)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, payments]) => {
      const type = name as keyof typeof counts.byType
      const best = bestFeatures.byType[type]
      const aucs = detectorNames.map((detector) => `<td class="n">${number(detectors[detector].byType[type])}</td>`)
      const alone = best === undefined ? '<td></td>' : `<td>${number(best.auc)} ${escaped(best.feature)}</td>`
      return `<tr><td>${words(name)}</td><td class="n">${count(payments)}</td>${aucs.join('')}${alone}</tr>`
    })
  const heads = detectorNames.map((name) => `<th class="n">${name}</th>`).join('')
  return `<table><tr><th>AUC by type</th><th class="n">Payments</th>${heads}<th>Best feature alone</th></tr>
${rows.join('\n')}
</table>`
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
  const bands = card.bands.map(({ what, target, basis, source, value, interval, isWide, pass }) => {
    const verdict = verdictOf(pass)
    return `<tr class="${verdicts[verdict]}"><td>${verdict}</td><td>${escaped(what)}</td><td class="n">${number(value)}</td><td class="n">${intervalText({ interval, isWide })}</td><td class="n">${bandText(target)}</td><td>${basis}</td><td>${escaped(source)}</td></tr>`
  })
  const measured = card.bands.filter(({ pass }) => pass !== null)
  const inside = measured.filter(({ pass }) => pass).length
  const precisionHeads = prevalences
    .map((prevalence) => `<th class="n">Average precision at ${prevalence * 100} %</th>`)
    .join('')
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Rupeestream scorecard, seed ${escaped(settings.seed)}</title>
<meta name="viewport" content="width=device-width">
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1c2430;background:#fff}
h1{font-size:1.5rem} h2{font-size:1.15rem;margin:2.5rem 0 .5rem} table{border-collapse:collapse;width:100%;font-size:.9rem;margin-bottom:2rem} td,th{padding:.25rem .6rem;border-bottom:1px solid #e3e7ec;text-align:left}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap} .missed td:first-child{color:#b3261e;font-weight:600} .held td:first-child{color:#1b6e3c} tr[class=""] td:first-child{color:#7d8794}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(30rem,100%),1fr));gap:2rem;margin:2rem 0} .wide{overflow-x:auto} svg{width:100%;height:auto}
</style>
<h1>Scorecard</h1>
<p>${count(plan.customers)} customers, seed <code>${escaped(settings.seed)}</code>: trained on ${count(card.counts.trained)} payments, tested on
${count(card.counts.tested)} later ones with ${count(card.counts.testedFrauds)} frauds.</p>
<div class="wide"><table><tr><th>Detector</th><th class="n">AUC</th>${precisionHeads}<th class="n">Recall at 1 % false alarms</th><th class="n">Card precision@100</th></tr>
${detectors.join('\n')}
</table></div>
<div class="plots">
${[...curves(card), calibrationPlot(card), typePlot(card)].join('\n')}
</div>
<div class="wide">${typeTable(card)}</div>
<h2>${inside} of ${measured.length} bands held</h2>
<p>Below its band a benchmark is noise, above it too easy. Basis: S sourced, D derived from sourced figures, M from memory and approximate, C modelling choice.
Intervals: campaigns drawn again and again, for card precision days; ~ where one is wider than the band.</p>
<div class="wide"><table><tr><th></th><th>What</th><th class="n">Ours</th><th class="n">95 % interval</th><th class="n">Band</th><th>Basis</th><th>Source</th></tr>
${bands.join('\n')}
</table></div>
</html>
`
}
