interface Grouping<Message> {
  readonly topic: string
  readonly partitionMetadata: readonly unknown[]
  readonly messages: readonly Message[]
  readonly partitioner: (choice: { topic: string; partitionMetadata: readonly unknown[]; message: Message }) => number
}

/** The messages of a send by partition, in their order; kafkajs's own copies each group anew for each message. */
export function groupByPartition<Message>({
  topic,
  partitionMetadata,
  messages,
  partitioner,
}: Grouping<Message>): Record<number, Message[]> {
  const groups: Record<number, Message[]> = {}
  if (partitionMetadata.length === 0) return groups
  for (const message of messages) {
    const partition = partitioner({ topic, partitionMetadata, message })
    groups[partition] ??= []
    groups[partition].push(message)
  }
  return groups
}
