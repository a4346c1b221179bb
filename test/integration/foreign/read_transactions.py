"""Reads committed transactions with Confluent's client and deserialiser; says of each, as a line of JSON, where it was.

Arguments: brokers, topic, number of records, registry.
"""

import json
import sys
import time
from datetime import datetime, timedelta, timezone

from confluent_kafka import TIMESTAMP_CREATE_TIME, Consumer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

PATIENCE_SECONDS = 60
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
WORD = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """The hash of Kafka's default partitioner: MurmurHash2, 32 bits, seed 0x9747b28c."""
    m = 0x5BD1E995
    h = 0x9747B28C ^ len(data)
    whole = len(data) & ~3
    for at in range(0, whole, 4):
        k = int.from_bytes(data[at : at + 4], "little") * m & WORD
        k = (k ^ k >> 24) * m & WORD
        h = h * m & WORD ^ k
    if whole < len(data):
        h = (h ^ int.from_bytes(data[whole:], "little")) * m & WORD
    h = (h ^ h >> 13) * m & WORD
    return h ^ h >> 15


def milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def describe(message, value, partitions: int) -> dict:
    kind, timestamp = message.timestamp()
    return {
        "key": message.key().decode(),
        "partition": message.partition(),
        "home": (murmur2(message.key()) & 0x7FFFFFFF) % partitions,
        "timestamp": timestamp,
        "timestampType": "CreateTime" if kind == TIMESTAMP_CREATE_TIME else "other",
        "fields": len(value),
        "id": value["transaction_id"],
        "customer": value["customer_id"],
        "eventTime": milliseconds(value["event_time"]),
        "amount": value["amount_minor"],
    }


def main(brokers: str, topic: str, count: int, registry: str) -> None:
    deserialize = AvroDeserializer(SchemaRegistryClient({"url": registry}))
    context = SerializationContext(topic, MessageField.VALUE)
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": f"{topic}.python",
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    partitions = len(consumer.list_topics(topic).topics[topic].partitions)
    consumer.subscribe([topic])
    deadline = time.monotonic() + PATIENCE_SECONDS
    read = 0
    while read < count and time.monotonic() < deadline:
        for message in consumer.consume(500, timeout=0.2):
            if message.error():
                raise RuntimeError(message.error())
            print(json.dumps(describe(message, deserialize(message.value(), context), partitions)))
            read += 1
    consumer.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
