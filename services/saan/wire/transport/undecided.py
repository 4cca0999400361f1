"""Finds what a transaction has left undecided although its owner is fenced, so that a lane can put an end to it.

Fencing an owner commits or aborts what it has left open. Yet a lone broker that comes back after a crash leads, loses
the lead and leads again within two seconds, and in between a transaction can be called complete although some of its
partitions never got its marker (seen once in an hour under faults: a position and a log that both lacked the last
block of a dead router). Such records hold readers back until the next marker of the same producer, which decides about
them as about its own: what had been committed would come to light after the local state was brought up to the log,
and what was to be aborted would be committed with the next block.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from saan.wire.transport.settings import TransportSettings

_PATIENCE = 1.0
"""Seconds in which a transaction that somebody still works on moves on, or its marker reaches all replicas."""
_LOOKS = 4
_ANSWERS = 4.0
"""Seconds for all of it: of a partition without a leader nothing can be learned now, and nothing be written."""

log = logging.getLogger("saan.transport")


async def undecided(partitions: Iterable[TopicPartition], settings: TransportSettings) -> frozenset[TopicPartition]:
    """Those partitions whose readers do not get on although more is there; none where Kafka does not say in time.

    A partition on which another process has a long transaction open can be among them. Raises aiokafka's errors.
    """
    try:
        async with asyncio.timeout(_ANSWERS):
            return await _undecided(partitions, settings)
    except TimeoutError:
        log.warning("nobody says in time whether anything is left undecided; going on")
        return frozenset()


async def _undecided(partitions: Iterable[TopicPartition], settings: TransportSettings) -> frozenset[TopicPartition]:
    asked = list(partitions)
    where = {"enable_auto_commit": False, **settings.connection()}
    async with (
        AIOKafkaConsumer(isolation_level="read_committed", **where) as committed,
        AIOKafkaConsumer(isolation_level="read_uncommitted", **where) as all_,  # asked for ends, never read
    ):
        stuck = await _behind(await committed.end_offsets(asked), all_)
        for _ in range(_LOOKS):
            if not stuck:
                break
            await asyncio.sleep(_PATIENCE / _LOOKS)
            now = await committed.end_offsets(list(stuck))
            stuck = await _behind({tp: end for tp, end in stuck.items() if now[tp] == end}, all_)
    return frozenset(stuck)


async def _behind(stable: Mapping[TopicPartition, int], kafka: AIOKafkaConsumer) -> dict[TopicPartition, int]:
    """Those of the partitions whose log goes on beyond their last stable offset."""
    ends = await kafka.end_offsets(list(stable)) if stable else {}
    return {tp: end for tp, end in stable.items() if end < ends[tp]}
