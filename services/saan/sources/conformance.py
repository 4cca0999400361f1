"""Reads the conformance samples of the data standard: one event per line, with the verdict that it must get.

The samples say one event in one JSON object: envelope and context side by side, the payload within, the type as
``StudentEnrolled``. Here each becomes what would have travelled: CloudEvents headers and the data of our event type.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from saan.core import rounds
from saan.core.assumed import Assumed
from saan.core.calendar import day_of, days
from saan.core.envelope import instant
from saan.core.marks import Term, mark
from saan.core.rounds import Rounds
from saan.core.world import World
from saan.sources import standard

CONTEXT: Final = ("schoolUid", "schoolCode10", "provinceCode", "academicYearBE", "semester", "effectiveDate")
"""Fields of our data that a sample says beside its envelope, not in its payload."""
_HEADERS: Final = {
    "eventId": "ce_id",
    "producerId": "ce_source",
    "occurredAt": "ce_time",
    "recordedAt": "ce_recordedtime",
    "sequence": "ce_sequence",
    "schemaVersion": "ce_schemaversion",
    "sensitivity": "ce_dataclass",
    "agreementId": "ce_agreement",
    "subjectUid": "ce_subject",
}
_STATUSES: Final = {
    "001": "enrolled",
    "002": "suspended",
    "003": "deceased",
    "004": "tracked",
    "005": "withdrawn",
    "006": "withdrawn",
    "007": "graduated",
    "transferring": "transferring",
}
"""Codes of ``CLS_STUDENT_STATUS`` as the history names them, and the word of the samples for what has no code."""
_CLOSED: Final = "02"
_POINTS: Final = (0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
"""Points of the codes of ``CLS_GRADE`` that count in an average: 000 and so on, in order."""
_LONG: Final = 365  # days
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")
_RENAMED: Final = {"provinceCode": "addressProvinceCode"}
"""A pupil's own province; in our data ``provinceCode`` is that of the school."""


@dataclass(frozen=True, slots=True)
class Said:
    """One event of ours: CloudEvents headers, and the data in JSON form."""

    event_type: str
    headers: Mapping[str, str]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """One line.

    ``expect`` is ``accept``, ``warn`` or ``reject``, ``rule`` the code behind it; ``publisher`` is the participant that
    sends it, ``received`` microseconds since the epoch. ``events`` are what it is here: the event itself, then those
    that say its sensitive facts (``standard``). The sample is refused when one of them is. ``windows``
    says of rounds of the event's academic year whether they are open or closed then; others were never opened.
    ``history`` is what is to be taken as known of the subject before: statuses by the standard's codes, schools,
    numbers and notes; where the sample is silent about enrolments and status, rules about them are silent too.
    """

    case: str
    expect: str
    rule: str | None
    environment: str
    events: tuple[Said, ...]
    publisher: str
    received: int
    windows: Mapping[str, str]
    history: Mapping[str, Any]


def sample(line: Mapping[str, Any], world: World) -> Sample:
    """The sample in one line. Raises ``KeyError`` or ``ValueError`` for a line that is none."""
    event, context = line["event"], line.get("context") or {}
    name = event_type(event["eventType"], world)
    received = instant(context.get("receivedAt", event["publishedAt"]))
    if received is None:
        raise ValueError(f"{line['case']}: the time of receipt is not RFC 3339")
    return Sample(
        case=line["case"],
        expect=line["expect"],
        rule=line["rule"],
        environment=context.get("environment", "sandbox"),
        events=tuple(_events(event, name, world)),
        publisher=event["producerId"],
        received=received,
        windows=context.get("windows", {}),
        history=context,
    )


def assumed(one: Sample, world: World) -> World:
    """The world that the sample assumes: its environment, and its rounds as open or closed as it says."""
    patterns, year = world.rounds.patterns, one.events[0].data.get("academicYearBE")
    windows = (
        rounds.assumed(patterns[round].window(year), said, one.received)
        for round, said in one.windows.items()
        if isinstance(year, int)
    )
    if one.history.get("toSchoolStatus") == _CLOSED:
        school, day = str(one.events[0].data.get("toSchoolUid")), day_of(one.received) - _LONG
        world = world.closing({school: day})
    return replace(world, environment=one.environment, rounds=Rounds(tuple(windows), patterns))


def known(one: Sample) -> Assumed:
    """What the sample takes as known of the learner, teacher, class or school that the event is about."""
    told = one.history
    teacher, average = told.get("teacher", {}), told.get("recomputedGpa")
    notes = {"grade": told.get("gradeLevelCode"), "licence": _days(teacher.get("licenceValidTo"))}
    return Assumed(
        status=_STATUSES.get(str(told.get("lastStatus"))),
        school=str(one.events[0].data.get("schoolUid", "")),
        open={stay["schoolUid"]: _STATUSES[stay["status"]] for stay in told.get("openEnrolments") or ()},
        notes={name: str(value) for name, value in notes.items() if value is not None},
        sequence=told.get("lastSequence"),
        term=None if average is None else _term(one, float(average)),
    )


def _term(one: Sample, average: float) -> Term:
    """A term whose marks have this average: of two neighbouring grades as much of each as it takes."""
    lower = max(0, sum(points <= average for points in _POINTS[:-1]) - 1)
    share = (average - _POINTS[lower]) / (_POINTS[lower + 1] - _POINTS[lower])
    marks = (mark(f"{code:03}", weight, f"{code:03}") for code, weight in ((lower, 1 - share), (lower + 1, share)))
    data = one.events[0].data
    return Term(int(data["academicYearBE"]), int(data["semester"]), tuple(sorted(marks)))


def _days(text: str | None) -> int | None:
    return None if text is None else days(date.fromisoformat(text))


def event_type(camel: str, world: World) -> str:
    """``StudentProfileChanged`` as ``student.profile-changed``: the event whose record has that name.

    A name that no record has is told apart after its first word, so that the engine can say that nobody knows it.
    """
    for name, event in world.events.items():
        if event.record.rpartition(".")[2] == camel:
            return name
    noun, *happened = _WORD_START.split(camel)
    return f"{noun}.{'-'.join(happened)}".removesuffix(".").lower()


def _headers(event: Mapping[str, Any], name: str) -> dict[str, str]:
    headers = {header: str(event[key]) for key, header in _HEADERS.items() if key in event}
    return {
        "content-type": "application/avro",
        "ce_specversion": "1.0",
        "ce_type": name,
        **headers,
        "ce_purpose": ",".join(event["purposeCodes"]),
        "ce_testdata": str(event["testData"]).lower(),
    }


def _events(event: Mapping[str, Any], name: str, world: World) -> Iterator[Said]:
    context = {field: event[field] for field in CONTEXT if field in event}
    payload = dict(event["payload"])
    if isinstance(payload.get("changedFields"), Mapping):
        payload = _changes(payload)
    known = world.events.get(name)
    if known and "idType" in known.subject and "idType" not in payload and "subjectUid" in event:
        payload |= {"idType": "SUBJECT_UID", "idValue": event["subjectUid"]}
    headers = _headers(event, name)
    for position, (type, data) in enumerate(standard.split(name, payload, context)):
        own = headers if position == 0 else _further(headers, type, position)
        yield Said(type, own, {**context, **data})


def _further(headers: Mapping[str, str], type: str, position: int) -> dict[str, str]:
    """Headers of a further event: its own id, and no privacy class, for the stated one is that of the whole."""
    kept = {name: value for name, value in headers.items() if name not in ("ce_dataclass", "ce_schemaversion")}
    own = {"ce_id": f"{headers['ce_id']}-{position}"} if "ce_id" in headers else {}
    return {**kept, **own, "ce_type": type}


def _changes(payload: dict[str, Any]) -> dict[str, Any]:
    """The map of changed fields as their names and the fields themselves; the pupil's own number as identity."""
    changed = {_RENAMED.get(name, name): value for name, value in payload.pop("changedFields").items()}
    number = payload.pop("studentPersonalId", None)
    identity = {"idType": "CITIZEN_ID", "idValue": number} if number else {}
    return {**payload, **changed, **identity, "changedFields": list(changed)}
