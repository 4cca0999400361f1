"""Reads the conformance samples of the data standard: one event per line, with the verdict that it must get.

The samples say one event in one JSON object: envelope and context side by side, the payload within, the type as
``StudentEnrolled``. Here each becomes what would have travelled: CloudEvents headers and the data of our event type.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from saan.core import rounds
from saan.core.envelope import instant
from saan.core.rounds import Rounds
from saan.core.world import World

_CONTEXT = ("schoolUid", "schoolCode10", "provinceCode", "academicYearBE", "semester", "effectiveDate")
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
_OF_LEARNERS = re.compile(r"student\.|grade\.|test-result\.")
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")
_RENAMED: Final = {"provinceCode": "addressProvinceCode"}
"""A pupil's own province; in our data ``provinceCode`` is that of the school."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One line.

    ``expect`` is ``accept``, ``warn`` or ``reject``, ``rule`` the code behind it; ``headers`` and ``data`` (JSON form)
    are the event, ``publisher`` the participant that sends it, ``received`` microseconds since the epoch. ``windows``
    says of rounds of the event's academic year whether they are open or closed then; others were never opened.
    """

    case: str
    expect: str
    rule: str | None
    environment: str
    event_type: str
    headers: Mapping[str, str]
    data: Mapping[str, Any]
    publisher: str
    received: int
    windows: Mapping[str, str]


def sample(line: Mapping[str, Any]) -> Sample:
    """The sample in one line. Raises ``KeyError`` or ``ValueError`` for a line that is none."""
    event, context = line["event"], line.get("context") or {}
    name = event_type(event["eventType"])
    received = instant(context.get("receivedAt", event["publishedAt"]))
    if received is None:
        raise ValueError(f"{line['case']}: the time of receipt is not RFC 3339")
    return Sample(
        case=line["case"],
        expect=line["expect"],
        rule=line["rule"],
        environment=context.get("environment", "sandbox"),
        event_type=name,
        headers=_headers(event, name),
        data=_data(event, name),
        publisher=event["producerId"],
        received=received,
        windows=context.get("windows", {}),
    )


def assumed(one: Sample, world: World) -> World:
    """The world that the sample assumes: its environment, and its rounds as open or closed as it says."""
    patterns, year = world.rounds.patterns, one.data.get("academicYearBE")
    windows = (
        rounds.assumed(patterns[round].window(year), said, one.received)
        for round, said in one.windows.items()
        if isinstance(year, int)
    )
    return replace(world, environment=one.environment, rounds=Rounds(tuple(windows), patterns))


def event_type(camel: str) -> str:
    """``StudentProfileChanged`` as ``student.profile-changed``; the last word, or two, say what happened."""
    words = [word.lower() for word in _WORD_START.split(camel)]
    if len(words) < 2:
        return words[0]
    subject = words[:-1] if words[0] == "test" else words[:1]
    return f"{'-'.join(subject)}.{'-'.join(words[len(subject) :])}"


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


def _data(event: Mapping[str, Any], name: str) -> dict[str, Any]:
    context = {field: event[field] for field in _CONTEXT if field in event}
    payload = dict(event["payload"])
    if name == "student.profile-changed":
        payload = _changes(payload)
    if _OF_LEARNERS.match(name) and "idType" not in payload and "subjectUid" in event:
        payload |= {"idType": "SUBJECT_UID", "idValue": event["subjectUid"]}
    return {**context, **payload}


def _changes(payload: dict[str, Any]) -> dict[str, Any]:
    """The map of changed fields as their names and the fields themselves; the pupil's own number as identity."""
    changed = {_RENAMED.get(name, name): value for name, value in payload.pop("changedFields").items()}
    number = payload.pop("studentPersonalId", None)
    identity = {"idType": "CITIZEN_ID", "idValue": number} if number else {}
    return {**payload, **changed, **identity, "changedFields": list(changed)}
