import type { Logger } from 'pino'
import type { Connection } from '#infra/connection.ts'
import type { Operation, Permission } from '#infra/security/permissions.ts'
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from './client/kafkajs.ts'
import { connectKafka } from './client.ts'

const operationTypes: Readonly<Record<Operation, number>> = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Create: AclOperationTypes.CREATE,
  Delete: AclOperationTypes.DELETE,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
}

const resourceTypes: Readonly<Record<Permission['resource'], number>> = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
}

/** Creates what a principal (`User:name`) may do, from any host; what is there already stays. May be repeated. */
export async function createAcls(
  connection: Connection,
  allowed: ReadonlyMap<string, readonly Permission[]>,
  log: Logger,
): Promise<void> {
  const acl = [...allowed].flatMap(([principal, permissions]) =>
    permissions.flatMap(({ resource, name, pattern, operations }) =>
      operations.map((operation) => ({
        principal,
        host: '*',
        resourceType: resourceTypes[resource],
        resourceName: name,
        resourcePatternType: pattern === 'literal' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
        operation: operationTypes[operation],
        permissionType: AclPermissionTypes.ALLOW,
      })),
    ),
  )
  const admin = connectKafka(connection, 'rupeestream-acls', log).admin()
  await admin.connect()
  try {
    await admin.createAcls({ acl })
  } finally {
    await admin.disconnect()
  }
}
