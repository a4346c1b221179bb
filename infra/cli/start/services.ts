import { fileURLToPath } from 'node:url'
import type { ServiceName } from '../../service/run-service.ts'
import type { Supervised } from './supervisor.ts'

/** In this order their ports count up. Readers come first, so that they are there when the first record comes. */
export const serviceNames: readonly ServiceName[] = ['monitor', 'scorer', 'fraud-injector', 'producer']

/** Records live shortly: a larger young generation is collected less often. */
export const nodeFlags = ['--max-semi-space-size=64']

const mainOf = (name: ServiceName): string => fileURLToPath(import.meta.resolve(`#services/${name}/main.ts`))

/** How each service is started, as arguments of node. A monitor that is started again has the same page port. */
export const serviceProcesses = (
  services: readonly ServiceName[],
  scenarioFile: string,
  firstPort: number,
  pagePort: number,
): Supervised[] =>
  services.map((name, index) => ({
    name,
    args: [
      ...nodeFlags,
      mainOf(name),
      '--scenario',
      scenarioFile,
      ...(name === 'producer' ? ['--hold-live'] : []),
      ...(name === 'monitor' ? ['--page-port', String(pagePort)] : []),
      '--metrics-port',
      String(firstPort === 0 ? 0 : firstPort + index),
    ],
  }))
