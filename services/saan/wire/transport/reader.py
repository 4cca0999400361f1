"""Reading partitions by hand: no group is joined, nothing is committed, and only what is committed is seen."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from saan.wire.transport.settings import TransportSettings

_PATIENCE: Final = 10.0


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


async def record_at(kafka: AIOKafkaConsumer, tp: TopicPartition, offset: int) -> ConsumerRecord | None:
    """The committed record at this offset, if there is one."""
    if not (await kafka.beginning_offsets([tp]))[tp] <= offset < (await kafka.end_offsets([tp]))[tp]:
        return None
    kafka.seek(tp, offset)
    async with asyncio.timeout(_PATIENCE):
        while await kafka.position(tp) <= offset:  # what was aborted is passed over without a record
            for record in (await kafka.getmany(tp, timeout_ms=100, max_records=1)).get(tp, ()):
                return record if record.offset == offset else None
    return None
