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
RECIPIENTS: Final = tuple(f"rcp-0{n}" for n in range(8))
REASON: Final = "x-error"
MALFORMED: Final = "malformed"
OUTPUTS: Final = (*(f"hop.inbox.{one}" for one in RECIPIENTS), ASIDE)
PUBLISHER, EVENT = "sis-bench", "enrolment.told"
_EARLIEST, _LATEST = 1_577_836_800_000_000, 4_102_444_800_000_000
_BORN_FROM, _BORN_TO = "1900-01-01", "2024-01-01"


def _optional(type: object) -> list[object]:
    return ["null", type]


_DATE = {"type": "int", "logicalType": "date"}
_FIELDS: Final[Mapping[str, object]] = {
    "event_id": "string",
    "event_type": {"type": "enum", "name": "Told", "symbols": ["ENROLLED", "UPDATED", "WITHDRAWN", "COMPLETED"]},
    "occurred_at": {"type": "long", "logicalType": "timestamp-micros"},
    "source_system": "string",
    "correlation_id": _optional("string"),
    "student_id": "string",
    "enrolment_id": "string",
    "first_name": "string",
    "last_name": "string",
    "middle_name": _optional("string"),
    "date_of_birth": _DATE,
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
    "school_code": "string",
    "programme_code": "string",
    "level": {"type": "enum", "name": "Level", "symbols": ["FOUNDATION", "BACHELOR", "MASTER", "DOCTORATE", "OTHER"]},
    "study_mode": {"type": "enum", "name": "Mode", "symbols": ["FULL_TIME", "PART_TIME", "DISTANCE"]},
    "academic_year": "int",
    "start_date": _DATE,
    "end_date": _optional(_DATE),
    "credits": "double",
    "fee_amount": _optional({"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}),
    "is_international": "boolean",
    "recipient": "string",
    "attributes": {"type": "map", "values": "string"},
}
SCHEMA: Final[Mapping[str, Any]] = {
    "type": "record",
    "name": "EnrolmentTold",
    "namespace": "peers",
    "fields": [
        {"name": name, "type": type, **({"default": None} if isinstance(type, list) else {})}
        for name, type in _FIELDS.items()
    ],
}

PATTERNS: Final[Mapping[str, str]] = {
    "event_id": "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "source_system": "[a-z0-9-]{1,64}",
    "correlation_id": "[a-z0-9-]{1,64}",
    "student_id": "S[0-9]{9}",
    "enrolment_id": "E-[0-9]{10}",
    "first_name": ".{1,100}",
    "last_name": ".{1,100}",
    "middle_name": ".{1,100}",
    "email": "[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]+\\.)+[A-Za-z]{2,24}",
    "phone": "\\+[1-9][0-9]{6,14}",
    "address.street": ".{1,120}",
    "address.street2": ".{0,120}",
    "address.city": ".{1,80}",
    "address.postcode": "[A-Z0-9 -]{3,10}",
    "address.country": "NO|SE|DK|FI|DE|FR|NL|GB|IE|US|PL|ES|IT|PT|IS|EE|LV|LT|CH|AT",
    "school_code": "SCH[0-9]{4}",
    "programme_code": "PRG-[0-9]{4}",
    "recipient": "rcp-0[0-7]",
}


def rules() -> tuple[RuleSpec, ...]:
    """The 25 rules, in the order in which they are judged."""

    def one(kind: str, **params: Any) -> RuleSpec:
        return RuleSpec("V12", kind, "", params)

    def pattern(*names: str) -> Iterator[RuleSpec]:
        return (one("pattern", field=name, regex=PATTERNS[name]) for name in names)

    return (
        *pattern("event_id"),
        one("range", field="occurred_at", min=_EARLIEST, max=_LATEST - 1),
        *pattern("source_system", "correlation_id", "student_id", "enrolment_id"),
        *pattern("first_name", "last_name", "middle_name"),
        one("date_window", field="date_of_birth", **{"from": _BORN_FROM, "to": _BORN_TO}),
        *pattern("email", "phone"),
        *pattern("address.street", "address.street2", "address.city", "address.postcode", "address.country"),
        *pattern("school_code", "programme_code"),
        one("range", field="academic_year", min=2000, max=2100),
        one("date_window", field="start_date", **{"from": "2000-01-01", "to": "2100-01-01"}),
        one("order", first="start_date", second="end_date", min_days=0),
        one("range", field="credits", min=0, max=240),
        one("range", field="fee_amount", min=0, max=99_999_999),
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
    """The shipped governance with this event type and one publisher of it besides."""
    shipped = build(read(default_folder()).entities())
    some = next(iter(shipped.participants.values()))
    publisher = replace(some, id=PUBLISHER, kind="school", publishes=frozenset({EVENT}), agreements=())
    return replace(
        shipped,
        events={**shipped.events, EVENT: event()},
        participants={**shipped.participants, PUBLISHER: publisher},
    )


class Schemas:
    """The one schema of the work."""

    def get(self, schema_id: int) -> RegisteredSchema | None:
        return RegisteredSchema("peers.EnrolmentTold", 1, SCHEMA) if schema_id == SCHEMA_ID else None


_FIRST = ("Ingrid", "Ola", "Kari", "Lars", "Søren", "Zoë", "Anna", "Mohammed", "Wei", "Fatima")
_LAST = ("Nordmann", "Hansen", "Müller", "Johansson", "Virtanen", "García", "O'Brien", "Nguyen")
_BROKEN: Final[tuple[tuple[str, Any], ...]] = (
    ("event_id", "not-a-uuid"),
    ("occurred_at", 915_148_800_000_000),
    ("source_system", ""),
    ("student_id", "X1"),
    ("enrolment_id", "E-1"),
    ("first_name", ""),
    ("last_name", "x" * 101),
    ("middle_name", ""),
    ("date_of_birth", 20_089),
    ("email", "nope"),
    ("phone", "12345"),
    ("school_code", "SC"),
    ("programme_code", "P"),
    ("academic_year", 1999),
    ("end_date", 18_262),
    ("credits", -1.0),
    ("credits", 500.0),
    ("fee_amount", b"\xff"),
    ("recipient", "ghost"),
    ("correlation_id", ""),
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
        "event_id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
        "event_type": draw.choice(("ENROLLED", "UPDATED", "WITHDRAWN", "COMPLETED")),
        "occurred_at": 1_788_249_600_000_000 + draw.randrange(10**12),
        "source_system": "sis-north",
        "correlation_id": None if draw.random() < 0.5 else f"corr-{draw.getrandbits(48):012x}",
        "student_id": f"S{number:09d}",
        "enrolment_id": f"E-{draw.randrange(10**10):010d}",
        "first_name": draw.choice(_FIRST),
        "last_name": draw.choice(_LAST),
        "middle_name": None if draw.random() < 0.7 else draw.choice(_FIRST),
        "date_of_birth": 5_479 + draw.randrange(8000),
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
        "school_code": f"SCH{draw.randrange(1000):04d}",
        "programme_code": f"PRG-{draw.randrange(500):04d}",
        "level": draw.choice(("FOUNDATION", "BACHELOR", "MASTER", "DOCTORATE")),
        "study_mode": draw.choice(("FULL_TIME", "PART_TIME", "DISTANCE")),
        "academic_year": 2026,
        "start_date": 20_680,
        "end_date": None if draw.random() < 0.3 else 21_720,
        "credits": float(draw.choice((30, 60, 90, 120))),
        "fee_amount": None if draw.random() < 0.5 else fee.to_bytes(4, "big"),
        "is_international": draw.random() < 0.2,
        "recipient": draw.choice(RECIPIENTS),
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


def inputs(records: int, seed: int) -> Iterator[Sent]:
    """The input: about one record in a hundred breaks a rule, or is no record at all."""
    codec, draw, bad = Codec(SCHEMA), random.Random(seed), 0
    for number in range(records):
        data, reason, value = good(number, draw), None, None
        if number % 100 == 37:
            bad += 1
            reason, value = _broken(data, codec, bad, draw)
        value = frame(SCHEMA_ID, codec.encode(data)) if value is None else value
        to = ASIDE if reason else f"hop.inbox.{data['recipient']}"
        yield Sent(data["student_id"].encode(), value, headers(number), to, reason)


def _broken(data: dict[str, Any], codec: Codec, nth: int, draw: random.Random) -> tuple[str, bytes | None]:
    if nth % 4 == 3:
        return MALFORMED, _malformed(frame(SCHEMA_ID, codec.encode(data)), nth // 4 % 4, draw)
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
