"""The reference engine: bytes and headers in, verdict out; bad input is a value, never an accident."""

from collections.abc import Mapping
from typing import Any

import pytest

from saan.core.catalogue import EventType, RuleSpec
from saan.core.codes import Crosswalk
from saan.core.organisations import Organisation, Organisations
from saan.core.outcome import Accepted, Finding, Parked, Rejected
from saan.core.participants import Participant
from saan.core.said import finding
from saan.core.world import World
from saan.wire.avro import Codec
from saan.wire.record import frame
from saan.wire.reference import Checked, Reference, Submitted
from saan.wire.registry_types import RegisteredSchema, SchemaUnavailable

KEY = b"a key for tests only"
NOW = 1_749_002_738_000_000
AWAY = 99
ENROLLED_ID, OTHER_ID, OLDER_ID = 1, 2, 3

SCHEMA = {
    "type": "record",
    "name": "StudentEnrolled",
    "namespace": "th.saan.student",
    "fields": [
        {"name": "schoolUid", "type": "string"},
        {"name": "idType", "type": {"type": "enum", "name": "IdType", "symbols": ["CITIZEN_ID", "UNKNOWN"]}},
        {"name": "idValue", "type": "string"},
        {"name": "nameThai", "type": "string"},
        {"name": "entryDate", "type": {"type": "int", "logicalType": "date"}},
        {"name": "boarder", "type": ["null", "boolean"], "default": None},
    ],
}
ENROLLED = EventType(
    name="student.enrolled",
    record="th.saan.student.StudentEnrolled",
    schema=SCHEMA,
    domain="student",
    title={},
    data_class="C2k",
    publishers=frozenset({"school"}),
    subject_kind="learner",
    subject=("idType", "idValue"),
    school="schoolUid",
    concerns=(),
    follows_learner=False,
    history=(),
    rules=(
        RuleSpec("V12", "text", "", {"fields": ["nameThai"]}),
        RuleSpec("V13", "not_future", "", {"field": "entryDate"}),
    ),
    roles=frozenset(),
    retention="register",
)
SCHOOL = Participant("sis-1", "school", {}, frozenset({"SC-1"}), frozenset({"student.enrolled"}), ())
WORLD = World(
    events={"student.enrolled": ENROLLED},
    codes={},
    crosswalk=Crosswalk({}),
    organisations=Organisations([Organisation("SC-1", "school", {}, ()), Organisation("SC-2", "school", {}, ())]),
    participants={"sis-1": SCHOOL},
)
CODEC = Codec(SCHEMA)
HEADERS = {
    "ce_specversion": "1.0",
    "ce_id": "e-1",
    "ce_type": "student.enrolled",
    "ce_source": "sis-1",
    "ce_time": "2025-06-04T02:04:38Z",
}
DATA = {
    "schoolUid": "SC-1",
    "idType": "CITIZEN_ID",
    "idValue": "1000000000009",
    "nameThai": "นูรีดา",
    "entryDate": 20_241,
    "boarder": True,
}


class Schemas:
    """Three schemas that a registry knows, and one id that it cannot answer for now."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def get(self, schema_id: int) -> RegisteredSchema | None:
        self.asked.append(schema_id)
        if schema_id == AWAY:
            raise SchemaUnavailable(schema_id)
        older = {**SCHEMA, "fields": [f for f in SCHEMA["fields"] if f["name"] != "boarder"]}  # type: ignore[index]
        return {
            ENROLLED_ID: RegisteredSchema(ENROLLED.record, 2, SCHEMA),
            OTHER_ID: RegisteredSchema(f"{ENROLLED.record}.view.narrow", 1, SCHEMA),
            OLDER_ID: RegisteredSchema(ENROLLED.record, 1, older),
        }.get(schema_id)


def body(**changed: Any) -> bytes:
    return CODEC.encode({**DATA, **changed})


def check(
    value: bytes, headers: Mapping[str, str] | Finding = HEADERS, *, publisher: str = "sis-1", received: int = NOW
) -> Checked:
    engine = Reference(WORLD, Schemas(), KEY, max_bytes=4096)
    (checked,) = engine.check([Submitted(headers, value, publisher, received)])
    return checked


def code(checked: Checked) -> str:
    assert isinstance(checked.verdict, Rejected | Parked)
    return checked.verdict.findings[0].code


def test_a_good_record_is_accepted_with_its_data() -> None:
    checked = check(frame(ENROLLED_ID, body()))
    assert isinstance(checked.verdict, Accepted)
    assert checked.data == DATA
    assert checked.type is ENROLLED
    assert checked.envelope is not None
    assert checked.envelope.id == "e-1"


ENUM_AT = len(b"\x08SC-1")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", "WIRE-1"),
        (b"\x00\x00\x00", "WIRE-1"),
        (b"\x01\x00\x00\x00\x01" + body(), "WIRE-1"),
        (b'{"schoolUid": "SC-1"}', "WIRE-1"),
        (frame(404, body()), "WIRE-2"),
        (frame(OTHER_ID, body()), "ENV-2"),
        (frame(ENROLLED_ID, body()[:-1]), "WIRE-3"),
        (frame(ENROLLED_ID, body() + b"\x00"), "WIRE-4"),
        (frame(ENROLLED_ID, body()[:ENUM_AT] + b"\x01" + body()[ENUM_AT + 1 :]), "WIRE-5"),
        (frame(ENROLLED_ID, body()[:-1] + b"\x07"), "WIRE-6"),
        (frame(ENROLLED_ID, body().replace("นูรีดา".encode(), b"\xb9" * 18)), "WIRE-7"),
        (frame(ENROLLED_ID, b"\x07" + body()), "WIRE-8"),
        (frame(ENROLLED_ID, body(nameThai="ก" * 2000)), "WIRE-9"),
        (frame(ENROLLED_ID, body(nameThai="<script>")), "V12"),
        (frame(ENROLLED_ID, body(entryDate=30_000)), "V13"),
        (frame(ENROLLED_ID, body(schoolUid="SC-2")), "V15"),
    ],
)
def test_bad_bytes_and_bad_data_are_refused_with_a_code(value: bytes, expected: str) -> None:
    checked = check(value)
    assert isinstance(checked.verdict, Rejected)
    assert code(checked) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"ce_id": ""}, "ENV-7"),
        ({"ce_time": "yesterday"}, "ENV-11"),
        ({"ce_specversion": "0.3"}, "ENV-12"),
        ({"ce_type": "student.teleported"}, "ENV-1"),
        ({"ce_schemaversion": "99"}, "ENV-2"),
        ({"ce_source": "sis-2"}, "ENV-13"),
    ],
)
def test_bad_headers_are_refused_with_a_code(changed: dict[str, str], expected: str) -> None:
    assert code(check(frame(ENROLLED_ID, body()), {**HEADERS, **changed})) == expected


def test_headers_that_are_not_text_are_refused() -> None:
    assert code(check(frame(ENROLLED_ID, body()), finding("ENV-11", "ce_id"))) == "ENV-11"


def test_a_stranger_is_refused() -> None:
    assert code(check(frame(ENROLLED_ID, body()), publisher="nobody")) == "V15"


def test_a_record_whose_schema_cannot_be_looked_up_now_waits() -> None:
    checked = check(frame(AWAY, body()))
    assert isinstance(checked.verdict, Parked)
    assert code(checked) == "WIRE-10"


def test_a_schema_is_looked_up_once_when_found_and_again_after_the_registry_was_away() -> None:
    schemas = Schemas()
    engine = Reference(WORLD, schemas, KEY)
    known = Submitted(HEADERS, frame(ENROLLED_ID, body()), "sis-1", NOW)
    away = Submitted(HEADERS, frame(AWAY, body()), "sis-1", NOW)
    engine.check([known, known, away, away])
    assert schemas.asked == [ENROLLED_ID, AWAY, AWAY]


def test_an_older_version_of_the_schema_is_read_as_it_was_written() -> None:
    checked = check(frame(OLDER_ID, body()[:-2]), {**HEADERS, "ce_schemaversion": "1"})
    assert isinstance(checked.verdict, Accepted)
    assert checked.data == {name: value for name, value in DATA.items() if name != "boarder"}


def test_what_is_a_future_date_depends_on_when_the_record_was_received_and_on_no_clock_here() -> None:
    tomorrow, a_day = 20_244, 86_400_000_000
    assert code(check(frame(ENROLLED_ID, body(entryDate=tomorrow)), received=NOW)) == "V13"
    assert isinstance(check(frame(ENROLLED_ID, body(entryDate=tomorrow)), received=NOW + a_day).verdict, Accepted)


def test_verdicts_come_in_the_order_of_the_block() -> None:
    engine = Reference(WORLD, Schemas(), KEY)
    block = [
        Submitted({**HEADERS, "ce_id": f"e-{n}"}, frame(ENROLLED_ID, body()) if n % 2 else b"", "sis-1", NOW)
        for n in range(6)
    ]
    kinds = [type(checked.verdict) for checked in engine.check(block)]
    assert kinds == [Rejected, Accepted] * 3


def test_no_finding_repeats_the_identity_or_the_name() -> None:
    values = [frame(ENROLLED_ID, body(nameThai="นู\u200bรีดา", schoolUid="SC-2", entryDate=30_000))]
    for value in values:
        assert str(DATA["idValue"]) not in repr(check(value).verdict)
        assert "รีดา" not in repr(check(value).verdict)
