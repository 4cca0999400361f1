"""Joins the decision about each event to the log: one result per event, in the order of the request."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol, TypeVar

from saan.core.outcome import Accepted, Parked, Severity, Verdict
from saan.core.participants import Participant
from saan.core.said import finding
from saan.core.world import World
from saan.gateway.answer import Result, Word
from saan.gateway.encode import Begun, Encoder, Findings, Prepared
from saan.gateway.intake import Given
from saan.gateway.ports import Governance
from saan.gateway.recent import Recent
from saan.gateway.said import event_finding
from saan.wire.http.ports import Schemas
from saan.wire.log import Log, Reason, Stored, Unstored

_AT_ONCE: Final = 100
"""Events decided before other requests get their turn."""

T = TypeVar("T")


class Rehearsal(Protocol):
    """The validator's own engine, with nothing behind it."""

    def check(self, participant: Participant, events: Sequence[Prepared], now: int) -> list[Verdict]:
        """What the validator would say to each event received at ``now`` (microseconds since the epoch)."""
        ...


class Gateway:
    """``clock`` tells microseconds since the epoch; ``rehearsal`` makes the engine for a state of governance.

    ``disk_full`` tells whether a disk of this exchange is full, as far as this machine sees it.
    """

    def __init__(
        self,
        *,
        governance: Governance,
        schemas: Schemas,
        encoder: Encoder,
        log: Log,
        rehearsal: Callable[[World], Rehearsal],
        clock: Callable[[], int],
        max_record: int,
        recent: Recent | None = None,
        disk_full: Callable[[], bool] = lambda: False,
    ) -> None:
        self._governance = governance
        self._schemas = schemas
        self._encoder = encoder
        self._log = log
        self._rehearsal = rehearsal
        self._clock = clock
        self._max_record = max_record
        self._recent = recent or Recent()
        self._disk_full = disk_full
        self._engine: tuple[World, Rehearsal] | None = None

    async def publish(self, participant: Participant, given: Sequence[Given]) -> list[Result]:
        """Store every event that is well formed and say what became of each; returns after the acknowledgements."""
        prepared = await self._prepare(participant, given)
        fresh: dict[tuple[str, bytes], Prepared] = {}
        for item in prepared:
            if isinstance(item, Prepared) and not self._recent.knows(participant.id, item.id, item.digest):
                fresh.setdefault((item.id, item.digest), item)
        fates = await self._log.append([item.outgoing for item in fresh.values()]) if fresh else []
        settled = dict(zip(fresh, fates, strict=True))
        results = [item if isinstance(item, Result) else self._settle(item, fresh, settled) for item in prepared]
        for (id, digest), fate in settled.items():
            if isinstance(fate, Stored):
                self._recent.remember(participant.id, id, digest)
        return results

    def _settle(
        self,
        item: Prepared,
        fresh: dict[tuple[str, bytes], Prepared],
        settled: dict[tuple[str, bytes], Stored | Unstored],
    ) -> Result:
        match settled.get((item.id, item.digest)):
            case None:
                return Result(item.id, Word.DUPLICATE)
            case Stored():
                first = fresh[item.id, item.digest] is item
                return Result(item.id, Word.ACCEPTED if first else Word.DUPLICATE)
            case Unstored(Reason.TOO_LARGE):
                return Result(item.id, Word.INVALID, (finding("WIRE-9", limit=self._max_record),))
            case Unstored():
                return Result(item.id, Word.RETRYABLE, (event_finding("GW-8" if self._disk_full() else "GW-6"),))

    async def rehearse(self, participant: Participant, given: Sequence[Given]) -> list[Result]:
        """What would become of each event, all rules included; nothing is stored."""
        prepared = await self._prepare(participant, given)
        events = [item for item in prepared if isinstance(item, Prepared)]
        verdicts: list[Verdict] = []
        for some in _slices(events):
            verdicts += self._engine_now().check(participant, some, self._clock())
            await asyncio.sleep(0)
        said = iter(verdicts)
        return [item if isinstance(item, Result) else _rehearsed(item, next(said)) for item in prepared]

    def _engine_now(self) -> Rehearsal:
        world = self._governance.world
        if self._engine is None or self._engine[0] is not world:
            self._engine = (world, self._rehearsal(world))
        return self._engine[1]

    async def _prepare(self, participant: Participant, given: Sequence[Given]) -> list[Prepared | Result]:
        prepared: list[Prepared | Result] = []
        for some in _slices(given):
            begun = [self._begin(participant, item) for item in some]
            await self._schemas.ensure({item.schema_id for item in begun if isinstance(item, Begun)})
            prepared += [self._finish(participant, item) if isinstance(item, Begun) else item for item in begun]
            await asyncio.sleep(0)
        return prepared

    def _finish(self, participant: Participant, begun: Begun) -> Prepared | Result:
        finished = self._encoder.finish(participant, begun)
        return finished if isinstance(finished, Prepared) else _refused(begun.given, finished)

    def _begin(self, participant: Participant, given: Given) -> Begun | Result:
        if given.attributes.get("source", participant.id) != participant.id:
            return Result(given.id, Word.INVALID, (event_finding("GW-4"),), foreign=True)
        begun = self._encoder.begin(participant, given, self._governance)
        return begun if isinstance(begun, Begun) else _refused(given, begun)


def _slices(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))


def _refused(given: Given, findings: Findings) -> Result:
    waits = all(found.severity is Severity.PARK for found in findings)
    return Result(given.id, Word.RETRYABLE if waits else Word.INVALID, findings)


def _rehearsed(item: Prepared, verdict: Verdict) -> Result:
    match verdict:
        case Accepted():
            return Result(item.id, Word.ACCEPTED, verdict.warnings)
        case Parked():
            return Result(item.id, Word.RETRYABLE, verdict.findings)
        case _:
            return Result(item.id, Word.INVALID, verdict.findings)
