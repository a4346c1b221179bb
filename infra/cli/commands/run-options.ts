import { type Command, Option } from 'commander'
import { orInvalid, parseNumber, parseOutputFile, parsePositive, parseRate } from '../parse.ts'
import { parseFor, parseUntil } from '../start/end-condition.ts'

const list = (text: string, before: readonly string[] = []): string[] => [...before, text]

/** What `start` and `load` have in common: how long, how fast, how many, and what to hold the run to. */
export const addRunOptions = (command: Command): Command =>
  command
    .option('--for <duration>', 'end after so much wall time of live stream, such as 60s or 10m', orInvalid(parseFor))
    .option('--until <date>', 'end when the simulated clock gets there (Indian time)', orInvalid(parseUntil))
    .option('--transactions <n>', 'end after so many live transactions', parsePositive)
    .option('--report <file>', 'write what came of it, as JSON', parseOutputFile)
    .option(
      '--threshold <test>',
      "a test such as 'ack_p99<50ms', several allowed; exit code 4 when one is missed",
      list,
    )
    .addOption(
      new Option('--speed <n>', 'simulated seconds a second').argParser(parseNumber).conflicts(['rate', 'max']),
    )
    .addOption(
      new Option('--rate <n>', 'payments a second, or a course such as wave:100..1000/60s')
        .argParser(parseRate)
        .conflicts(['speed', 'max']),
    )
    .addOption(new Option('--max', 'as fast as it goes').conflicts(['speed', 'rate']))
    .option('--customers <n>', 'how many customers there are', parsePositive)
    .option('--history <duration>', 'simulated time made at full speed before the live clock, such as 14d or 0s')
    .option('--json', 'lines of JSON instead of the live view, on a terminal too')

/** Names the metrics and operators of `--threshold`. */
export const thresholdHelp = `
Thresholds: a metric, one of < <= > >= and a limit. In ms or s: ack_p50, ack_p95, ack_p99 and ack_max, from the
intended moment of a payment to the commit that acknowledged it. In records or %: shortfall, what was due and never
acknowledged. In records a second: acked_rate, from the start of the live clock to the last acknowledgement.`

/** Names the shapes of `--rate`. */
export const rateHelp = `
Rates: a number, or SHAPE:LOW..HIGH/PERIOD, payments a second over wall time. ramp and steps (five) go from LOW to HIGH
within PERIOD and stay there; wave, spike (a tenth of PERIOD at HIGH) and day (the hours of an Indian day, from three
in the night) begin again after each PERIOD. Any other course: pace.rate.stages in a scenario.`
