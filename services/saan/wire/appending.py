"""Appends to Kafka and says for each record whether the broker has it (``wire.log.Log``).

An idempotent producer never gives up a record that it took: when the broker is away it would keep it in memory and
write it at some later time, after its sender was told to try again. So a producer whose acknowledgement did not come
in time is abandoned together with everything in it, and the next append starts a new one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from saan.wire.lifetimes import Lifetimes
from saan.wire.log import Outgoing, Reason, Stored, Unstored
from saan.wire.partition import partition

_LOG = structlog.get_logger()
_HEADROOM: Final = 64 * 1024
"""Bytes for key, headers and framing on top of the largest value."""
_LONGEST_REQUEST: Final = 8.0
"""Seconds after which a request without an answer is made again, then of the broker that leads by now. Less than the
patience: a record whose leader was lost, which takes up to 8 s on a busy machine, is to be stored and not given up."""
_LONGEST_GOODBYE: Final = 60.0
"""Seconds to wait for a request on its way when its producer is abandoned."""


class KafkaLog:
    """``connection`` holds the arguments that every client of this process shares (servers, SASL).

    ``patience`` is the time in seconds after which an append without acknowledgement is given up; ``max_record`` the
    largest value in bytes.
    """

    def __init__(self, connection: Mapping[str, Any], *, patience: float = 12.0, max_record: int = 1024 * 1024) -> None:
        self._connection = dict(connection)
        self._patience = patience
        self._max_record = max_record
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()
        self._lifetimes = Lifetimes(discard)

    async def append(self, records: Sequence[Outgoing]) -> list[Stored | Unstored]:
        futures: list[asyncio.Future[Any] | Unstored] = []
        producer: AIOKafkaProducer | None = None
        try:
            async with asyncio.timeout(self._patience):
                producer = await self._started()
                for record in records:
                    futures.append(await self._send(producer, record))
                await asyncio.gather(*(f for f in futures if isinstance(f, asyncio.Future)), return_exceptions=True)
        except (TimeoutError, KafkaError, OSError) as away:
            _LOG.warning("append.unacknowledged", records=len(records), cause=type(away).__name__)
        fates = [_fate(future) for future in futures]
        fates += [Unstored(Reason.AWAY)] * (len(records) - len(fates))
        if producer is not None and Unstored(Reason.AWAY) in fates:
            self._abandon(producer)
        return fates

    async def _send(self, producer: AIOKafkaProducer, record: Outgoing) -> "asyncio.Future[Any] | Unstored":
        if len(record.value) > self._max_record:
            return Unstored(Reason.TOO_LARGE)
        count = len(await producer.partitions_for(record.topic))
        try:
            future: asyncio.Future[Any] = await producer.send(
                record.topic,
                record.value,
                key=record.key,
                partition=partition(record.key, count),
                headers=list(record.headers),
            )
        except MessageSizeTooLargeError:
            return Unstored(Reason.TOO_LARGE)
        return shared(future)

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **self._connection | {"request_timeout_ms": int(min(self._patience, _LONGEST_REQUEST) * 1000)},
                    acks="all",
                    enable_idempotence=True,
                    compression_type="zstd",
                    linger_ms=2,
                    max_request_size=self._max_record + _HEADROOM,
                    max_batch_size=256 * 1024,
                )
                await self._lifetimes.start(producer)
                self._producer = producer
            return self._producer

    async def ready(self) -> bool:
        try:
            async with asyncio.timeout(min(self._patience, 2.0)):
                await (await self._started()).client.fetch_all_metadata()
        except (TimeoutError, KafkaError, OSError):
            return False
        return True

    async def stop(self) -> None:
        """Wait for what was sent, within the patience, and close the connections."""
        if self._producer is not None:
            producer = self._producer
            try:
                async with asyncio.timeout(self._patience):
                    await producer.flush()
            except (TimeoutError, KafkaError) as away:
                _LOG.warning("append.unflushed", cause=type(away).__name__)
            self._abandon(producer)
        await self._lifetimes.ended(2 * self._patience)

    def _abandon(self, producer: AIOKafkaProducer) -> None:
        """Let go of a producer once, however many appends it failed."""
        if self._producer is producer:
            self._producer = None
            self._lifetimes.end(producer)


def _fate(future: "asyncio.Future[Any] | Unstored") -> Stored | Unstored:
    if isinstance(future, Unstored):
        return future
    if not future.done() or future.cancelled():
        return Unstored(Reason.AWAY)
    error = future.exception()
    if error is None:
        return Stored(future.result().partition, future.result().offset)
    return Unstored(Reason.TOO_LARGE if isinstance(error, MessageSizeTooLargeError) else Reason.AWAY)


def shared(acknowledgement: "asyncio.Future[Any]") -> "asyncio.Future[Any]":
    """What one append may wait for and give up: one batch's acknowledgement serves many records, of others too.

    What comes of it after that is looked at here, or asyncio would complain that nobody does.
    """
    acknowledgement.add_done_callback(lambda done: done.cancelled() or done.exception())
    return asyncio.shield(acknowledgement)


async def discard(producer: AIOKafkaProducer) -> None:
    """Close a producer and drop everything it still holds.

    Its public ``stop`` waits until the last record is written, which is what must not happen here; the private names
    are held by a contract test.
    """
    sending = producer._sender.sender_task
    if sending is not None:
        sending.cancel()
        # A request that is on its way ends with its own time-out; only then is it certain that nothing follows.
        await asyncio.wait([sending], timeout=_LONGEST_GOODBYE)
    accumulator = producer._message_accumulator
    held = [*accumulator._pending_batches, *chain.from_iterable(accumulator._batches.values())]
    # A batch that waits for another try is missing where its own callback expects it.
    accumulator._pending_batches.update(held)
    accumulator.fail_all(KafkaError("the producer was abandoned"))
    for batch in held:
        # Nobody waits for these any more; looking at them keeps asyncio from complaining about that.
        if batch._drain_waiter.done():
            batch._drain_waiter.exception()
    await producer.stop()
