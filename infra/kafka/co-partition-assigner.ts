import type { PartitionAssigner } from 'kafkajs'
import { AssignerProtocol } from './client/kafkajs.ts'

const NAME = 'CoPartitionAssigner'
const VERSION = 1

/**
 * Gives partition p of every topic to the same member, members in order of their ids: a task needs the whole of its
 * partition. kafkajs's own assigner deals topic-partitions out one by one.
 */
export const coPartitionAssigner: PartitionAssigner = ({ cluster }) => ({
  name: NAME,
  version: VERSION,
  async assign({ members, topics }) {
    const sorted = members.map((member) => member.memberId).sort()
    const assignment = new Map(sorted.map((id) => [id, {} as Record<string, number[]>]))
    for (const topic of topics) {
      for (const { partitionId } of cluster.findTopicPartitionMetadata(topic)) {
        const topicsOfMember = assignment.get(sorted[partitionId % sorted.length]!)!
        topicsOfMember[topic] ??= []
        topicsOfMember[topic].push(partitionId)
      }
    }
    return [...assignment].map(([memberId, partitions]) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: VERSION,
        assignment: partitions,
        userData: Buffer.alloc(0),
      }),
    }))
  },
  protocol({ topics }) {
    return {
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.alloc(0) }),
    }
  },
})

/** Gives one member exactly the partitions asked for, of a single topic: to read them without a group's say. */
export function fixedAssigner(topic: string, partitions: readonly number[]): PartitionAssigner {
  return (config) => ({
    ...coPartitionAssigner(config),
    async assign({ members }) {
      return members.map(({ memberId }) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: VERSION,
          assignment: { [topic]: [...partitions] },
          userData: Buffer.alloc(0),
        }),
      }))
    },
  })
}
