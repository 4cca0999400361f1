"""The Faust consumer whose events are blocks, and which opens and closes a lane per assigned partition."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError
from faust.transport.consumer import ensure_TP
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from saan.wire import metrics
from saan.wire.transport.block import Block
from saan.wire.transport.fetch import FetchThread
from saan.wire.transport.lane import Lane
from saan.wire.transport.leaving import Exit, leave
from saan.wire.transport.pace import Pace
from saan.wire.transport.positions import Start
from saan.wire.transport.undecided import undecided
from saan.wire.transport.watch import Watch
from saan.wire.transport.works import Works

log = logging.getLogger("saan.transport")

Batches = Mapping[Any, list[ConsumerRecord]]


class BlockConsumer(driver.Consumer):  # type: ignore[misc]  # Faust is untyped here
    """Faust keeps the group, its rebalances and the agents; fetching, ordering and committing are ours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.lanes: dict[TP, Lane] = {}
        self.rebalancing_since: float | None = time.monotonic()
        self._room = asyncio.Event()
        self._retired = False
        super().__init__(*args, **kwargs)
        self.works: Works = self.transport.works
        self._watch = Watch(self)

    def _new_consumer_thread(self) -> FetchThread:
        return FetchThread(self, loop=self.loop, beacon=self.beacon)

    async def on_start(self) -> None:
        await super().on_start()
        self.add_future(self._watch.run())
        self._watch.start_thread()

    async def on_stop(self) -> None:
        self._watch.stop_thread()
        await super().on_stop()

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        return True  # offsets travel inside the transactions

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust's own alarm looks at commits that never happen here; the watch-dog takes its place."""

    async def committed(self, tp: TopicPartition) -> int | None:
        """Ask the group coordinator, never a cache, for the committed offset."""
        offset = await self._thread.call_thread(self._thread._ensure_consumer().committed, tp)
        return None if offset is None else int(offset)

    async def start_of(self, tp: TopicPartition) -> Start:
        """Where a lane goes on; asked once it has fenced every older owner."""
        return await self.works.positions.start(await self.committed(tp), tp, self.works.settings)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        self.rebalancing_since = time.monotonic()
        await super().on_partitions_revoked(revoked)  # stops the flow and empties the queues
        await self.close_lanes()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        try:
            async with asyncio.timeout(self.works.settings.opening_timeout):
                await self.close_lanes()  # normally none
                if not self._retired:
                    await asyncio.gather(*(self._open(tp, generation_id) for tp in assigned))
                    await self._settle()
        except BaseException as error:  # noqa: BLE001 - half an assignment is a doubt, whatever the cause
            leave(Exit.DOUBT, f"the assigned partitions could not be opened: {error!r}")
        for lane in self.lanes.values():
            lane.begin(self.works.prepare)
        metrics.REBALANCES.labels(self.works.station).inc()
        metrics.LANES.labels(self.works.station).set(len(self.lanes))
        await super().on_partitions_assigned(assigned, generation_id)
        self.rebalancing_since = None

    async def _open(self, tp: TP, generation: int) -> None:
        works = self.works
        lane = Lane(
            TopicPartition(tp.topic, tp.partition),
            generation,
            settings=works.settings,
            station=works.station,
            decide=works.decide,
            counts=works.counts,
            hooks=works.hooks,
            idle=works.idle,
            measure=works.measure,
            room=works.room,
            positions=works.positions,
        )
        lane.on_taken = lambda: self._taken(tp, lane)
        await lane.fence(self.start_of)
        self.lanes[tp] = lane

    async def _settle(self) -> None:
        """Put an end to what older owners have left undecided."""
        await self.works.counts.refresh()  # of a topic that is gone nobody would ever answer
        counts = self.works.counts.all().items()
        outputs = (topic for topic in counts if topic[0] not in self.works.topics and not topic[0].startswith("__"))
        places = [TopicPartition(topic, number) for topic, count in outputs for number in range(count)]
        if stuck := await undecided(places, self.works.settings):
            log.error("%d partitions have a transaction that nobody works on; deciding about it", len(stuck))
        await asyncio.gather(*(lane.settle(stuck) for lane in self.lanes.values()))

    async def close_lanes(self) -> None:
        """Let every running block end and give all partitions back; returns within the revocation time-out."""
        lanes, self.lanes = self.lanes, {}
        self._buffered_partitions.clear()
        await asyncio.gather(*(lane.close(self.works.on_close) for lane in lanes.values()))

    async def retire(self) -> None:
        """Stop fetching and give all lanes back, before Faust itself is stopped."""
        self._retired = True
        self.stop_flow()
        await self.close_lanes()

    def submit(self, block: Block) -> None:
        """Give a block that came through the stream to its lane; one from before a rebalance is dropped."""
        lane = self.lanes.get(ensure_TP(block.tp))
        if lane is not None:
            lane.submit(block)

    def _taken(self, tp: TP, lane: Lane) -> None:
        if lane.open and self.flow_active:
            self.on_buffer_drop(tp)
        self._room.set()

    async def _drain_messages(self, fetcher: Any) -> None:
        """Faust's fetch loop, with a block instead of a message per record."""
        pace = Pace(time.monotonic(), self.works.settings.fetch_bytes // 2)
        reader = self._thread._ensure_consumer()._fetcher
        while not (self._stopped.is_set() or fetcher._stopped.is_set()):
            await self._wait_for_room()
            await self._set_positions()
            fetched, _ = await self._wait_next_records(1.0)
            batches: Batches = {tp: records for tp, records in (fetched or {}).items() if records}
            pace.steer(reader, sum(map(len, batches.values())), time.monotonic())
            if not await self._hand_out_all(batches):
                for lane in self.lanes.values():
                    lane.order.sure = False
            await asyncio.sleep(0)

    async def _set_positions(self) -> None:
        """Have the fetcher begin where each new lane begins, or where a dropped fetch began."""
        unsure = [lane for lane in self.lanes.values() if not lane.order.sure] if self.flow_active else []
        if unsure:
            try:
                await self.seek_wait({lane.tp: lane.order.expected for lane in unsure})
            except IllegalStateError:
                return  # no longer assigned: a rebalance has begun, and new lanes will come
            for lane in unsure:
                lane.order.sure = True

    async def _hand_out_all(self, batches: Batches) -> bool:
        """Hand out what was fetched; return False if some of it was dropped, because a rebalance has begun."""
        generation = self.app.consumer_generation_id
        for tp, records in batches.items():
            lane = self.lanes.get(ensure_TP(tp))
            if lane is None or not self.flow_active or self.app.consumer_generation_id != generation:
                return False
            fresh = lane.order.take(records)
            if fresh and not await self._hand_out(ensure_TP(tp), lane, generation, fresh):
                lane.order.give_back(fresh)
                return False
        return True

    async def _wait_for_room(self) -> None:
        """Wait while every lane has a full block waiting: Faust would sleep for a whole second instead."""
        self._room.clear()
        if self.lanes and all(tp in self._buffered_partitions for tp in self.lanes):
            try:
                async with asyncio.timeout(1.0):
                    await self._room.wait()
            except TimeoutError:
                return

    async def _hand_out(self, tp: TP, lane: Lane, generation: int, records: list[ConsumerRecord]) -> bool:
        """Add the records to the block that waits for its lane, or send a new one down the stream.

        Returns False if the flow was stopped before the block was through.
        """
        most = lane.measure.size
        if lane.waiting is None or not lane.waiting.merge(generation, records, most):
            block = Block(lane.tp, generation, lane.handed, records)
            if not await self._deliver(tp, block, generation):
                return False
            lane.waiting = block
        lane.handed = lane.waiting.end
        if not lane.waiting.taken and len(lane.waiting.records) >= most:
            self.on_buffer_full(tp)
        return True

    async def _deliver(self, tp: TP, block: Block, generation: int) -> bool:
        first, last = block.records[0], block.end - 1
        message = ConsumerMessage(
            first.topic,
            first.partition,
            last,
            first.timestamp / 1000,
            first.timestamp_type,
            (),
            None,
            block,
            None,
            0,
            0,
            tp,
            generation_id=generation,
        )
        delivery = asyncio.ensure_future(self.callback(message))
        stopped = asyncio.ensure_future(self.suspend_flow.wait())
        await asyncio.wait((delivery, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not delivery.done():
            delivery.cancel()
            return False
        delivery.result()
        return True


class BlockTransport(driver.Transport):  # type: ignore[misc]  # Faust is untyped here
    """Faust's aiokafka transport with blocks; `works` says what the station runs with."""

    Consumer = BlockConsumer

    def __init__(self, urls: list[Any], app: Any, works: Works) -> None:
        self.works = works
        super().__init__(urls, app)
