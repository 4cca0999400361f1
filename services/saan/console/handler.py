"""Follows the ledger into the board."""

import asyncio
from typing import Final

import structlog

from saan.console import entry
from saan.console.board import Board
from saan.console.entry import Entry
from saan.core.outcome import Finding
from saan.wire import record
from saan.wire.avro import Codec
from saan.wire.http.ports import Schemas
from saan.wire.log import Arrived, Inboxes, LogAway, NoSuchInbox, Positions
from saan.wire.registry_types import SchemaUnavailable

_LOG = structlog.get_logger()
_READER: Final = "console"
_LEDGER: Final = "ledger"
_AT_ONCE: Final = 500
_WAIT: Final = 1.0
_AGAIN_AFTER: Final = 0.5


class Ledger:
    """Reads every committed entry of the ledger, from the oldest kept one on, into ``board``.

    Nothing is kept between runs: the ledger itself is the memory. ``caught_up`` turns true when the end was reached.
    """

    def __init__(self, inboxes: Inboxes, schemas: Schemas) -> None:
        self.board = Board()
        self.caught_up = False
        self.away = False
        self._inboxes = inboxes
        self._schemas = schemas
        self._codecs: dict[int, Codec | None] = {}
        self._positions: Positions = {}

    async def follow(self) -> None:
        """Read for ever. A broker or registry that is away is waited for: no entry is passed over for that."""
        while True:
            try:
                await self.step()
            except (LogAway, NoSuchInbox, SchemaUnavailable) as away:
                if not self.away:
                    _LOG.warning("ledger.away", cause=type(away).__name__)
                self.away = True
                await asyncio.sleep(_AGAIN_AFTER)

    async def step(self, wait: float = _WAIT) -> None:
        """Take in what there is, at most one page; waits up to ``wait`` seconds for a first entry.

        Raises ``LogAway``, ``NoSuchInbox`` or ``SchemaUnavailable``; nothing of the page is taken in then.
        """
        page = await self._inboxes.read(_READER, _LEDGER, self._positions, _AT_ONCE, wait)
        self.away = False
        if page.expired:
            # What is held no longer follows on what was read: only a sum over all that is held makes sense.
            _LOG.warning("ledger.begun_again")
            self.board, self._positions, self.caught_up = Board(), {}, False
            return
        entries = await self._open(page.records)
        self._positions = page.after
        for one in entries:
            if one is None:
                self.board.unreadable += 1
            else:
                self.board.post(one)
        self.caught_up |= len(page.records) < _AT_ONCE

    async def _open(self, records: tuple[Arrived, ...]) -> list[Entry | None]:
        ids = [record.schema_id(arrived.value) for arrived in records]
        await self._schemas.ensure({id for id in ids if isinstance(id, int)})
        return [self._entry(arrived, id) for arrived, id in zip(records, ids, strict=True)]

    def _entry(self, arrived: Arrived, id: int | Finding) -> Entry | None:
        codec = self._codec(id) if isinstance(id, int) else None
        data = codec.decode(arrived.value[record.FRAME_SIZE :]) if codec is not None else None
        if data is not None and not isinstance(data, Finding):
            try:
                return entry.read(data)
            except ValueError:
                data = None
        _LOG.warning("ledger.unreadable", partition=arrived.partition, offset=arrived.offset)
        return None

    def _codec(self, id: int) -> Codec | None:
        if id not in self._codecs:
            registered = self._schemas.get(id)
            if registered is None:
                return None
            try:
                self._codecs[id] = Codec(registered.schema)
            except ValueError:
                self._codecs[id] = None
        return self._codecs[id]
