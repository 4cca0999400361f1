"""Reading partitions by hand: no group is joined, nothing is committed, and only what is committed is seen."""

import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from saan.wire.transport.settings import TransportSettings


@asynccontextmanager
async def reading(
    partitions: Sequence[TopicPartition], settings: TransportSettings, **more: Any
) -> AsyncIterator[AIOKafkaConsumer]:
    """A started consumer with these partitions assigned; `more` are further arguments of aiokafka's consumer."""
    kafka = AIOKafkaConsumer(
        enable_auto_commit=False,
        isolation_level="read_committed",
        fetch_max_wait_ms=50,
        **settings.connection(),
        **more,
    )
    await kafka.start()
    try:
        kafka.assign(list(partitions))
        yield kafka
    finally:
        await kafka.stop()


def content(record: ConsumerRecord) -> int:
    """A checksum over key and value, by which a record is recognised."""
    return zlib.crc32((record.key or b"") + (record.value or b""))
