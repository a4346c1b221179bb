import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const root = join(import.meta.dirname, '..')
/** Two files at a time share the stack, in topics of their own: most of what they do is wait for it. */
const onStack = { maxWorkers: 2, globalSetup: './test/helpers/global-stack.ts' } as const

/**
 * Vitest leaves a core idle by itself, and of two that is half of them. What these tests import keeps nothing between two
 * files, so it is imported once a worker: that was half of the time.
 */
const onAllCores = { maxWorkers: availableParallelism(), isolate: false } as const

/** These hold our parts against kafkajs's own, which no other test of the same worker may have replaced already. */
const kafkaClient = 'test/unit/kafka-client/*.test.ts'

export default defineConfig({
  root,
  test: {
    // Projects with different numbers of workers run one after the other.
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: [kafkaClient],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
          ...onAllCores,
        },
      },
      {
        root,
        test: {
          name: 'kafka-client',
          include: [kafkaClient],
          sequence: { groupOrder: 0 },
          ...onAllCores,
          isolate: true,
        },
      },
      {
        root,
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: 120_000,
          sequence: { groupOrder: 1 },
          ...onAllCores,
        },
      },
      {
        root,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
          ...onStack,
        },
      },
      {
        root,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 3 },
          ...onStack,
        },
      },
    ],
  },
})
