"""Records as a consumer would hand them out."""

from aiokafka import ConsumerRecord, TopicPartition

TP = TopicPartition("outbox.school", 0)


def record(offset: int, value: bytes = b"v", key: bytes = b"k") -> ConsumerRecord:
    return ConsumerRecord(
        TP.topic, TP.partition, offset, 1_700_000_000_000, 0, key, value, None, len(key), len(value), ()
    )


def records(*offsets: int) -> list[ConsumerRecord]:
    return [record(offset) for offset in offsets]
