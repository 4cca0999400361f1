"""How an event of the data standard is said here: under our field names, and sensitive facts in events of their own.

The standard's samples put everything about one happening into one payload. Facts that section 26 of the PDPA calls
sensitive travel apart (domain ``wellbeing``), so one event of the standard may become two of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A further event: ``moved`` are the fields that travel in it alone, ``copied`` those that both events carry.

    ``copied`` maps a field of the further event to the field, of the payload or of the context, that it repeats.
    ``always``: it is sent also where no field was moved, because the standard asks for one.
    """

    event_type: str
    moved: tuple[str, ...]
    copied: Mapping[str, str]
    always: bool = False


_BACKGROUND: Final = Part("student.background-changed", ("raceCode", "religionCode", "bloodCode"), {})
_HEALTH: Final = Part("health.measured", ("weightKg", "heightCm"), {"date": "effectiveDate"})
_DISADVANTAGE: Final = Part("disadvantage.recorded", ("disadvantagedCode",), {})
_REASON: Final = Part("withdrawal.explained", ("exitReasonCode",), {"exitDate": "exitDate"}, always=True)
_IDENTITY: Final = ("idType", "idValue")

PARTS: Final[Mapping[str, tuple[Part, ...]]] = {
    "student.enrolled": (_HEALTH, _BACKGROUND, _DISADVANTAGE),
    "student.profile-changed": (_BACKGROUND, _DISADVANTAGE),
    "student.withdrawn": (_REASON,),
    "welfare.screened": (_DISADVANTAGE,),
}
"""Which events of ours say further what the standard says in one."""

WORDS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "grade.corrected": ("reason", {"แก้ 0": "zero", "แก้ ร": "pending", "แก้ มส": "noRight"}),
    "student.graduated": ("level", {"ป.6": "P6", "ม.3": "M3", "ม.6": "M6"}),
}
"""Field of an event type, and our symbols for the standard's words: an Avro symbol is plain ASCII."""

_LINKED: Final = "student.identity-linked"
_ON_LEAVE: Final = ("sick", "personal")


def split(event_type: str, payload: Payload, context: Mapping[str, Any]) -> tuple[tuple[str, Payload], ...]:
    """The events of ours, each with its type: the one of this type first, then what travels apart."""
    if event_type == "attendance.recorded":
        return _attendance(payload)
    rest = _in_our_words(event_type, payload)
    further: list[tuple[str, Payload]] = []
    for part in PARTS.get(event_type, ()):
        moved = {name: rest.pop(name) for name in part.moved if name in rest}
        if moved or part.always:
            known: Payload = {**context, **payload}
            copied = {to: known[name] for to, name in part.copied.items() if name in known}
            identity: Payload = {name: payload[name] for name in _IDENTITY if name in payload}
            further.append((part.event_type, {**identity, **moved, **copied}))
    return ((event_type, rest), *further)


def _in_our_words(event_type: str, payload: Payload) -> Payload:
    """The payload with our symbols, and with the kind of each identity, which the standard leaves to its form."""
    said = dict(payload)
    field, words = WORDS.get(event_type, ("", {}))
    if said.get(field) in words:
        said[field] = words[said[field]]
    if event_type == _LINKED:
        for name in ("fromId", "toId"):
            if name in said:
                said[name.replace("Id", "IdType")] = "G_CODE" if str(said[name]).startswith("G") else "CITIZEN_ID"
    return said


def _attendance(payload: Payload) -> tuple[tuple[str, Payload], ...]:
    """Attendance says who was on leave; whether for illness is said apart."""
    reasons = [
        {"subjectUid": one.get("subjectUid"), "reason": one["status"]}
        for one in payload.get("exceptions", ())
        if one.get("status") in _ON_LEAVE
    ]
    if not reasons:
        return (("attendance.recorded", payload),)
    exceptions = [
        {**one, "status": "leave"} if one.get("status") in _ON_LEAVE else one for one in payload["exceptions"]
    ]
    which: Payload = {name: payload[name] for name in ("classroom", "date", "period") if name in payload}
    return (
        ("attendance.recorded", {**payload, "exceptions": exceptions}),
        ("absence.explained", {**which, "reasons": reasons}),
    )
