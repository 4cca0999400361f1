"""The work that every peer does: records of 27 fields, held to 25 rules, sent on to the recipient that a field names.

One place says what a record is, which rules hold, and, for a generated input, what must come out: how many records in
which topic, an order-free checksum over them, and for what reason others are set aside. The rules are those of
`java/src/main/java/peers/Rules.java`, in the same order; a reason is the path of the field that the first broken rule
is about.
"""

import random
import struct
import uuid
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from saan.core.catalogue import EventType, RuleSpec
from saan.core.world import World
from saan.wire.avro import Codec
from saan.wire.files import default_folder, read
from saan.wire.record import frame
from saan.wire.registry_types import RegisteredSchema
from saan.wire.world import build

SCHEMA_ID: Final = 42
PARTITIONS: Final = 4
INPUT, ASIDE = "hop.input", "hop.aside"
RECIPIENTS: Final[Mapping[str, str]] = {
    "SC-b73c0eac4c26": "sis-96012002",
    "SC-50d6a2aed8bb": "sis-96012003",
    "SC-44f308996218": "sis-96012004",
    "SC-42b38a143fb0": "sis-96012005",
    "SC-ed4ebe3b8056": "sis-96012006",
    "SC-ce35ce724f35": "sis-96012007",
    "SC-fec400e2bab5": "sis-96012008",
    "SC-65e762332299": "sis-96012009",
}
"""Schools that a record may name, with the system that gets it."""
REASON: Final = "x-error"
MALFORMED: Final = "malformed"
OUTPUTS: Final = (*(f"hop.inbox.{one}" for one in RECIPIENTS), ASIDE)
PUBLISHER, EVENT = "sis-96022002", "enrolment.told"
_EARLIEST, _LATEST = 1_577_836_800_000_000, 4_102_444_800_000_000
_BORN_FROM, _BORN_TO = "1900-01-01", "2024-01-01"


def _optional(type: object) -> list[object]:
    return ["null", type]


_DATE = {"type": "int", "logicalType": "date"}
_FIELDS: Final[Mapping[str, object]] = {
    "eventId": "string",
    "eventType": {"type": "enum", "name": "Told", "symbols": ["ENROLLED", "UPDATED", "WITHDRAWN", "COMPLETED"]},
    "occurredAt": {"type": "long", "logicalType": "timestamp-micros"},
    "sourceSystem": "string",
    "correlationId": _optional("string"),
    "studentId": "string",
    "enrolmentId": "string",
    "firstName": "string",
    "lastName": "string",
    "middleName": _optional("string"),
    "dateOfBirth": _DATE,
    "gender": {"type": "enum", "name": "Gender", "symbols": ["F", "M", "X", "UNKNOWN"]},
    "email": "string",
    "phone": _optional("string"),
    "address": {
        "type": "record",
        "name": "Address",
        "fields": [
            {"name": "street", "type": "string"},
            {"name": "street2", "type": _optional("string"), "default": None},
            {"name": "city", "type": "string"},
            {"name": "postcode", "type": "string"},
            {"name": "country", "type": "string"},
        ],
    },
    "schoolCode": "string",
    "programmeCode": "string",
    "idType": {
        "type": "enum",
        "name": "IdType",
        "symbols": ["CITIZEN_ID", "G_CODE", "PASSPORT", "ALIEN_ID", "UNKNOWN"],
    },
    "studyMode": {"type": "enum", "name": "Mode", "symbols": ["FULL_TIME", "PART_TIME", "DISTANCE"]},
    "academicYear": "int",
    "startDate": _DATE,
    "endDate": _optional(_DATE),
    "credits": "double",
    "feeAmount": _optional({"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}),
    "isInternational": "boolean",
    "recipient": "string",
    "attributes": {"type": "map", "values": "string"},
}


def _field(name: str, type: object) -> dict[str, Any]:
    """A field as the catalogue wants it, with class, labels and a doc."""
    if isinstance(type, Mapping) and type["type"] == "record":
        type = {**type, "fields": [_field(one["name"], one["type"]) for one in type["fields"]]}
    default = {"default": None} if isinstance(type, list) else {}
    labels = {"label_th": name, "label_en": name, "doc": name, "standard": ""}
    return {"name": name, "type": type, **default, "class": "C1", **labels}


SCHEMA: Final[Mapping[str, Any]] = {
    "type": "record",
    "name": "EnrolmentTold",
    "namespace": "peers",
    "doc": "The record that peers are compared by.",
    "fields": [_field(name, type) for name, type in _FIELDS.items()],
}

PATTERNS: Final[Mapping[str, str]] = {
    "eventId": "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "sourceSystem": "[a-z0-9-]{1,64}",
    "correlationId": "[a-z0-9-]{1,64}",
    "studentId": "S[0-9]{9}",
    "enrolmentId": "E-[0-9]{10}",
    "firstName": ".{1,100}",
    "lastName": ".{1,100}",
    "middleName": ".{1,100}",
    "email": "[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]+\\.)+[A-Za-z]{2,24}",
    "phone": "\\+[1-9][0-9]{6,14}",
    "address.street": ".{1,120}",
    "address.street2": ".{0,120}",
    "address.city": ".{1,80}",
    "address.postcode": "[A-Z0-9 -]{3,10}",
    "address.country": "NO|SE|DK|FI|DE|FR|NL|GB|IE|US|PL|ES|IT|PT|IS|EE|LV|LT|CH|AT",
    "schoolCode": "SCH[0-9]{4}",
    "programmeCode": "PRG-[0-9]{4}",
    "recipient": "|".join(RECIPIENTS),
}


def rules() -> tuple[RuleSpec, ...]:
    """The 25 rules, in the order in which they are judged."""

    def one(kind: str, **params: Any) -> RuleSpec:
        return RuleSpec("V12", kind, "", params)

    def pattern(*names: str) -> Iterator[RuleSpec]:
        return (one("pattern", field=name, regex=PATTERNS[name]) for name in names)

    return (
        *pattern("eventId"),
        one("range", field="occurredAt", min=_EARLIEST, max=_LATEST - 1),
        *pattern("sourceSystem", "correlationId", "studentId", "enrolmentId"),
        *pattern("firstName", "lastName", "middleName"),
        one("date_window", field="dateOfBirth", **{"from": _BORN_FROM, "to": _BORN_TO}),
        *pattern("email", "phone"),
        *pattern("address.street", "address.street2", "address.city", "address.postcode", "address.country"),
        *pattern("schoolCode", "programmeCode"),
        one("range", field="academicYear", min=2000, max=2100),
        one("date_window", field="startDate", **{"from": "2000-01-01", "to": "2100-01-01"}),
        one("order", first="startDate", second="endDate", min_days=0),
        one("range", field="credits", min=0, max=240),
        one("range", field="feeAmount", min=0, max=99_999_999),
        *pattern("recipient"),
    )


def event() -> EventType:
    return EventType(
        name=EVENT,
        record="peers.EnrolmentTold",
        schema=SCHEMA,
        domain="hop",
        title={},
        data_class="C1",
        publishers=frozenset({"school"}),
        subject_kind="recipient",
        subject=("recipient",),
        school=None,
        concerns=(),
        follows_learner=False,
        history=(),
        rules=rules(),
        roles=frozenset(),
        retention="",
    )


def world() -> World:
    """The shipped governance with this event type, which one school's system publishes."""
    shipped = build(read(default_folder()).entities())
    publisher = replace(shipped.participants[PUBLISHER], publishes=frozenset({EVENT}))
    return replace(
        shipped,
        events={**shipped.events, EVENT: event()},
        participants={**shipped.participants, PUBLISHER: publisher},
    )


def governed() -> dict[str, dict[str, Any]]:
    """What is governed where the whole path is compared: an entry of the catalogue, and agreements of the recipients.

    There the record is about a learner, so it travels under a pseudonym, and the school that it names is concerned.
    """
    entities = {id: dict(entity) for id, entity in read(default_folder()).entities().items()}
    entities[f"event/{EVENT}"] = {
        "event": EVENT,
        "schema": f"{EVENT}.avsc",
        "title": {"th": EVENT, "en": EVENT},
        "domain": "bench",
        "class": "C1",
        "publishers": ["school"],
        "subject": {"kind": "learner", "fields": ["idType", "studentId"]},
        "concerns": ["recipient"],
        "roles": ["school"],
        "retention": "register",
        "rules": [{"code": rule.code, "kind": rule.kind, **rule.params} for rule in rules()],
        "avro": SCHEMA,
    }
    for school, system in RECIPIENTS.items():
        entity = entities[f"participant/{system}"]
        agreement = {"id": f"BENCH-{system[4:]}", "events": [EVENT], "purposes": ["REGISTER"], "basis": "bench"}
        reach = {"ceiling": "C3", "view": "bench", "scope": [school], "valid_from": "2025-01-01"}
        entity["agreements"] = [*entity["agreements"], agreement | reach]
    publisher = entities[f"participant/{PUBLISHER}"]
    publisher["publishes"] = [*publisher["publishes"], EVENT]
    return entities


class Schemas:
    """The one schema of the work."""

    def get(self, schema_id: int) -> RegisteredSchema | None:
        return RegisteredSchema("peers.EnrolmentTold", 1, SCHEMA) if schema_id == SCHEMA_ID else None


_FIRST = ("Ingrid", "Ola", "Kari", "Lars", "Søren", "Zoë", "Anna", "Mohammed", "Wei", "Fatima")
_LAST = ("Nordmann", "Hansen", "Müller", "Johansson", "Virtanen", "García", "O'Brien", "Nguyen")
_BROKEN: Final[tuple[tuple[str, Any], ...]] = (
    ("eventId", "not-a-uuid"),
    ("occurredAt", 915_148_800_000_000),
    ("sourceSystem", ""),
    ("studentId", "X1"),
    ("enrolmentId", "E-1"),
    ("firstName", ""),
    ("lastName", "x" * 101),
    ("middleName", ""),
    ("dateOfBirth", 20_089),
    ("email", "nope"),
    ("phone", "12345"),
    ("schoolCode", "SC"),
    ("programmeCode", "P"),
    ("academicYear", 1999),
    ("endDate", 18_262),
    ("credits", -1.0),
    ("credits", 500.0),
    ("feeAmount", b"\xff"),
    ("recipient", "ghost"),
    ("correlationId", ""),
    ("address.street", ""),
    ("address.city", ""),
    ("address.postcode", "!"),
    ("address.country", "ZZ"),
    ("address.street2", "x" * 121),
)


def good(number: int, draw: random.Random) -> dict[str, Any]:
    """One record that keeps every rule."""
    fee = draw.randrange(1_000_000)
    return {
        "eventId": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
        "eventType": draw.choice(("ENROLLED", "UPDATED", "WITHDRAWN", "COMPLETED")),
        "occurredAt": 1_788_249_600_000_000 + draw.randrange(10**12),
        "sourceSystem": "sis-north",
        "correlationId": None if draw.random() < 0.5 else f"corr-{draw.getrandbits(48):012x}",
        "studentId": f"S{number:09d}",
        "enrolmentId": f"E-{draw.randrange(10**10):010d}",
        "firstName": draw.choice(_FIRST),
        "lastName": draw.choice(_LAST),
        "middleName": None if draw.random() < 0.7 else draw.choice(_FIRST),
        "dateOfBirth": 5_479 + draw.randrange(8000),
        "gender": draw.choice(("F", "M", "X", "UNKNOWN")),
        "email": f"{number}.{draw.randrange(1000)}@student.example.org",
        "phone": None if draw.random() < 0.4 else f"+47{draw.randrange(10**8):08d}",
        "address": {
            "street": f"Storgata {draw.randrange(200)} B",
            "street2": None if draw.random() < 0.8 else "c/o Hansen",
            "city": draw.choice(("Oslo", "Bergen", "Göteborg", "København")),
            "postcode": f"{draw.randrange(10000):04d}",
            "country": draw.choice(("NO", "SE", "DK")),
        },
        "schoolCode": f"SCH{draw.randrange(1000):04d}",
        "programmeCode": f"PRG-{draw.randrange(500):04d}",
        "idType": draw.choice(("PASSPORT", "ALIEN_ID")),
        "studyMode": draw.choice(("FULL_TIME", "PART_TIME", "DISTANCE")),
        "academicYear": 2026,
        "startDate": 20_680,
        "endDate": None if draw.random() < 0.3 else 21_720,
        "credits": float(draw.choice((30, 60, 90, 120))),
        "feeAmount": None if draw.random() < 0.5 else fee.to_bytes(4, "big"),
        "isInternational": draw.random() < 0.2,
        "recipient": draw.choice(tuple(RECIPIENTS)),
        "attributes": {
            "campus": "north",
            "cohort": f"c{draw.randrange(100)}",
            "programme_name": "Bachelor of Applied Informatics",
            "school_name": "Nordic University College of Engineering",
        },
    }


def headers(number: int) -> list[tuple[str, bytes]]:
    """CloudEvents attributes, as Saan's engines ask for them; every peer hands them on."""
    told = {
        "specversion": "1.0",
        "id": f"told-{number}",
        "type": EVENT,
        "source": PUBLISHER,
        "time": "2026-01-02T03:04:05Z",
    }
    return [(f"ce_{name}", value.encode()) for name, value in told.items()]


@dataclass(frozen=True, slots=True)
class Sent:
    """One record of the input. ``reason`` says why it is to be set aside, ``to`` where it is to go."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    to: str
    reason: str | None = None


def inputs(records: int, seed: int, learners: int = 10**9, schema: int = SCHEMA_ID) -> Iterator[Sent]:
    """The input: about one record in a hundred breaks a rule, or is no record at all. Learners come again and again."""
    codec, draw, bad = Codec(SCHEMA), random.Random(seed), 0
    for number in range(records):
        data, reason, value = good(number % learners, draw), None, None
        if number % 100 == 37:
            bad += 1
            reason, value = _broken(data, codec, bad, draw, schema)
        value = frame(schema, codec.encode(data)) if value is None else value
        to = ASIDE if reason else f"hop.inbox.{data['recipient']}"
        yield Sent(data["studentId"].encode(), value, headers(number), to, reason)


def _broken(data: dict[str, Any], codec: Codec, nth: int, draw: random.Random, schema: int) -> tuple[str, bytes | None]:
    if nth % 4 == 3:
        return MALFORMED, _malformed(frame(schema, codec.encode(data)), nth // 4 % 4, draw)
    path, value = _BROKEN[nth % len(_BROKEN)]
    outer, _, inner = path.partition(".")
    if inner:
        data[outer][inner] = value
    else:
        data[outer] = value
    return path, None


def _malformed(value: bytes, kind: int, draw: random.Random) -> bytes:
    if kind == 0:
        return value[: 5 + draw.randrange(1, len(value) - 6)]
    if kind == 1:
        return value + b"\x00\x01"
    if kind == 2:
        return b"\x01" + value[1:]
    at = 5 + 1 + 36  # the enum behind the id
    return value[:at] + b"\x12" + value[at + 1 :]


@dataclass(slots=True)
class Outcome:
    """What lies in the output topics: records and an order-free checksum by topic, reasons of those set aside."""

    records: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, topic: str, key: bytes, value: bytes, reason: str | None) -> None:
        self.records[topic] += 1
        said = struct.pack(">I", len(key)) + key + value
        self.sums[topic] = (self.sums[topic] + zlib.crc32(said)) % 2**48
        if reason is not None:
            self.reasons[reason] += 1
