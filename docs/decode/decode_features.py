"""Prints the features of payments by name, a line of JSON for each.

    pip install 'confluent-kafka[avro,schemaregistry]'
    python docs/decode/decode_features.py BROKERS REGISTRY [TOPIC [COUNT]]
"""

import json
import struct
import sys
import time
from pathlib import Path

from confluent_kafka import Consumer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

FEATURE_LIST = Path(__file__).parents[2] / "services/scorer/features.json"
PATIENCE_SECONDS = 60


class FeatureDecoder:
    """Gives the values of a record their names: 4 bytes a feature, little endian, in the order of the list."""

    def __init__(self, path: Path):
        feature_list = json.loads(path.read_text(encoding="utf-8"))
        self.version = feature_list["version"]
        self.names = [feature["name"] for feature in feature_list["features"]]
        self.layout = struct.Struct(f"<{len(self.names)}f")

    def decode(self, record: dict) -> dict[str, float]:
        if record["list_version"] != self.version:
            raise ValueError(f"expected version {self.version} of the list, got {record['list_version']}")
        return dict(zip(self.names, self.layout.unpack(record["values"])))


def main(brokers: str, registry: str, topic: str = "features", count: str = "10") -> None:
    decoder = FeatureDecoder(FEATURE_LIST)
    deserialize = AvroDeserializer(SchemaRegistryClient({"url": registry}))
    context = SerializationContext(topic, MessageField.VALUE)
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": f"{topic}.decode-python",
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    consumer.subscribe([topic])
    left = int(count)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while left > 0 and time.monotonic() < deadline:
        for message in consumer.consume(min(left, 500), timeout=0.2):
            if message.error():
                raise RuntimeError(message.error())
            record = deserialize(message.value(), context)
            print(json.dumps({"transaction_id": record["transaction_id"], "features": decoder.decode(record)}))
            left -= 1
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
