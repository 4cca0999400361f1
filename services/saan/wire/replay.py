"""Bringing a store up to its log after a start, a crash, or the loss of the store."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from saan.wire.store import Store, key
from saan.wire.transport.errors import Unable
from saan.wire.transport.reader import content, reading, record_at
from saan.wire.transport.settings import TransportSettings

log = logging.getLogger("saan.store")

Fold = Callable[[bytes | None, ConsumerRecord], bytes]

_AT_ONCE = 250
"""Records folded and written before others get their turn. While a long log is replayed, the same event loop sends
heartbeats and reads what the broker answers; with thousands at once, fetches run into their time-out."""

_IN_BULK: Final[Mapping[str, Any]] = {"max_partition_fetch_bytes": 4 << 20, "check_crcs": False}


class States(Protocol):
    """What is needed of a `Store` to write states."""

    def get(self, keys: Iterable[bytes]) -> Mapping[bytes, bytes | None]: ...

    def condemn(self, why: str) -> None: ...

    def commit(self, domain: str, overlay: Mapping[bytes, bytes], next_offset: int) -> None: ...


async def catch_up(
    store: Store, domain: str, topic: str, partition: int, *, settings: TransportSettings, fold: Fold
) -> int:
    """Fold into `store` what `topic` holds beyond the offset it reflects; return how many records that were.

    `fold(old, record)` returns the new state of the record's key; it is pure, so a lost store becomes the same
    again. It raises ValueError for an old state that cannot be read: then the store is condemned, and Unable raised.
    Call this only after the partition is fenced: then no transaction of an older owner is open. A store
    that was not made from this log, or from a part of it that is gone, is reset and made anew.
    """
    tp, started = TopicPartition(topic, partition), time.monotonic()
    async with reading((tp,), settings, **_IN_BULK) as kafka:
        start = (await kafka.beginning_offsets([tp]))[tp]
        end = (await kafka.end_offsets([tp]))[tp]
        await _recognise(store, domain, kafka, tp, start, end)
        replayed = await _replay(store, domain, kafka, tp, max(store.offset(domain), start), end, fold)
    if replayed:
        log.info("%s: %d records replayed in %.2f s", tp, replayed, time.monotonic() - started)
    return replayed


async def records(topic: str, partition: int, *, settings: TransportSettings) -> AsyncIterator[ConsumerRecord]:
    """Every committed record of a partition, from its beginning to its end as it is now; call it once it is fenced."""
    tp = TopicPartition(topic, partition)
    async with reading((tp,), settings, **_IN_BULK) as kafka:
        start, end = (await kafka.beginning_offsets([tp]))[tp], (await kafka.end_offsets([tp]))[tp]
        kafka.seek(tp, start)
        while await kafka.position(tp) < end:
            for record in (await kafka.getmany(tp, timeout_ms=100, max_records=_AT_ONCE)).get(tp, ()):
                yield record
            await asyncio.sleep(0)


async def _recognise(
    store: Store, domain: str, kafka: AIOKafkaConsumer, tp: TopicPartition, start: int, end: int
) -> None:
    """Reset the store unless its states come from this log, and from committed records. A log is recognised by its
    first record.

    The last record that the store reflects must be there and committed. A broker whose disk fails can acknowledge a
    commit and abort it when it comes back: what was remembered after the acknowledgement would then be ahead of the
    log, and records that are read again would be taken for repetitions.

    A store that was begun on an empty log has no mark yet and is made anew once: better than to trust it.
    """
    mark, noted, offset = await _mark(kafka, tp, start, end), store.origin(domain), store.offset(domain)
    begins_alike = noted is not None and noted.split()[0] == mark.split()[0]
    if offset > end or 0 < offset < start or (offset > start and begins_alike and noted != mark):
        log.warning("%s: the store is not known to come from this log as it is now; it is made anew", tp)
        store.reset(domain)
    elif offset > start and await record_at(kafka, tp, offset - 1) is None:
        log.error("%s: the store reflects a record before %d that was not committed; it is made anew", tp, offset)
        store.reset(domain)
    store.set_origin(domain, mark)


async def _mark(kafka: AIOKafkaConsumer, tp: TopicPartition, start: int, end: int) -> bytes:
    kafka.seek(tp, start)
    while await kafka.position(tp) < end:
        records = (await kafka.getmany(tp, timeout_ms=100, max_records=1)).get(tp)
        if records:
            first = records[0]
            return b"%d %d %d" % (start, first.timestamp, content(first))
    return b"%d" % start


async def _replay(
    store: Store, domain: str, kafka: AIOKafkaConsumer, tp: TopicPartition, start: int, end: int, fold: Fold
) -> int:
    kafka.seek(tp, start)
    replayed = 0
    while await kafka.position(tp) < end:
        records = (await kafka.getmany(tp, timeout_ms=100, max_records=_AT_ONCE)).get(tp)
        if records:  # else only markers of transactions: the position moves on all the same
            fold_in(store, domain, records, fold)
            replayed += len(records)
            await asyncio.sleep(0)
    return replayed


def fold_in(store: States, domain: str, records: Sequence[ConsumerRecord], fold: Fold) -> None:
    """Write the states after these records of one log, which follow on the store's offset."""
    names = [key(domain, record.key or b"") for record in records]
    before = store.get(set(names))
    overlay: dict[bytes, bytes] = {}
    try:
        for name, record in zip(names, records, strict=True):
            overlay[name] = fold(overlay.get(name, before[name]), record)
    except ValueError as broken:
        store.condemn(str(broken))
        raise Unable(f"the local state cannot be trusted and is made anew: {broken}") from broken
    store.commit(domain, overlay, records[-1].offset + 1)
