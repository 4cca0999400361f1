"""The watch-dog: a process in which nothing moves any more must leave, because aiokafka can stop silently."""

import asyncio
import logging
import threading
import time
from typing import TYPE_CHECKING

from aiokafka import TopicPartition
from faust.transport.consumer import ensure_TP

from saan.wire import metrics
from saan.wire.transport.leaving import Exit, leave

if TYPE_CHECKING:
    from saan.wire.transport.consumer import BlockConsumer

log = logging.getLogger("saan.transport")

Progress = tuple[int, int, float]  # position of the fetcher, next offset of the lane, since when


class Watch:
    """Looks at one consumer; every limit follows `settings.stuck_after`."""

    def __init__(self, consumer: "BlockConsumer") -> None:
        self._consumer = consumer
        self._limit = consumer.works.settings.stuck_after
        self._beat = self._answer = time.monotonic()
        self._seen: dict[TopicPartition, Progress] = {}
        self._over = threading.Event()

    def start_thread(self) -> None:
        """Watch the event loop from outside: it may be the one that hangs."""
        threading.Thread(target=self._watch_loop, daemon=True, name="saan-watch").start()

    def stop_thread(self) -> None:
        self._over.set()

    def _watch_loop(self) -> None:
        while not self._over.wait(self._limit / 15):
            if time.monotonic() - self._beat > self._limit:
                leave(Exit.DOUBT, f"the event loop has been silent for {self._limit:.0f} s")

    async def run(self) -> None:
        """Look ten times per limit until the consumer stops."""
        while not self._consumer.should_stop:
            now = self._beat = time.monotonic()
            since = self._consumer.rebalancing_since
            if since is not None and now - since > 2 * self._limit:
                leave(Exit.DOUBT, "the rebalance does not end")
            try:
                await self._look(now)
            except Exception as error:  # noqa: BLE001 - no lanes yet, a rebalance, no broker: only time tells
                log.debug("the watch-dog has no answer: %r", error)
                if self._consumer.lanes and time.monotonic() - self._answer > 4 * self._limit:
                    leave(Exit.DOUBT, f"no answer from Kafka: {error!r}")
            await asyncio.sleep(self._limit / 10)

    async def _look(self, now: float) -> None:
        async with asyncio.timeout(self._limit / 3):
            state = await self._consumer._thread.call_thread(self._probe)
        self._answer = time.monotonic()
        before, self._seen = self._seen, {}
        for tp, (end, position) in state.items():
            lane = self._consumer.lanes.get(ensure_TP(tp))
            if lane is None:
                continue
            last = before.get(tp)
            same = last is not None and last[:2] == (position, lane.next)
            self._seen[tp] = last if last is not None and same else (position, lane.next, now)
            if position >= end and (lane.handed is None or lane.next >= lane.handed):
                metrics.LAG_SECONDS.labels(lane.station, lane.topic, lane.partition).set(0)
            elif now - self._seen[tp][2] > self._limit:
                leave(Exit.DOUBT, f"{tp} is stuck at {position}, the log ends at {end}")

    async def _probe(self) -> dict[TopicPartition, tuple[int, int]]:
        """In the consumer's thread: last stable offset and position of every partition whose lane is ready."""
        kafka = self._consumer._thread._ensure_consumer()
        tps = [lane.tp for lane in list(self._consumer.lanes.values()) if lane.ready]
        ends = await kafka.end_offsets(tps) if tps else {}
        return {tp: (end, await kafka.position(tp)) for tp, end in ends.items()}
