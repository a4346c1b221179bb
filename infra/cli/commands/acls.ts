import { type Command, Option } from 'commander'
import { aclCommands } from '../../security/commands.ts'
import { permissionsOf, type Role, roles } from '../../security/permissions.ts'
import { exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, scenarioOf } from '../options.ts'
import { runCommand } from '../run-command.ts'
import { connectionFor } from '../running-stack.ts'
import { quietLog } from '../topic-access.ts'

const examples = `
Examples:
  $ npm run rupeestream -- acls > acls.sh
  $ npm run rupeestream -- acls --role scorer --user-prefix payments-
  $ npm run rupeestream -- acls --create --brokers kafka:9093 --registry http://registry:8081

Each role is a user of its own, rupeestream-producer and so on, and may do the least that it needs. Roles are the four
services; deploy (topics), operator (rules, control, fraud) and viewer (tail). Of schemas a registry says itself who may
do what. The lines that are printed are calls of Kafka's kafka-acls.sh; set BROKERS, and CONFIG to a file with an
administrator's login.`

interface AclsOptions extends GlobalOptions {
  readonly create?: true
  readonly role?: Role
  readonly userPrefix: string
}

export function addAcls(program: Command): void {
  program
    .command('acls')
    .description('print, or create, what each service may do on a Kafka with access control')
    .option('--create', 'create them on the brokers, by the login of the environment')
    .addOption(new Option('--role <role>', 'one role only').choices(roles))
    .option('--user-prefix <text>', "goes before the role's name to make the name of its user", 'rupeestream-')
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const options = command.optsWithGlobals<AclsOptions>()
        const { settings } = scenarioOf(options)
        const allowed = new Map(
          (options.role === undefined ? roles : [options.role]).map(
            (role) => [`User:${options.userPrefix}${role}`, permissionsOf(role, settings)] as const,
          ),
        )
        if (options.create) {
          const { createAcls } = await import('../../kafka/create-acls.ts')
          await createAcls(connectionFor(options, process.env), allowed, quietLog())
          for (const [principal, { length }] of allowed) process.stdout.write(`${principal}  ${length} permissions\n`)
        } else {
          for (const [principal, permissions] of allowed)
            for (const line of aclCommands(principal, permissions)) process.stdout.write(`${line}\n`)
        }
        return exitCodes.ok
      }),
    )
}
