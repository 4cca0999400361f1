"""The canonical log as it is read whole: decoded records, folded into rosters, certificates and a learner's history."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from saan.core.catalogue import EventType
from saan.core.envelope import read as read_envelope
from saan.core.learner import Learner
from saan.core.message import Envelope
from saan.core.outcome import Finding
from saan.core.roster import Roster
from saan.core.rounds import Window
from saan.core.world import World
from saan.wire.framed import Framed, Schema
from saan.wire.record import text
from saan.wire.trouble import Trouble
from saan.wire.whole_log import Ends, Entry

CERTIFIED: Final = "round.certified"

Progress = Callable[[int], None]


class Log(Protocol):
    """Topics read whole (``wire.whole_log.WholeLog``)."""

    @property
    def ends(self) -> Ends: ...

    def read(self, topics: Iterable[str], *, progress: Progress) -> Iterator[Entry]: ...


class Said(NamedTuple):
    """One record of the canonical log, understood."""

    event: EventType
    envelope: Envelope
    data: Mapping[str, Any]
    subject: str
    received: int


@dataclass(frozen=True, slots=True)
class Counting:
    """One roster to be made: what was received before ``cut_off`` and lies before ``ends`` (``None``: everything)."""

    roster: Roster
    ends: Ends | None = None

    def takes(self, entry: Entry) -> bool:
        return self.ends is None or entry.offset < self.ends.get(entry.place, 0)


class Records:
    """Reads ``record.*`` under one state of governance; ``schema`` gives a registered schema by its id."""

    def __init__(self, log: Log, world: World, schema: Schema, progress: Progress = lambda records: None) -> None:
        self._log, self._world, self._framed, self._progress = log, world, Framed(schema), progress

    def count(self, countings: Iterable[Counting]) -> dict[str, int]:
        """Fill the rosters, all in one reading; how far the log was read."""
        all_of_them = list(countings)
        told = [event for event in self._world.events.values() if event.history or event.roster or event.links]
        topics = sorted({f"record.{event.domain}" for event in told})
        names = {event.name for event in told}
        for entry, said in self._said(topics, lambda _, envelope: envelope.type in names):
            for one in all_of_them:
                if one.takes(entry):
                    one.roster.add(*said)
        return dict(self._log.ends)

    def certificates(self, window: Window) -> dict[str, Mapping[str, Any]]:
        """The last certificate of every school for this round, by the school's key; data as in the log."""
        event = self._world.events[CERTIFIED]
        found: dict[str, Mapping[str, Any]] = {}
        for _, said in self._said([f"record.{event.domain}"], lambda _, envelope: envelope.type == CERTIFIED):
            if (said.data["round"], said.data["academicYearBE"]) == (window.round, window.year_be):
                found[said.data["schoolUid"]] = said.data
        return found

    def accepted(self, id: str) -> list[Said]:
        """Every record with this event id: publishers choose their ids, so there may be several."""
        topics = sorted({f"record.{event.domain}" for event in self._world.events.values() if not event.control})
        return [said for _, said in self._said(topics, lambda _, envelope: envelope.id == id)]

    def history(self, subject: str) -> Learner:
        """The learner as the log tells now."""
        moving = {event.name: event for event in self._world.events.values() if event.moves}
        topics = sorted({f"record.{event.domain}" for event in moving.values()})
        learner, key = Learner(), subject.encode()
        for _, said in self._said(topics, lambda entry, envelope: entry.key == key and envelope.type in moving):
            learner = learner.after(said.event, said.envelope.source, said.envelope.id, said.data)
        return learner

    def delivered(self, participant: str, envelope: Envelope) -> bool:
        """Whether the event lies in the participant's inbox now."""
        there = self._read([f"inbox.{participant}"])
        return any((one.source, one.id) == (envelope.source, envelope.id) for _, one in there)

    def _said(self, topics: Iterable[str], wanted: Callable[[Entry, Envelope], bool]) -> Iterator[tuple[Entry, Said]]:
        for entry, envelope in self._read(topics):
            if wanted(entry, envelope):
                event = self._world.events[envelope.type]
                yield entry, Said(event, envelope, self._data(entry), entry.key.decode(), entry.received)

    def _read(self, topics: Iterable[str]) -> Iterator[tuple[Entry, Envelope]]:
        for entry in self._log.read(topics, progress=self._progress):
            headers = text(entry.headers)
            envelope = headers if isinstance(headers, Finding) else read_envelope(headers)
            if not isinstance(envelope, Envelope):
                raise _unreadable(entry, "headers")
            yield entry, envelope

    def _data(self, entry: Entry) -> Mapping[str, Any]:
        data = self._framed.decode(entry.value)
        if isinstance(data, Finding):
            raise _unreadable(entry, data.code)
        return data


def _unreadable(entry: Entry, cause: str) -> Trouble:
    return Trouble("log.unreadable", place=f"{entry.place} @ {entry.offset}", cause=cause)
