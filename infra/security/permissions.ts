import { type TopicName, topicNames, topics } from '#schemas/topics.ts'
import type { Fold } from '#services/fold.ts'
import { fraudInjector } from '#services/fraud-injector/fold.ts'
import { monitorFold } from '#services/monitor/fold.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import type { Settings } from '#services/settings.ts'

/** Operations by Kafka's own names. Read and Write include Describe. */
export type Operation = 'Read' | 'Write' | 'Create' | 'Delete' | 'Describe' | 'DescribeConfigs'

/** What a role may do with one resource, or with all whose names begin so. */
export interface Permission {
  readonly resource: 'topic' | 'group' | 'transactional-id'
  readonly name: string
  readonly pattern: 'literal' | 'prefixed'
  readonly operations: readonly Operation[]
}

/**
 * Who needs to be let in: the services; `deploy`, which creates the topics; `operator`, who commands the running
 * services by `rules`, `control` and `fraud`; `viewer`, who reads what is not internal.
 */
export const roles = ['producer', 'fraud-injector', 'scorer', 'monitor', 'deploy', 'operator', 'viewer'] as const

export type Role = (typeof roles)[number]

type AnyFold = Pick<Fold<never, never>, 'name' | 'inputs' | 'stateTopic' | 'sideInputs'>

/** The least that each role needs on a Kafka with access control, and nothing else. Nothing is said of the registry. */
export function permissionsOf(role: Role, settings: Settings): Permission[] {
  const { topicPrefix } = settings
  const permissions = merged(withoutPrefix(role, settings))
  return permissions.map((permission) => ({ ...permission, name: topicPrefix + permission.name }))
}

function withoutPrefix(role: Role, settings: Settings): Permission[] {
  switch (role) {
    case 'producer':
      return [
        ...checked(),
        ...written('producer'),
        ...state('producer', 'producer.state'),
        ...sides('producer', ['control']),
      ]
    case 'scorer':
    case 'fraud-injector':
      return [...checked(), ...written(role), ...foldsOf(settings)[role].flatMap(folded)]
    case 'monitor':
      return [
        ...checked(),
        ...written(role),
        ...foldsOf(settings).monitor.flatMap(folded),
        ...measured(settings),
        ...livePage(),
        archived,
      ]
    case 'deploy':
      return topicNames.map((name) => topic(name, ['Create', 'Describe', 'DescribeConfigs']))
    case 'operator':
      return topicNames.filter((name) => topics[name].from.includes('people')).flatMap(commanded)
    case 'viewer':
      return [
        ...topicNames.filter((name) => !topics[name].internal).map((name) => topic(name, ['Read'])),
        { resource: 'group', name: 'tail-', pattern: 'prefixed', operations: ['Read'] },
      ]
  }
}

const foldsOf = (
  settings: Settings,
): Readonly<Record<'fraud-injector' | 'scorer' | 'monitor', readonly AnyFold[]>> => ({
  'fraud-injector': [fraudInjector(settings)],
  scorer: [customerFold(settings), entityFold(settings, settings.partitions)],
  monitor: [monitorFold(settings)],
})

const topic = (name: TopicName, operations: readonly Operation[]): Permission => ({
  resource: 'topic',
  name,
  pattern: 'literal',
  operations,
})

/** A service looks at all topics before it starts: whether they are there, and as they must be. It sees no record. */
const checked = (): Permission[] => topicNames.map((name) => topic(name, ['Describe', 'DescribeConfigs']))

/** What the table of topics says comes from this service; dead letters come from those that read. */
const written = (service: Role): Permission[] =>
  topicNames
    .filter((name) => {
      const { from } = topics[name]
      return from.split(', ').includes(service) || (from === 'every service' && service !== 'producer')
    })
    .map((name) => topic(name, ['Write']))

/** The monitor tells how far behind each consumer group is. */
const measured = (settings: Settings): Permission[] =>
  Object.values(foldsOf(settings))
    .flat()
    .map(({ name }) => ({ resource: 'group', name, pattern: 'literal', operations: ['Describe'] }))

/** The monitor copies alerts to PostgreSQL, where one is named, by a group of its own. */
const archived: Permission = { resource: 'group', name: 'monitor.postgres', pattern: 'literal', operations: ['Read'] }

/** The monitor's page looks at some of the payments while somebody looks at it, and its buttons command what runs. */
const livePage = (): Permission[] => [
  topic('transactions', ['Read']),
  { resource: 'group', name: 'monitor.page-', pattern: 'prefixed', operations: ['Read'] },
  ...sides('monitor', ['control']),
  topic('control', ['Write']),
  { resource: 'transactional-id', name: 'monitor.page', pattern: 'literal', operations: ['Write', 'Describe'] },
]

function folded({ name, inputs, stateTopic, sideInputs = [] }: AnyFold): Permission[] {
  return [
    ...inputs.map((input) => topic(input, ['Read'])),
    { resource: 'group', name, pattern: 'literal', operations: ['Read'] },
    ...state(name, stateTopic),
    ...(sideInputs.length > 0 ? sides(name, sideInputs) : []),
  ]
}

/** One writer for each partition, and the group by which its state is read once, at the start, and which is then deleted. */
const state = (writer: string, stateTopic: TopicName): Permission[] => [
  topic(stateTopic, ['Read']),
  { resource: 'group', name: `${stateTopic}.read-`, pattern: 'prefixed', operations: ['Read', 'Delete'] },
  { resource: 'transactional-id', name: `${writer}-`, pattern: 'prefixed', operations: ['Write', 'Describe'] },
]

/** Compacted topics that are read whole, each process in a group of its own. */
const sides = (reader: string, names: readonly TopicName[]): Permission[] => [
  ...names.map((name) => topic(name, ['Read'])),
  { resource: 'group', name: `${reader}.side-`, pattern: 'prefixed', operations: ['Read'] },
]

/** The command line reads what is in force on such a topic, and writes what shall be. */
const commanded = (name: TopicName): Permission[] => [
  topic(name, ['Read', 'Write']),
  { resource: 'group', name: `${name}-cli.side-`, pattern: 'prefixed', operations: ['Read'] },
  { resource: 'transactional-id', name: `${name}-cli`, pattern: 'literal', operations: ['Write', 'Describe'] },
]

/** One permission for each resource, with all operations. */
function merged(permissions: readonly Permission[]): Permission[] {
  const byResource = new Map<string, Permission>()
  for (const permission of permissions) {
    const key = `${permission.resource}/${permission.pattern}/${permission.name}`
    const operations = [...(byResource.get(key)?.operations ?? []), ...permission.operations]
    byResource.set(key, { ...permission, operations: [...new Set(operations)] })
  }
  return [...byResource.values()]
}
