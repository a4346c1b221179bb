import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fetchPrograms } from '#infra/local/fetch.ts'
import { findJava } from '#infra/local/find-java.ts'
import { runCommand } from '#infra/local/run-command.ts'
import { debianRelease } from './missing.ts'
import type { Podman } from './podman.ts'

const MIRROR = 'http://deb.debian.org/debian'
const DEBOOTSTRAP_LIMIT_MS = 10 * 60_000
const BASE = 'localhost/stand-in-base'
const JAVA = 'localhost/stand-in-java'

/**
 * Images under the official names, where their registry cannot be reached: Debian by debootstrap, and in it the same
 * Node, the same Kafka and the same Apicurio Registry. What stands in for the images' own scripts is below, and is all
 * that a run with them does not prove. `images` are the names with tags that Dockerfile and compose file ask for.
 */
export async function makeStandIns(
  podman: Podman,
  folder: string,
  images: { readonly node: string; readonly kafka: string; readonly registry: string },
  say: (text: string) => void,
): Promise<void> {
  await podman.run('import', await debian(say, podman.ending), BASE)
  say('making stand-ins for the official images')
  const java = await findJava()
  const { folder: programs } = await fetchPrograms(say)
  const build = async (tag: string, context: string, text: string): Promise<void> => {
    writeFileSync(join(context, 'Containerfile'), text)
    await podman.run('build', '--quiet', '--network', 'host', '--tag', tag, context)
    rmSync(context, { recursive: true })
  }
  const context = (name: string, sources: Readonly<Record<string, string>>): string => {
    const at = join(folder, name)
    mkdirSync(at, { recursive: true })
    for (const [to, from] of Object.entries(sources)) cpSync(from, join(at, to), { recursive: true, dereference: true })
    return at
  }
  await build(`docker.io/library/${images.node}`, context('node', await nodeSources()), nodeImage)
  await build(JAVA, context('java', { jdk: dirname(dirname(java!.path)) }), javaImage)
  await build(
    `docker.io/${images.kafka}`,
    kafkaContext(context('kafka', { libs: join(programs, 'kafka') })),
    kafkaImage,
  )
  await build(
    `docker.io/${images.registry}`,
    context('registry', { deployments: join(programs, 'registry') }),
    registryImage,
  )
}

/** A small Debian as an archive, kept in the user's cache folder. */
async function debian(say: (text: string) => void, signal: AbortSignal): Promise<string> {
  const release = debianRelease()
  const base = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rupeestream')
  const archive = join(base, `debian-${release}.tar`)
  if (existsSync(archive)) return archive
  say(`making a small Debian ${release} (about a minute, once)`)
  const root = `${archive}.root`
  rmSync(root, { recursive: true, force: true })
  mkdirSync(base, { recursive: true })
  const args = ['--variant=minbase', '--include=ca-certificates,libstdc++6,zlib1g', release, root, MIRROR]
  const made = await runCommand('debootstrap', args, { timeoutMs: DEBOOTSTRAP_LIMIT_MS, signal })
  if (made.code !== 0) throw new Error(`debootstrap failed:\n${made.output.slice(-2_000)}`)
  const packed = await runCommand('tar', ['-C', root, '-cf', `${archive}.part`, '.'], {
    timeoutMs: DEBOOTSTRAP_LIMIT_MS,
    signal,
  })
  if (packed.code !== 0) throw new Error(`tar failed:\n${packed.output}`)
  rmSync(root, { recursive: true })
  renameSync(`${archive}.part`, archive)
  return archive
}

/** Node as it runs here, npm, and whom this machine trusts: a registry of packages may be behind an authority of its own. */
async function nodeSources(): Promise<Record<string, string>> {
  const { output } = await runCommand('npm', ['root', '--global', '--loglevel=error'], { timeoutMs: 30_000 })
  const npm = join(output.trim().split('\n').at(-1)!, 'npm')
  return { node: resolve(process.execPath), npm, 'ca-certificates.crt': '/etc/ssl/certs/ca-certificates.crt' }
}

const nodeImage = `FROM ${BASE}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --uid 1000 --user-group node
`

const javaImage = `FROM ${BASE}
COPY jdk /opt/java
ENV PATH=/opt/java/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`

/** Kafka's image turns variables into properties by a class of Kafka's own; so does this one. */
const kafkaImage = `FROM ${JAVA}
COPY libs /opt/kafka/libs
COPY bin /opt/kafka/bin
COPY defaults /etc/kafka/docker
RUN useradd --uid 1000 --user-group appuser && mkdir -p /opt/kafka/config /opt/kafka/logs /mnt/shared/config /var/lib/kafka/data \\
  && chmod +x /opt/kafka/bin/* && chown -R appuser /opt/kafka/config /opt/kafka/logs /var/lib/kafka/data
VOLUME /var/lib/kafka/data
USER appuser
CMD ["/opt/kafka/bin/run.sh"]
`

const kafkaRun = `#!/bin/bash -e
export CLUSTER_ID=\${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}
java -cp '/opt/kafka/libs/*' kafka.docker.KafkaDockerWrapper setup --default-configs-dir /etc/kafka/docker \\
  --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config
exec java -Xmx512m -XX:+UseSerialGC -Dlog4j2.configurationFile=/opt/kafka/config/log4j2.yaml \\
  -cp '/opt/kafka/libs/*' kafka.Kafka /opt/kafka/config/server.properties
`

const kafkaVersions = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' org.apache.kafka.tools.BrokerApiVersionsCommand "$@"
`

const log4j = `Configuration:
  Appenders:
    Console:
      name: STDOUT
      PatternLayout: {pattern: "%d %p %m (%c)%n"}
  Loggers:
    Root:
      level: INFO
      AppenderRef: [{ref: STDOUT}]
`

function kafkaContext(at: string): string {
  mkdirSync(join(at, 'bin'))
  mkdirSync(join(at, 'defaults'))
  writeFileSync(join(at, 'bin/run.sh'), kafkaRun)
  writeFileSync(join(at, 'bin/kafka-broker-api-versions.sh'), kafkaVersions)
  for (const name of ['log4j2.yaml', 'tools-log4j2.yaml']) writeFileSync(join(at, 'defaults', name), log4j)
  writeFileSync(join(at, 'defaults/server.properties'), '')
  return at
}

const registryImage = `FROM ${JAVA}
COPY deployments /deployments
RUN useradd --uid 185 --gid 0 --no-create-home jboss
WORKDIR /deployments
USER 185
CMD ["java", "-Xmx384m", "-XX:+UseSerialGC", "-jar", "quarkus-run.jar"]
`
