// `npm run chaos:cluster`: three brokers, replication 3, two replicas in sync at least. The brokers are killed one after
// the other while the injector and the scorer work; what they write must be what an undisturbed run writes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tool } from '#infra/cli/tool.ts'
import { type Cluster, startCluster } from '#infra/local/cluster.ts'
import { type LocalStack, startLocalStack } from '#infra/local/stack.ts'
import { Disturbance, until } from '../helpers/chaos/disturb.ts'
import { Stage } from '../helpers/chaos/stage.ts'
import { subjects } from '../helpers/chaos/subjects.ts'

tool(
  'chaos:cluster',
  'injector and scorer on three brokers that are killed one after the other; 0 if exact, else 1',
).parse()

const say = (text: string): boolean => process.stdout.write(`${text}\n`)

async function hurt(cluster: Cluster, stack: LocalStack, subject: (typeof subjects)[number]): Promise<boolean> {
  const connection = { brokers: cluster.addresses, registry: stack.connection.registry }
  const stage = await Stage.open({ connection, simulatedHours: 96, ...subject })
  const run = new Disturbance(stage, subject.service, connection)
  try {
    const victim = run.start()
    for (const broker of cluster.brokers) {
      const before = victim.transactions
      await until(
        async () => victim.transactions > before || (await stage.isDone().catch(() => false)),
        'no transaction',
      )
      await broker.kill('SIGKILL')
      say(`  broker ${broker.id} killed after ${victim.transactions} transactions`)
      await broker.start()
    }
    const verdict = await run.finish()
    say(`${subject.service}: ${JSON.stringify({ transactions: run.transactions, ...verdict })}`)
    return verdict.isEqual
  } finally {
    await run.end()
    await stage.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-cluster-'))
const stack = await startLocalStack({ dataDir: join(folder, 'stack') })
try {
  if (stack.java === undefined || stack.kafkaClassPath === undefined)
    throw new Error('a JDK is needed for three brokers')
  const { java, kafkaClassPath } = stack
  const cluster = await startCluster({
    java,
    kafkaClassPath,
    folder: join(folder, 'cluster'),
    logFolder: join(folder, 'logs'),
    brokers: 3,
    heapMb: 512,
  })
  try {
    for (const subject of subjects) if (!(await hurt(cluster, stack, subject))) process.exitCode = 1
  } finally {
    await cluster.stop()
  }
} finally {
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
}
say(process.exitCode === 1 ? 'VIOLATION' : 'exactly once, in order, through every kill')
