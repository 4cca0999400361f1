"""Deciding a block to the end: as a whole if possible, else piece by piece, down to the one record at fault."""

from collections.abc import Sequence
from typing import Protocol

from aiokafka import ConsumerRecord

from saan.wire.transport.errors import MissingTopic, Unable
from saan.wire.transport.outputs import Outputs

TRIES = 2  # a fault that comes once may be an accident; one that comes twice is in the records


class Judge(Protocol):
    """What `settle` needs; a lane is one."""

    async def decide(self, records: Sequence[ConsumerRecord]) -> Outputs:
        """Decide the records; raise Unable or MissingTopic if none of them is to blame."""

    async def poison(self, record: ConsumerRecord, error: Exception) -> Outputs:
        """Set the record aside."""

    async def commit(self, records: Sequence[ConsumerRecord], outputs: Outputs) -> None:
        """Send the outputs and the offset after the last record, in one transaction."""


async def settle(records: Sequence[ConsumerRecord], judge: Judge) -> None:
    """Decide and commit `records` in order.

    Normally one transaction. If deciding fails twice, the halves are settled one after the other, each in
    transactions of its own, so that everything before the offender is committed when it is reached and
    everything after it still flows. Raises what `poison` and `commit` raise, Unable and MissingTopic.
    """
    pieces = [records]
    while pieces:
        piece = pieces.pop()
        decided = await _attempt(piece, judge)
        if isinstance(decided, Outputs):
            await judge.commit(piece, decided)
        elif len(piece) == 1:
            await judge.commit(piece, await judge.poison(piece[0], decided))
        else:
            middle = len(piece) // 2
            pieces += [piece[middle:], piece[:middle]]


async def _attempt(records: Sequence[ConsumerRecord], judge: Judge) -> Outputs | Exception:
    failure: Exception = RuntimeError("never tried")
    for _ in range(TRIES):
        try:
            return await judge.decide(records)
        except (Unable, MissingTopic, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is judged by where it comes again
            failure = error
    return failure
