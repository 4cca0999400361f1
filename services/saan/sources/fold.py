"""The events of an inbox, folded to what is known of each learner now.

Nothing here knows an event type by name. A type that the layout names says its fields; one that lists its
``changedFields`` says those; one that moves learners (``history`` in the catalogue) says where they are, and what it
has in common with the others. All other types say nothing about a register. Events come in the order of the inbox,
which is that of each learner.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from saan.core.catalogue import EventType
from saan.core.layout import GRADE, Layout
from saan.core.world import World

_WHERE = ("idType", "idValue", "academicYearBE")
"""What every event of a learner says besides its own fields."""

_STATUS = {"enrolled": "001", "suspended": "002", "tracked": "004"}
"""Codes of CLS_STUDENT_STATUS for what a learner who is at a school may be."""

_KEPT_OF_A_MOVE = ("entryDate", "statusCode")


@dataclass(slots=True)
class Known:
    """One learner. ``data`` has the last value of each field in its JSON form, ``texts`` what could not be mapped.

    ``school`` is where the learner is; ``None``: at no school any more, or never said.
    """

    subject: str
    school: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def fold(events: Iterable[Mapping[str, Any]], world: World, layout: Layout) -> dict[str, Known]:
    """Every learner of whom the events (CloudEvents in the JSON format) say anything, in order of appearance."""
    own: dict[str, set[str]] = {}
    for column in layout.columns:
        if column.event:
            own.setdefault(column.event, set()).update(column.fields)
    common = {name for fields in own.values() for name in fields} | set(_KEPT_OF_A_MOVE)
    learners: dict[str, Known] = {}
    for event in events:
        type = world.events.get(str(event.get("type")))
        if type is None or type.control or type.subject_kind != "learner":
            continue
        if type.name in own or _moves(type) or "changedFields" in event["data"]:
            _take(learners, event, type, own.get(type.name), common)
    return learners


def _take(
    learners: dict[str, Known],
    event: Mapping[str, Any],
    type: EventType,
    own: set[str] | None,
    common: set[str],
) -> None:
    data: Mapping[str, Any] = event["data"]
    subject = str(event.get("subject") or f"{data.get('idType')}:{data.get('idValue')}")
    known = learners.setdefault(subject, Known(subject))
    texts = data.get("originalTexts") or {}
    # A text that could not be mapped is news about its field, which an event need not name as changed.
    for name in dict.fromkeys((*_said(data, own, common), *(name for name in texts if name in common))):
        known.data[name] = data.get(name)
        known.texts.pop(name, None)
        if name in texts:
            known.texts[name] = texts[name]
    known.data |= {name: data[name] for name in _WHERE if data.get(name) is not None}
    _move(known, data, type)


def _said(data: Mapping[str, Any], own: set[str] | None, common: set[str]) -> Iterable[str]:
    """The fields that the event is news about. One without a value was cleared, but only by an event that is about it:
    a move does not clear what it leaves open."""
    changed = data.get("changedFields")
    if changed is not None:
        return [name for name in changed if name in common and name in data]
    if own is None:
        return [name for name in common if data.get(name) is not None]
    return [name for name in (*own, *_KEPT_OF_A_MOVE) if name in data]


def _move(known: Known, data: Mapping[str, Any], type: EventType) -> None:
    for step in type.history:
        school = data.get(step.school) if step.school else None
        if step.move == "enter" and school is not None:
            known.school = school
            known.data["statusCode"] = _STATUS["enrolled"]
        elif step.move == "leave" and school == known.school:
            known.school = None
        elif step.move == "turn" and step.becomes in _STATUS:
            known.data["statusCode"] = _STATUS[step.becomes]
        elif step.move == "note" and step.note == "grade" and step.value and data.get(step.value):
            known.data[GRADE] = data[step.value]
            known.texts.pop(GRADE, None)
    if not _moves(type) and known.school is None and not known.data.get("entryDate"):
        # an inbox that begins in the middle: whoever speaks of a learner is the learner's school
        known.school = data.get("schoolUid")


def _moves(type: EventType) -> bool:
    return type.moves or any(step.note == "grade" for step in type.history)
