"""What is published: a stream of events per publisher, from a seed, with what must become of each.

A learner belongs to one publisher, and one turn of a publisher holds at most one event of a learner: whoever publishes
turn after turn, each acknowledged before the next, has defined the order of every learner's events.
"""

import json
from collections import deque
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from saan.demo.ground import School
from saan.demo.happenings import ATTENDANCE, GRADE, PROFILE, Event, Teller
from saan.demo.owed import Owed
from saan.demo.planted import Fate as Planned
from saan.demo.planted import Planted, event_id
from saan.demo.province import Province, Pupil
from saan.demo.slips import OF_TYPE
from saan.prove import bodies
from saan.prove.intent import Fate, Intent

POISON: Final = 0.01
SLIPS: Final = 0.06
REPEATS: Final = 0.04
_NEW_LEARNER = 0.3
_TRANSFERRED = 0.2
_LEARNERS = 60
"""Learners that a publisher tells about at a time: few, so that each has many events close together."""
_LATELY = 40


@dataclass(frozen=True, slots=True)
class Publication:
    """One intent and what is handed in for it: an event in JSON form, or the raw bytes of poison."""

    intent: Intent
    event: Mapping[str, Any] = field(default_factory=dict)
    raw: bytes = b""


class Bodies:
    """Digests by event type, from the files of ``schemas/``."""

    def __init__(self, schemas: Path) -> None:
        self.schemas: dict[str, Any] = {}
        for path in sorted((schemas / "catalogue").glob("*.yaml")):
            entry = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
            self.schemas[entry["event"]] = json.loads((schemas / "avro" / entry["schema"]).read_text("utf-8"))

    def of(self, type: str, data: Mapping[str, Any]) -> str:
        return bodies.digest(data, self.schemas[type]) if type in self.schemas else ""


class Author:
    """Writes the turns of one school. ``owed`` is shared by all authors of a run; ``kafka`` allows poison."""

    def __init__(
        self, school: School, province: Province, run: str, owed: Owed, contents: Bodies, *, kafka: bool
    ) -> None:
        self.school, self.kafka = school, kafka
        self._province, self._run, self._owed, self._contents = province, run, owed, contents
        self._draw = Random(f"{province.seed}/prove/{school.uid}")
        self._teller = Teller(province, run, {})
        self._waiting: Iterator[Pupil] = province.pupils(school)
        self._learners: deque[Pupil] = deque(maxlen=_LEARNERS)
        self._orders: dict[str, int] = {}
        self._lately: deque[Publication] = deque(maxlen=_LATELY)
        self._count = 0

    def turn(self, size: int) -> list[Publication]:
        """The next publications, in order; at most one per chain."""
        turn: list[Publication] = []
        taken: set[str] = set()
        for _ in range(size):
            one = self._next(taken)
            if one is not None:
                taken.add(one.intent.chain)
                turn.append(one)
        self._lately.extend(one for one in turn if one.intent.fate is Fate.ACCEPTED)
        return turn

    def _next(self, taken: set[str]) -> Publication | None:
        chance = self._draw.random()
        if self.kafka and chance < POISON:
            return self._poison()
        if chance < POISON + REPEATS and self._lately:
            again = self._draw.choice(self._lately)
            repeated = _intent(again.intent, Fate.REPEATED)
            return Publication(repeated, again.event) if repeated.chain not in taken else None
        told = self._told(taken)
        return None if told is None else self._meant(*told)

    def _told(self, taken: set[str]) -> tuple[Event, Pupil | None, str] | None:
        """Something that the school tells: the event, whom it is about, and its chain."""
        if len(self._learners) < _LEARNERS // 4 or self._draw.random() < _NEW_LEARNER:
            pupil = next(self._waiting, None)
            if pupil is not None:
                self._learners.append(pupil)
                return self._arrival(pupil), pupil, f"learner/{pupil.key}"
        pupil = self._draw.choice(self._learners)
        kind = self._draw.random()
        room = f"class/{self.school.uid}/{pupil.grade}/{pupil.room}"
        if kind < 0.15 and room not in taken:
            return self._teller.attendance(self.school, [pupil], self._draw), None, room
        chain = f"learner/{pupil.key}"
        if chain in taken:
            return None
        tell = self._teller.grade if kind < 0.55 else self._teller.profile
        return tell(self.school, pupil, self._draw), pupil, chain

    def _arrival(self, pupil: Pupil) -> Event:
        """Most learners are enrolled; some come over from another school, which is told of it too."""
        others = [s for s in self._province.ground.schools if s.uid != self.school.uid and pupil.grade in s.levels]
        if others and self._draw.random() < _TRANSFERRED:
            return self._teller.transfer(self._draw.choice(others), self.school, pupil, self._draw)
        return self._teller.enrolment(self.school, pupil)

    def _meant(self, event: Event, pupil: Pupil | None, chain: str) -> Publication:
        self._count += 1
        event = {**event, "id": event_id(self._run, "prove", self.school.participant, self._count)}
        source, learner = self.school.participant, pupil.key if pupil else None
        order = self._orders[chain] = self._orders.get(chain, -1) + 1
        if event["type"] in (ATTENDANCE, GRADE, PROFILE) and self._draw.random() < SLIPS:
            slip = self._draw.choice(OF_TYPE[event["type"]])
            spoilt = slip.on(deepcopy(event), self._province, self._draw)
            return Publication(Intent(source, event["id"], spoilt["type"], chain, order, "", Fate.REFUSED), spoilt)
        planted = Planted(source, event, learner, Planned.ACCEPTED)
        self._owed.add(planted)
        entitled = tuple(name for name, due in self._owed.inboxes.items() if (source, planted.id) in due)
        body = self._contents.of(event["type"], event["data"])
        return Publication(
            Intent(source, planted.id, event["type"], chain, order, body, Fate.ACCEPTED, entitled), event
        )

    def _poison(self) -> Publication:
        """Bytes that are no event: framed and unframed, with an envelope and without one."""
        self._count += 1
        id = event_id(self._run, "poison", self.school.participant, self._count)
        raw = self._draw.choice((b"", b"\0\0\0\0\1", b"\0\x7f\0\0\1")) + self._draw.randbytes(40)
        named = self._draw.random() < 0.5
        type = self._draw.choice((PROFILE, GRADE)) if named else ""
        intent = Intent(
            self.school.participant, id if named else "", type, f"poison/{id}", 0, sha256(raw).hexdigest(), Fate.POISON
        )
        return Publication(intent, raw=raw)


def _intent(first: Intent, fate: Fate) -> Intent:
    return Intent(first.source, first.id, first.type, first.chain, first.order, first.body, fate, first.owed)
