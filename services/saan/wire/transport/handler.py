"""What a station gives to the transport: how to decide a block, and what surrounds it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from aiokafka import ConsumerRecord

from saan.wire.transport.outputs import Outputs

if TYPE_CHECKING:
    from saan.wire.transport.lane import Lane

Prepare = Callable[["Lane"], Awaitable[None]]
OnClose = Callable[["Lane"], None]
Idle = Callable[["Lane"], Outputs | Awaitable[Outputs | None] | None]
"""Called when nothing has come in for a while: what is to be written all the same, if anything."""


class Decide(Protocol):
    """A station's handler. Both calls may be plain or `async`, and begin with `outputs = lane.outputs()`.

    What becomes of a record is an outcome in the outputs, never an exception. A block that raises twice is
    bisected and decided piece by piece, so a call must not keep anything that belongs to a block not committed:
    use `outputs.after_commit` for that. Raise Unable when the fault is not in the records.
    """

    def __call__(self, lane: "Lane", records: Sequence[ConsumerRecord]) -> Outputs | Awaitable[Outputs]:
        """Decide `records`, consecutive records of `lane.tp` in order of offset; transaction markers leave gaps."""

    def poison(self, lane: "Lane", record: ConsumerRecord, error: Exception) -> Outputs | Awaitable[Outputs]:
        """Set aside the single record that makes `__call__` raise `error`. Must not raise."""
