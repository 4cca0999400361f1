"""What offices are told of refused and of flagged records: of whom, of which type, for which rule, and how many.

A remark is about the work of a publisher and never about a person: it has no subject and no value of any record. The
records of one block with the same remark are told together, so a flood of bad records does not become one of notices.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from saan.core.account import UNKNOWN
from saan.core.calendar import day_of
from saan.core.catalogue import EventType
from saan.core.message import Envelope
from saan.core.world import World

REJECTED: Final = "record.rejected"
FLAGGED: Final = "data-quality.flagged"

NAMED: Final = 20
"""How many event ids one remark names."""

_INDEX = re.compile(r"\[\d+\]")


class Remark(NamedTuple):
    """What is said about records. ``notice`` is the event type, ``path`` the field (``rows[].code``)."""

    notice: str
    publisher: str
    organisation: str
    type: str
    rule: str
    path: str = ""


class Remarks:
    """Collects the remarks of one block under one state of governance."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._said: dict[Remark, list[str]] = {}  # the event id of every record

    def rejected(self, about: "About", rule: str, path: str) -> None:
        """The record was refused; ``rule`` and ``path`` are those of the finding that names the refusal."""
        self._add(REJECTED, about, rule, _INDEX.sub("[]", path))

    def flagged(self, about: "About", rule: str) -> None:
        """The record was accepted although ``rule`` has something to say about it."""
        self._add(FLAGGED, about, rule, "")

    def __iter__(self) -> Iterator[tuple[Remark, int, list[str]]]:
        """Each remark with the number of its records and the event ids of the first ``NAMED`` of them."""
        for remark, ids in self._said.items():
            yield remark, len(ids), [id for id in ids if id != UNKNOWN][:NAMED]

    def _add(self, notice: str, about: "About", rule: str, path: str) -> None:
        organisation = responsible(about, self._world)
        if organisation is not None:
            remark = Remark(notice, about.publisher, organisation, about.type, rule, path)
            self._said.setdefault(remark, []).append(about.id)


class About(NamedTuple):
    """The record that a remark is about, as far as it can be read; ``UNKNOWN`` stands for what it does not tell."""

    publisher: str
    type: str
    id: str
    envelope: Envelope | None = None
    event: EventType | None = None
    data: Mapping[str, Any] | None = None


def responsible(about: About, world: World) -> str | None:
    """The organisation whose record it is: the school that it names, if the publisher may speak for that school, else
    the publisher's own; ``None`` where the publisher is not known or speaks for nobody."""
    publisher = world.participants.get(about.publisher)
    if publisher is None:
        return None
    if about.envelope is not None and about.event is not None and about.data is not None:
        for name in filter(None, (about.event.school, *about.event.concerns)):
            school, day = str(about.data.get(name)), day_of(about.envelope.time)
            above = world.organisations.above(school, day)
            if above and (about.event.school is None or not publisher.speaks_for.isdisjoint(above)):
                return school
    return min(publisher.speaks_for, default=None)
