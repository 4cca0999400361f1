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
import time
from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from saan.wire.transport.settings import TransportSettings

_PATIENCE = 1.0
"""Seconds in which a transaction that somebody still works on moves on, or its marker reaches all replicas."""
_LOOKS = 4
_LEADERLESS = 4.0
"""Seconds to wait for leaders: of a partition without one nothing can be learned, and nothing be written to it."""

log = logging.getLogger("saan.transport")


async def undecided(partitions: Iterable[TopicPartition], settings: TransportSettings) -> frozenset[TopicPartition]:
    """Those partitions whose readers do not get on although more is there.

    A partition on which another process has a long transaction open can be among them; one that stays without a
    leader is not looked at. Raises aiokafka's errors, and waits for as long as Kafka does not answer: to go on
    without knowing could commit what was to be aborted.
    """
    where = {"enable_auto_commit": False, **settings.connection()}
    async with (
        AIOKafkaConsumer(isolation_level="read_committed", **where) as committed,
        AIOKafkaConsumer(isolation_level="read_uncommitted", **where) as all_,  # asked for ends, never read
    ):
        asked = await _led(frozenset(partitions), committed)
        await _led(asked, all_)
        stuck = await _behind(await committed.end_offsets(list(asked)), all_)
        for _ in range(_LOOKS):
            if not stuck:
                break
            await asyncio.sleep(_PATIENCE / _LOOKS)
            now = await committed.end_offsets(list(stuck))
            stuck = await _behind({tp: end for tp, end in stuck.items() if now[tp] == end}, all_)
    return frozenset(stuck)


async def _led(partitions: frozenset[TopicPartition], kafka: AIOKafkaConsumer) -> frozenset[TopicPartition]:
    """Those partitions that have a leader, once `kafka` knows all leaders.

    It is told all topics at once. By itself it would learn of one topic per attempt, ten attempts a second.
    """
    give_up = time.monotonic() + _LEADERLESS
    while True:
        await kafka._client.set_topics(())
        leader = kafka._client.cluster.leader_for_partition
        led = frozenset(tp for tp in partitions if leader(tp) not in {None, -1})
        if led == partitions:
            return led
        if time.monotonic() > give_up:
            log.warning("%d partitions stay without a leader; going on without them", len(partitions - led))
            return led
        await asyncio.sleep(_LEADERLESS / 20)


async def _behind(stable: Mapping[TopicPartition, int], kafka: AIOKafkaConsumer) -> dict[TopicPartition, int]:
    """Those of the partitions whose log goes on beyond their last stable offset."""
    ends = await kafka.end_offsets(list(stable)) if stable else {}
    return {tp: end for tp, end in stable.items() if end < ends[tp]}
