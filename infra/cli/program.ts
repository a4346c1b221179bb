import { Command } from 'commander'
import project from '../../package.json' with { type: 'json' }
import { addAcls } from './commands/acls.ts'
import { addControl } from './commands/control.ts'
import { addDifficulty } from './commands/difficulty.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExport } from './commands/export.ts'
import { addFidelity } from './commands/fidelity.ts'
import { addFraud } from './commands/fraud.ts'
import { addFraudReport } from './commands/fraud-report.ts'
import { addLedger } from './commands/ledger.ts'
import { addLoad } from './commands/load.ts'
import { addReplay } from './commands/replay.ts'
import { addReset } from './commands/reset.ts'
import { addRules } from './commands/rules.ts'
import { addSample } from './commands/sample.ts'
import { addSchemas } from './commands/schemas.ts'
import { addScorecard } from './commands/scorecard.ts'
import { addScorecards } from './commands/scorecards.ts'
import { addStart } from './commands/start.ts'
import { addTail } from './commands/tail.ts'
import { addTopics } from './commands/topics.ts'
import { addTrain } from './commands/train.ts'

const after = `
Environment:
  RUPEESTREAM_BROKERS, RUPEESTREAM_REGISTRY               as --brokers and --registry
  RUPEESTREAM_TLS                                         true or false
  RUPEESTREAM_TLS_CA, RUPEESTREAM_TLS_CERT, RUPEESTREAM_TLS_KEY
                                                          PEM files
  RUPEESTREAM_SASL_MECHANISM                              plain, scram-sha-256 or scram-sha-512
  RUPEESTREAM_SASL_USERNAME, RUPEESTREAM_SASL_PASSWORD
  RUPEESTREAM_REGISTRY_USERNAME, RUPEESTREAM_REGISTRY_PASSWORD
  RUPEESTREAM_LOG_LEVEL                                   trace, debug, info, warn, error or fatal
  NO_COLOR                                                set to anything: no colours

Exit codes:
  0 all is well     1 something failed     2 wrong arguments or settings
  3 this machine lacks something (\`doctor\` says what)     4 a threshold was missed     130 interrupted

Examples:
  $ npm start
  $ npm start -- --for 60s --report report.json
  $ npm run load -- --rate 500 --for 60s --threshold 'ack_p99<50ms'
  $ npm run rupeestream -- sample alerts.fraud -n 3
  $ npm run rupeestream -- tail transactions --json`

/** The command line as a whole. */
export function buildProgram(): Command {
  const program = new Command('rupeestream')
    .description(project.description)
    .version(project.version)
    .option(
      '--scenario <file>',
      'settings as YAML, or normal-day, fraud-wave, load-test; infra/scenarios/default.yaml has all keys',
    )
    .option('--seed <text>', 'everything that happens follows from it')
    .option('--topic-prefix <text>', 'goes before the name of every topic, group and transactional id')
    .option('--brokers <host:port>', 'a Kafka of yours; several brokers with commas between')
    .option('--registry <url>', "a schema registry of yours, with Confluent's API")
    .option('--data-dir <folder>', 'where the local stack keeps its data', '.rupeestream')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help says more)')
    .exitOverride()
    .addHelpText('after', after)
  const commands = [
    addStart,
    addLoad,
    addSample,
    addExport,
    addTail,
    addTopics,
    addSchemas,
    addAcls,
    addRules,
    addControl,
    addFraud,
    addFidelity,
    addLedger,
    addFraudReport,
    addScorecard,
    addScorecards,
    addDifficulty,
    addTrain,
    addReplay,
    addDoctor,
    addReset,
  ]
  for (const add of commands) add(program)
  return program
}
