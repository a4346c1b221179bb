import { fraudRate } from '#services/settings.ts'
import { bandText } from '../fidelity/print.ts'
import type { BandResult } from './bands.ts'
import { detectorNames } from './detectors.ts'
import { prevalences } from './evaluate.ts'
import type { Scorecard } from './report.ts'
import type { Plan, ScoredRun } from './run.ts'

const count = (value: number): string => value.toLocaleString('en-IN')
const column = (text: string): string => text.padStart(10)
const value = (number: number | undefined): string =>
  column(number === undefined || Number.isNaN(number) ? '-' : number.toFixed(3))

/** For people: detectors, types, what tells alone, calibration, and the bands. */
export function scorecardText({ settings }: ScoredRun, plan: Plan, card: Scorecard): string {
  return [heading(settings.seed, plan, card), detectors(card), types(card), calibrated(card), bands(card)].join('\n\n')
}

function heading(seed: string, plan: Plan, { counts }: Scorecard): string {
  const { trained, trainedFrauds, trainedReported, tested, testedFrauds, unjudged, unjudgedFrauds } = counts
  const customers = counts.fraudCustomersADay
  return [
    `${count(plan.customers)} customers, ${count(counts.payments)} payments, seed ${seed}`,
    `Trained on ${count(trained)} payments of ${plan.trainDays} days: ${count(trainedReported)} of ${count(trainedFrauds)} frauds had been reported ${plan.delayDays} days later.`,
    `Tested on ${count(tested)} of the ${plan.testDays} days after that, with ${count(testedFrauds)} frauds.`,
    `${customers.toFixed(0)} customers a day have a fraud: cards@100 is at most ${Math.min(1, customers / 100).toFixed(2)}.`,
    `Money that came in then (${count(unjudged)} payments, ${count(unjudgedFrauds)} of them part of a fraud) is judged by nobody, and left out.`,
  ].join('\n')
}

function detectors({ detectors }: Scorecard): string {
  const [usual, rare] = prevalences
  const head = ['AUC', `AP ${usual * 100} %`, `AP ${rare * 100} %`, 'recall 1 %', 'cards@100'].map(column)
  const lines = detectorNames.map((name) => {
    const { auc, averagePrecisionAt, recallAt1PctFpr, cardPrecisionAt100 } = detectors[name]
    const figures = [auc, averagePrecisionAt[usual], averagePrecisionAt[rare], recallAt1PctFpr, cardPrecisionAt100]
    return `${name.padEnd(20)}${figures.map(value).join('')}`
  })
  return `${'Detector'.padEnd(20)}${head.join('')}\n${lines.join('\n')}`
}

function types({ detectors, counts, bestFeatures }: Scorecard): string {
  const head = `${'AUC by type'.padEnd(20)}${column('payments')}${column('campaigns')}${detectorNames.map(column).join('')}  best feature alone`
  const lines = Object.entries(counts.byType)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, payments]) => {
      const type = name as keyof typeof counts.byType
      const tell = bestFeatures.byType[type]
      const figures = detectorNames.map((detector) => value(detectors[detector].byType[type])).join('')
      const words = name.toLowerCase().replaceAll('_', ' ')
      const campaigns = column(count(counts.campaigns[type]!))
      return `${words.padEnd(20)}${column(count(payments))}${campaigns}${figures}  ${tell?.auc.toFixed(3)} ${tell?.feature}`
    })
  const severities = Object.keys(detectors.model.bySeverity).map((name) => {
    const severity = name as keyof typeof detectors.model.bySeverity
    const figures = detectorNames.map((detector) => value(detectors[detector].bySeverity[severity])).join('')
    return `${`severity ${name.toLowerCase()}`.padEnd(30)}${figures}`
  })
  const { feature, auc } = bestFeatures.pooled
  const held =
    'A type is held against genuine payments by the same rail, friendly fraud against purchases that could be disputed.'
  return [head, ...lines, held, ...severities, `Of all frauds ${feature} tells most alone: ${auc.toFixed(3)}.`].join(
    '\n',
  )
}

function calibrated({ calibration }: Scorecard): string {
  const lines = calibration.map(
    ({ from, to, payments, predicted, observed }) =>
      `${`from ${from} to ${to}`.padEnd(20)}${column(count(payments))}${value(predicted)}${value(observed)}`,
  )
  const head = `${'Probability'.padEnd(20)}${['payments', 'said', 'true'].map(column).join('')}`
  return `${head}\n${lines.join('\n')}`
}

export const verdict = ({ pass }: Pick<BandResult, 'pass'>): string =>
  pass === null ? '-      ' : pass ? 'inside ' : 'OUTSIDE'

function bands({ bands }: Scorecard): string {
  const widest = Math.max(...bands.map(({ what }) => what.length))
  const lines = bands.map((band) => {
    const { what, target, basis, source } = band
    return `${verdict(band)}  ${what.padEnd(widest)}${value(band.value)}  ${intervalText(band).padEnd(17)}  ${bandText(target).padEnd(18)}  ${basis}  ${source}`
  })
  const measured = bands.filter(({ pass }) => pass !== null)
  const inside = measured.filter(({ pass }) => pass).length
  const wide = bands.filter(({ isWide }) => isWide).length
  return [
    ...lines,
    '',
    `${inside} of ${measured.length} measured bands held; below them frauds are noise, above them too easy.`,
    'In brackets 95 % intervals: campaigns are drawn again and again, for cards@100 days.',
    ...(wide === 0
      ? []
      : [`Of ${wide}, marked ~, the interval is wider than the band: another seed may well say otherwise.`]),
    '',
  ].join('\n')
}

/** Empty where nothing can be said. */
export const intervalText = ({ interval, isWide }: Pick<BandResult, 'interval' | 'isWide'>): string =>
  interval === null ? '' : `(${value(interval.low).trim()} to ${value(interval.high).trim()})${isWide ? ' ~' : ''}`

/** For machines. */
export function scorecardJson({ settings }: ScoredRun, plan: Plan, card: Scorecard): string {
  const { detectors, ...rest } = card
  const content = {
    seed: settings.seed,
    prevalence: prevalences[0],
    prevalences,
    simulatedFraudRate: fraudRate(settings.fraud),
    plan,
    detectors,
    ...rest,
  }
  return figuresJson(content)
}

/** JSON knows no NaN: null where nothing was there to be measured. */
export const figuresJson = (figures: unknown): string =>
  `${JSON.stringify(figures, (_, inner: unknown) => (Number.isNaN(inner) ? null : inner), 2)}\n`
