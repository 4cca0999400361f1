"""Who must get what: worked out from the files of ``schemas/`` and from what was planted, and from nothing else.

This is the other side of the balance. It shares no code with the stations, reads the YAML and CSV files itself, and
says in its own words what an entitlement is:

* a participant is owed an accepted event when its kind is among the event type's ``roles``, it is not the publisher,
  and one of its agreements names the type, is valid on the day, is not paused, lets the data through its ``where``,
  and has in its scope a school concerned or an organisation above such a school on that day;
* the schools concerned are those that the fields under ``concerns`` name and, where the type ``follows_learner``,
  those at which the learner is enrolled on the day of the event; for a type with ``former_schools``, all at which the
  learner has been;
* of what does not itself move the learner, a school has nothing more once the learner has moved on from there: was
  handed to another school, or enrolled at one, by the day of the event;
* an agreement that ``looks_back`` also takes what lies before the learner was handed to one of its schools;
* an event handed in twice is owed once;
* an accepted event after which an event type ``hands_over`` owes one of that type besides, published by the router, to
  whoever is entitled to it over the school that takes the learner over, if the learner's stay at the old one is known.
"""

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from saan.demo.planted import Fate, Planted

Key = tuple[str, str]
"""A publication: publisher and event id."""

_BANGKOK = timedelta(hours=7)
_EVER, _NEVER = date.min, date.max
_ROUTER = "router"


@dataclass(slots=True)
class Stay:
    """A learner at a school from ``start`` to before ``end``."""

    school: str
    start: date
    end: date = _NEVER
    handed: bool = False


@dataclass(frozen=True, slots=True)
class Concerned:
    """The schools that an event is about on its day, and those that got the learner later."""

    now: frozenset[str]
    later: frozenset[str] = frozenset()


@dataclass(slots=True)
class Owed:
    """What is owed, counted event by event in the order in which they are planted.

    ``inboxes`` maps every participant to its publications, each with the number 1. ``accepted`` are the publications
    that must be accepted, ``refused`` those that must be refused, with the rule. ``handed_over`` are the router's own.
    """

    schemas: Path
    inboxes: dict[str, Counter[Key]] = field(init=False)
    accepted: set[Key] = field(default_factory=set)
    refused: dict[Key, str] = field(default_factory=dict)
    handed_over: set[Key] = field(default_factory=set)
    _books: "_Books" = field(init=False)
    _stays: dict[int, list[Stay]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._books = _Books(self.schemas)
        self.inboxes = {name: Counter() for name in self._books.participants}

    def add(self, planted: Planted) -> None:
        """Count one publication. Call in the order of the phases: enrolments decide about later events."""
        event = planted.event
        key = (planted.publisher, planted.id)
        if planted.fate is Fate.REFUSED:
            self.refused[key] = planted.rule
        elif key not in self.accepted:
            self.accepted.add(key)
            day = _day(event["time"])
            entry = self._books.catalogue[event["type"]]
            schools = self._concerned(entry, event["data"], planted.learner, day)
            for participant in self._books.entitled(event["type"], schools, day, planted.publisher, event["data"]):
                self.inboxes[participant][key] = 1
            self._hand_over(planted, day)
            self._remember(entry, event["data"], planted.learner)

    def _hand_over(self, planted: Planted, day: date) -> None:
        """Count what the router says by itself; its id follows from the publication that causes it."""
        stays = self._stays[planted.learner] if planted.learner is not None else []
        for type, entry in self._books.catalogue.items():
            if entry.get("hands_over", {}).get("after") == planted.event["type"]:
                data = planted.event["data"]
                steps = {step["move"]: data[step["school"]] for step in self._books.history(planted.event["type"])}
                if any(stay.school == steps["leave"] for stay in stays):
                    cause = hashlib.blake2b(f"{planted.publisher}\0{planted.id}".encode(), digest_size=8)
                    key = (_ROUTER, f"{_ROUTER}:{type}:{cause.hexdigest()}")
                    self.handed_over.add(key)
                    taking_over = Concerned(frozenset({data[name] for name in entry["concerns"]}))
                    for participant in self._books.entitled(type, taking_over, day, _ROUTER, data):
                        self.inboxes[participant][key] = 1

    def _concerned(
        self, entry: Mapping[str, Any], data: Mapping[str, Any], learner: int | None, day: date
    ) -> Concerned:
        schools = {data[name] for name in entry.get("concerns", ()) if data.get(name)}
        stays = self._stays[learner] if learner is not None else []
        moves = any(step["move"] != "note" for step in entry.get("history", ()))
        if moves or not stays:
            return Concerned(frozenset(schools))
        begun = [stay for stay in stays if stay.start <= day]
        if entry.get("former_schools") == "true":
            return Concerned(frozenset(schools | {stay.school for stay in begun}))
        schools -= {stay.school for stay in begun if _moved_on(stay, begun, day)}
        if entry.get("follows_learner") == "true":
            schools |= {stay.school for stay in begun if day < stay.end}
        handed = [(old, new) for old, new in pairwise(stays) if old.handed and new.end == _NEVER and day < new.start]
        return Concerned(frozenset(schools), frozenset(new.school for _, new in handed))

    def _remember(self, entry: Mapping[str, Any], data: Mapping[str, Any], learner: int | None) -> None:
        if learner is None:
            return
        stays = self._stays[learner]
        for step in self._books.history(entry["event"]):
            school, on = data[step["school"]], date.fromisoformat(data[step["on"]])
            still_there = [stay for stay in stays if stay.school == school and stay.end == _NEVER]
            if step["move"] == "leave":
                for stay in still_there:
                    stay.end, stay.handed = max(on, stay.start), step.get("becomes") == "transferred"
            elif not still_there:
                stays.append(Stay(school, on))


class _Books:
    """The files of ``schemas/`` that say who may have what."""

    def __init__(self, schemas: Path) -> None:
        self.catalogue = {entry["event"]: entry for entry in _yaml(schemas / "catalogue")}
        self.participants = {system["id"]: system for system in _yaml(schemas / "participants")}
        self._parents: dict[str, list[tuple[str, date, date]]] = defaultdict(list)
        with (schemas / "organisations" / "ties.csv").open(encoding="utf-8", newline="") as file:
            for tie in csv.DictReader(file):
                since = _date(tie["valid_from"], _EVER)
                self._parents[tie["organisation"]].append((tie["parent"], since, _date(tie["valid_to"], _NEVER)))
        self._above = cache(self._climb)
        self._agreed = cache(self._agreements)

    def history(self, type: str) -> list[dict[str, str]]:
        """The steps of a type that tell where the learner is."""
        return [step for step in self.catalogue[type].get("history", ()) if step["move"] in ("enter", "leave")]

    def entitled(self, type: str, schools: Concerned, day: date, publisher: str, data: Mapping[str, Any]) -> set[str]:
        return {
            participant
            for participant, where in self._agreed(type, schools, day)
            if participant != publisher and all(str(data.get(name)) in values for name, values in where.items())
        }

    def _agreements(self, type: str, schools: Concerned, day: date) -> list[tuple[str, Mapping[str, Any]]]:
        """Participants with the ``where`` of every agreement that grants the type for these schools on that day."""
        now = set().union(*(self._above(school, day) for school in schools.now))
        later = set().union(*(self._above(school, day) for school in schools.later))
        return [
            (name, agreement.get("where") or {})
            for name, system in self.participants.items()
            if system["kind"] in self.catalogue[type].get("roles", ())
            for agreement in system.get("agreements") or ()
            if type in agreement["events"]
            and agreement.get("paused") != "true"
            and _date(agreement.get("valid_from"), _EVER) <= day < _date(agreement.get("valid_to"), _NEVER)
            and (now | later if agreement.get("looks_back") == "true" else now) & set(agreement["scope"])
        ]

    def _climb(self, organisation: str, day: date) -> set[str]:
        found, waiting = set[str](), [organisation]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += [parent for parent, since, until in self._parents[one] if since <= day < until]
        return found


def _moved_on(stay: Stay, begun: Iterable[Stay], day: date) -> bool:
    """Whether the learner had gone from this stay to another school by that day, and has not come back."""
    since = [other for other in begun if other.start >= stay.end and other is not stay]
    back = any(other.school == stay.school for other in since)
    return stay.end <= day and not back and (stay.handed or any(other.school != stay.school for other in since))


def _yaml(folder: Path) -> list[dict[str, Any]]:
    """Every file of the folder, all scalars as text: YAML's own guesses would read a key ``on`` as a truth value."""
    return [yaml.load(path.read_text("utf-8"), yaml.BaseLoader) for path in sorted(folder.glob("*.yaml"))]


def _date(value: str | None, otherwise: date) -> date:
    return date.fromisoformat(value) if value else otherwise


def _day(time: str) -> date:
    """The day in Thailand of an RFC 3339 time in UTC."""
    return (datetime.fromisoformat(time) + _BANGKOK).date()
