"""The log as HTTP stations see it: append at one end, read an inbox at the other.

Two ports, each with a real side (``appending``, ``reading``) and one that lives in memory (``memory``) for tests and
trials; one suite holds them all to what is written here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from saan.wire.record import Headers

Positions = Mapping[int, int]
"""The next offset to read, by partition. A partition that is absent is read from its beginning."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to append; its key decides the partition (``wire.partition``)."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers


class Reason(StrEnum):
    """Why a record is not known to be stored."""

    AWAY = "away"
    """No acknowledgement in time; the record may or may not be there. Appending it again is right."""
    TOO_LARGE = "too_large"
    """The broker takes no record of this size; appending it again is useless."""


@dataclass(frozen=True, slots=True)
class Stored:
    """All in-sync replicas acknowledged the record."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Unstored:
    """The record was not acknowledged; it is not kept anywhere for a later try."""

    reason: Reason


class Log(Protocol):
    """Where records are appended."""

    async def append(self, records: Sequence[Outgoing]) -> list[Stored | Unstored]:
        """Append in the given order and say for each record, in that order, what became of it; in bounded time.

        Records of one key are stored in the order given. Never raises for a broker that is away.
        """
        ...

    async def ready(self) -> bool:
        """Whether an append would have somebody to talk to."""
        ...


@dataclass(frozen=True, slots=True)
class Arrived:
    """One committed record of an inbox."""

    partition: int
    offset: int
    headers: tuple[tuple[str, bytes], ...]
    value: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Some records in the order of each partition, and the positions behind them.

    ``expired`` says that the positions asked for are no longer held, so that reading went on at the oldest record kept.
    """

    records: tuple[Arrived, ...]
    after: Positions
    expired: bool = False


class LogAway(Exception):
    """The log could not be read or a position not be stored in time; nothing has changed."""


class NoSuchInbox(Exception):
    """The topic does not exist."""


class Inboxes(Protocol):
    """Where inboxes are read, by whoever asks, and where it is kept how far each reader has acknowledged.

    Every method raises ``LogAway`` when the broker does not answer in time and ``NoSuchInbox`` for an unknown topic.
    """

    async def read(self, reader: str, topic: str, positions: Positions, limit: int, wait: float) -> Page:
        """Up to ``limit`` committed records from ``positions`` on; waits up to ``wait`` seconds for the first one."""
        ...

    async def acknowledged(self, reader: str, topic: str) -> Positions:
        """The positions that this reader acknowledged last; empty when it never did."""
        ...

    async def acknowledge(self, reader: str, topic: str, positions: Positions) -> None:
        """Keep these positions, durably and for every replica of the station. A position never goes back."""
        ...

    async def ready(self) -> bool:
        """Whether a read would have somebody to talk to."""
        ...
