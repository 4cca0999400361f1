"""Opens the local state of a lane and brings it up to the log, enrolments first, whichever lane comes first.

A lane may ask where a learner is enrolled, which the log of another domain tells (``Desk.history_domain``). After a
crash that part of the store may be behind; so it is brought up before any lane of the partition number decides. The
lanes of one partition number are always in one process (``copartitioned``), and all of them are fenced by then.
"""

import asyncio
from collections.abc import Callable

from saan.router.desk import Desk
from saan.router.handler import Kept, fold
from saan.router.waiting import Room
from saan.wire.replay import catch_up, records
from saan.wire.store import Stores
from saan.wire.transport import Lane, TransportSettings


class Keeper:
    """The stores of one router process."""

    def __init__(self, stores: Stores, desk: Callable[[], Desk], kafka: TransportSettings) -> None:
        self._stores, self._desk, self._kafka = stores, desk, kafka
        self._turns: dict[int, asyncio.Lock] = {}
        self._current: set[tuple[int, str]] = set()

    async def open(self, lane: Lane, domain: str) -> None:
        """Give the lane its store, equal to the log, and what waits."""
        number, desk = lane.partition, self._desk()
        async with self._turns.setdefault(number, asyncio.Lock()):
            store = await self._stores.open(number, domain)
            for one in dict.fromkeys((desk.history_domain, domain)):
                if (number, one) not in self._current:
                    await catch_up(store, one, f"record.{one}", number, settings=self._kafka, fold=fold(desk))
                    self._current.add((number, one))
        room = Room()
        async for record in records(f"parked.{domain}", number, settings=self._kafka):
            room.replay(record)
        lane.state = Kept(store, room)

    def close(self, lane: Lane, domain: str) -> None:
        """Give the store back. A rebalance closes all lanes, so everything is brought up again afterwards."""
        self._current = {place for place in self._current if place[0] != lane.partition}
        self._stores.close(lane.partition, domain)
