"""Waits until the exchange has decided about everything handed in, as the publishers' receipts tell."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Protocol, Self

from saan.demo.delivered import Receipts
from saan.demo.owed import Key
from saan.demo.progress import Progress

_LOOK = 0.2


class Unsettled(Exception):
    """The exchange did not decide about everything in time; ``waiting`` counts what is missing by publisher."""

    def __init__(self, waiting: Mapping[str, int], seconds: float) -> None:
        self.waiting = dict(waiting)
        listed = ", ".join(f"{publisher}: {count}" for publisher, count in sorted(waiting.items()))
        super().__init__(
            f"ไม่มีความคืบหน้าใน {seconds:.0f} วินาที ยังไม่มีใบรับของ {listed} · "
            f"nothing moved for {seconds:.0f} seconds; receipts are missing for {listed}"
        )


class Inboxes(Protocol):
    """What is read: ``delivered.Inboxes``. ``read`` blocks, for so many seconds at most; how much came."""

    @property
    def receipts(self) -> Receipts: ...

    def read(self, seconds: float) -> int: ...


class Settling:
    """Reads the inboxes in the background while it is open.

    ``patience`` bounds, in seconds, how long nothing may move before waiting is given up.
    """

    def __init__(self, inboxes: Inboxes, patience: float) -> None:
        self._inboxes, self._patience = inboxes, patience
        self._moved = asyncio.Event()
        self._closing = False
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        if self._reading is not None:
            await self._reading

    async def _read(self) -> None:
        while not self._closing:
            came = 1  # whoever waits is to learn of a failure too
            try:
                came = await asyncio.to_thread(self._inboxes.read, _LOOK)
            finally:
                if came:
                    self._moved.set()

    async def wait(self, handed_in: set[Key], copies: Mapping[Key, int], progress: Progress) -> None:
        """Take out of ``handed_in`` what is decided, until it is empty.

        ``copies`` says how often each publication was taken in. Raises ``Unsettled``, and what reading raised.
        """
        receipts = self._inboxes.receipts
        fresh = set(handed_in)
        while handed_in:
            settled = {key for key in fresh if key in handed_in and receipts.settled(key, copies[key])}
            handed_in -= settled
            progress.advance(len(settled))
            if handed_in and not receipts.news:
                await self._something_new(handed_in)
            fresh = {receipts.news.popleft() for _ in range(len(receipts.news))}

    async def _something_new(self, handed_in: set[Key]) -> None:
        if self._reading is not None and self._reading.done():
            await self._reading
        self._moved.clear()
        try:
            await asyncio.wait_for(self._moved.wait(), self._patience)
        except TimeoutError:
            waiting = Counter(publisher for publisher, _ in handed_in)
            raise Unsettled(waiting, self._patience) from None
