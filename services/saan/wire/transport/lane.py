"""A lane: one assigned input partition, its transactional producer, and the next offset to process.

Why this is exactly once although aiokafka sends no group generation with the offsets of a transaction:

1. On assignment the producer is started first. That fences every older owner and settles its open transaction.
   Only then is the committed offset read. Whoever did this last owns the partition.
2. A lane takes only blocks of its own generation and records at or after its next offset, and it refuses a
   hole. So neither a stale fetch position (aiokafka reads it before the assignment callback) nor a block left
   in a queue is processed twice, and nothing is skipped.
3. The offset travels in the transaction of the outputs.
4. Any doubt ends the process.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from saan.wire import metrics
from saan.wire.transport.block import Block
from saan.wire.transport.errors import MissingTopic, TransportError, Unable
from saan.wire.transport.handler import Decide, Idle, OnClose, Prepare
from saan.wire.transport.leaving import Exit, leave, where
from saan.wire.transport.limit import PoisonLimit
from saan.wire.transport.measure import Measure, Room
from saan.wire.transport.order import Order
from saan.wire.transport.outputs import CODECS, Committed, Counts, Outputs
from saan.wire.transport.pace import SMALL_BLOCK
from saan.wire.transport.positions import Positions, Start
from saan.wire.transport.settings import TransportSettings
from saan.wire.transport.settle import settle
from saan.wire.transport.transactions import Transactions

log = logging.getLogger("saan.transport")

T = TypeVar("T")


class RefreshedCounts(Counts, Protocol):
    """Partition counts that can be asked to look again."""

    async def refresh(self) -> None:
        """Ask the cluster."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Points at which a test may break the process; each gets the lane."""

    before_commit: Callable[["Lane"], Awaitable[None]] | None = None  # everything sent, nothing visible yet
    after_commit: Callable[["Lane"], Awaitable[None]] | None = None  # visible, local state not yet written


class Lane:
    """What a handler sees of its partition: `tp`, `station`, `next`, `outputs()`, and `state`, which is its own."""

    def __init__(
        self,
        tp: TopicPartition,
        generation: int,
        *,
        settings: TransportSettings,
        station: str,
        decide: Decide,
        counts: RefreshedCounts,
        hooks: Hooks,
        idle: Idle | None = None,
        measure: Measure | None = None,
        room: Room | None = None,
        positions: Positions | None = None,
    ) -> None:
        """`measure`, `room` and `positions` are those of the process; without them the lane has its own, and notes
        nothing."""
        self.tp, self.generation, self.station = tp, generation, station
        self.next = 0  # offset of the next record to process
        self.open = False
        self.ready = False  # local state has caught up
        self.state: Any = None
        self.waiting: Block | None = None  # handed out last; grows until it is taken
        self.handed: int | None = None  # end of the last block handed out
        self.order = Order(0)
        self.measure = measure or Measure(settings.max_block)
        self._room = room or Room(self.measure)
        self.on_taken: Callable[[], None] = lambda: None
        self._settings, self._decide, self._counts, self._hooks = settings, decide, counts, hooks
        self._positions, self._idle = positions or Positions(None), idle
        self._small = False
        self._limit = PoisonLimit(settings.poison_limit)
        self._queue: asyncio.Queue[Block | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._transactions = Transactions(tp, settings)
        self._start = Start(0)

    @property
    def topic(self) -> str:
        return str(self.tp.topic)

    @property
    def partition(self) -> int:
        return int(self.tp.partition)

    def outputs(self) -> Outputs:
        """Return an empty collection for the outputs of one block."""
        codec = 0 if self._small else CODECS[self._settings.compression]
        return Outputs(self._counts, batch_bytes=self._settings.batch_bytes, codec=codec)

    async def fence(self, start: Callable[[TopicPartition], Awaitable[Start]]) -> None:
        """Take the partition over from every older owner, then learn where it stopped. The order is the point."""
        await self._transactions.start()
        self._start = await start(self.tp)
        self.next = self._start.next or 0
        self.order = Order(self.next)
        self.open = True

    async def settle(self, undecided: Set[TopicPartition]) -> None:
        """Have what the older owner left there end as it was meant, before anything is read or written: committed where
        it is known that it was, else aborted."""
        unread = self._start.unread
        for there, committed in ((unread, True), (undecided - unread, False)):
            if there:
                await self._transactions.settle(there, committed=committed)

    def begin(self, prepare: Prepare | None) -> None:
        """Start working: first `prepare`, outside the rebalance callback because no heartbeats are sent in there."""
        self._task = asyncio.create_task(self._work(prepare), name=f"lane {self.topic}-{self.partition}")

    def submit(self, block: Block) -> None:
        """Queue a block; never waits, because the consumer stops fetching for a lane whose waiting block is full."""
        self._queue.put_nowait(block)

    async def close(self, on_close: OnClose | None) -> None:
        """Let the running transaction end, then drop the producer; whoever cannot do so in time leaves the process."""
        self.open = False
        try:
            async with asyncio.timeout(self._settings.revocation_timeout):
                await self._end_work()
                if on_close is not None:
                    on_close(self)
                metrics.LAG_SECONDS.labels(self.station, self.topic, self.partition).set(0)
                await self._transactions.stop()
                self._positions.rest(self.tp)
        except Exception as error:  # noqa: BLE001 - a partition half given back is a doubt, whatever the cause
            leave(Exit.DOUBT, f"{self.tp} was not given back in time: {error!r}")

    async def _end_work(self) -> None:
        if self._task is None:
            return
        if not self.ready:
            self._task.cancel()
        self._queue.put_nowait(None)
        await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self, prepare: Prepare | None) -> None:
        try:
            if prepare is not None:
                await prepare(self)
            self.ready = True
            while (block := await self._next()) is not None:
                await self._process(block)
        except asyncio.CancelledError:
            raise
        except Unable as error:
            leave(Exit.UNABLE, f"{self.tp} at {self.next}: {error}")
        except MissingTopic as error:
            leave(Exit.MISSING_TOPIC, f"{self.tp} at {self.next}: {error}")
        except (KafkaError, TransportError) as error:
            leave(Exit.DOUBT, f"{self.tp} at {self.next}: {error!r}")
        except BaseException as error:  # noqa: BLE001 - no exception leaves a lane: it ends the process
            leave(Exit.DOUBT, f"{self.tp} at {self.next}: {where(error)}")

    async def _next(self) -> Block | None:
        """The next block, or None for the end; while there is none, what falls due by itself is written."""
        while True:
            try:
                async with asyncio.timeout(self._settings.idle_after):
                    return await self._queue.get()
            except TimeoutError:
                await self._write_due()

    async def _write_due(self) -> None:
        idle = self._idle
        due = await self._in_time(lambda: idle(self)) if idle is not None and self.open else None
        if due is not None:
            committed = await self._transactions.commit(due.close(), self.next, lambda committed: self._break())
            for action in due.after:
                action(committed)

    async def _process(self, block: Block) -> None:
        async with self._room.of(lambda: len(block.records)):
            block.taken = True
            self.on_taken()
            await self._decide_and_commit(block.owed(self.next, self.generation) if self.open else [])

    async def _decide_and_commit(self, records: Sequence[ConsumerRecord]) -> None:
        if records:
            started = time.monotonic()
            await settle(records, self)
            took = time.monotonic() - started
            self.measure.after(len(records), took)
            metrics.BLOCK_SECONDS.labels(self.station).observe(took)
            age = time.time() - records[-1].timestamp / 1000
            metrics.LAG_SECONDS.labels(self.station, self.topic, self.partition).set(max(0.0, age))

    async def decide(self, records: Sequence[ConsumerRecord]) -> Outputs:
        """Ask the handler; a topic that is missing gets one more look, because it may just have been created."""
        self._small = len(records) < SMALL_BLOCK
        try:
            return await self._in_time(lambda: self._decide(self, records))
        except MissingTopic:
            await self._counts.refresh()
        return await self._in_time(lambda: self._decide(self, records))

    async def poison(self, record: ConsumerRecord, error: Exception) -> Outputs:
        """Have the handler set `record` aside, unless that happens too often."""
        log.error("%s at %d cannot be decided and is set aside: %s", self.tp, record.offset, where(error))
        metrics.POISONED.labels(self.station).inc()
        if not self._limit.allows(time.monotonic()):
            leave(Exit.POISONED, f"{self.tp}: more than {self._limit.most} records a minute cannot be decided")
        return await self._in_time(lambda: self._decide.poison(self, record, error))

    async def _in_time(self, call: Callable[[], T | Awaitable[T]]) -> T:
        clock = asyncio.timeout(self._settings.decision_timeout)
        try:
            async with clock:
                outputs = call()
                return await outputs if isinstance(outputs, Awaitable) else outputs
        except TimeoutError as error:
            if clock.expired():
                raise Unable(f"deciding took longer than {self._settings.decision_timeout} s") from error
            raise

    async def commit(self, records: Sequence[ConsumerRecord], outputs: Outputs) -> None:
        """One transaction: the outputs, and the offset after the last of `records`; then what awaits the commit."""
        end, started = records[-1].offset + 1, time.monotonic()

        async def note(committed: Committed) -> None:
            self._positions.begin(self.tp, records, committed.ends)
            await self._break()

        committed = await self._transactions.commit(outputs.close(), end, note)
        self.next = end
        self._positions.end(self.tp)
        if self._hooks.after_commit is not None:
            await self._hooks.after_commit(self)
        for action in outputs.after:
            action(committed)
        self._measure(len(records), outputs, time.monotonic() - started)

    async def _break(self) -> None:
        if self._hooks.before_commit is not None:
            await self._hooks.before_commit(self)

    def _measure(self, records: int, outputs: Outputs, seconds: float) -> None:
        metrics.BLOCKS.labels(self.station).inc()
        metrics.TRANSACTION_SECONDS.labels(self.station).observe(seconds)
        for outcome, n in (outputs.outcomes or {"committed": records}).items():
            metrics.RECORDS.labels(self.station, outcome).inc(n)
