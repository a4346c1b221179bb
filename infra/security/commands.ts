import type { Permission } from './permissions.ts'

/** A call of Kafka's own kafka-acls.sh for each permission; `$BROKERS` and `$CONFIG` are the reader's to set. */
export const aclCommands = (principal: string, permissions: readonly Permission[]): string[] =>
  permissions.map(({ resource, name, pattern, operations }) =>
    [
      'kafka-acls.sh --bootstrap-server "$BROKERS" --command-config "$CONFIG" --add',
      `--allow-principal ${quoted(principal)}`,
      ...operations.map((operation) => `--operation ${operation}`),
      `--${resource} ${quoted(name)}`,
      ...(pattern === 'prefixed' ? ['--resource-pattern-type prefixed'] : []),
    ].join(' '),
  )

const quoted = (text: string): string => (/^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
