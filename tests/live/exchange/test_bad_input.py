"""Whatever a publisher sends, it is refused with a code or accepted; nothing crashes, nobody else waits."""

import struct
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from saan.wire import files
from saan.wire.avro import Codec

from .conftest import Running, eventually, example

PUBLISHER = "sis-96022001"
"""A school with an outbox of its own: it may write any bytes there."""

CODEC = Codec(files.read(files.default_folder()).schemas["student.enrolled.avsc"])
DATA = example("student.enrolled", 0) | {"idValue": "9900007680673"}
"""A learner of this school alone: nobody is at two schools at once."""


@dataclass
class Draft:
    """A record on its way into an outbox; every bad case is one change of a good one."""

    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    value: bytes = b""
    headers: dict[str, bytes] = field(default_factory=dict)


def good(schema: int, **changes: object) -> Draft:
    draft = Draft()
    data = CODEC.from_json({**DATA, **_own_school(), **changes})
    assert isinstance(data, dict), data
    draft.value = struct.pack(">BI", 0, schema) + CODEC.encode(data)
    draft.headers = {
        "ce_specversion": b"1.0",
        "ce_id": draft.id.encode(),
        "ce_type": b"student.enrolled",
        "ce_source": PUBLISHER.encode(),
        "ce_time": datetime.now(UTC).isoformat().encode(),
        "content-type": b"application/avro",
    }
    return draft


def _own_school() -> dict[str, object]:
    return {"schoolUid": "SC-73ac495accea", "schoolCode10": "1096240352", "curriculumId": None}


def _header(name: str, value: bytes | None) -> Callable[[int], Draft]:
    def change(schema: int) -> Draft:
        draft = good(schema)
        if value is None:
            del draft.headers[name]
        else:
            draft.headers[name] = value
        return draft

    return change


def _value(change: Callable[[bytes], bytes]) -> Callable[[int], Draft]:
    def make(schema: int) -> Draft:
        draft = good(schema)
        draft.value = change(draft.value)
        return draft

    return make


def _data(**changes: object) -> Callable[[int], Draft]:
    return lambda schema: good(schema, **changes)


def _enum_minus_one(value: bytes) -> bytes:
    """The index of `idType` becomes -1: it stands after the context fields, whose length is that of their encoding."""
    at = _offset_of("idType", value)
    return value[:at] + b"\x01" + value[at + 1 :]


def _boolean_seven(schema: int) -> Draft:
    draft = good(schema, withdrawalPending=True)
    assert draft.value.count(b"\x02\x01") >= 1
    at = draft.value.rindex(b"\x02\x01")
    draft.value = draft.value[: at + 1] + b"\x07" + draft.value[at + 2 :]
    return draft


def _offset_of(name: str, value: bytes) -> int:
    """Where a field begins: the first place at which two records differ that differ only in this field."""
    other = CODEC.from_json({**DATA, **_own_school(), name: "PASSPORT"})
    assert isinstance(other, dict)
    body = value[:5] + CODEC.encode(other)
    return next(i for i, (a, b) in enumerate(zip(value, body, strict=False)) if a != b)


FUTURE = (date.today() + timedelta(days=400)).isoformat()
BAD: dict[str, tuple[Callable[[int], Draft], str]] = {
    "unknown schema id": (lambda schema: good(999_999), "WIRE-2"),
    "wrong magic byte": (_value(lambda v: b"\x01" + v[1:]), "WIRE-1"),
    "no value": (_value(lambda v: b""), "WIRE-1"),
    "truncated": (_value(lambda v: v[:-9]), "WIRE-3"),
    "trailing bytes": (_value(lambda v: v + b"\x00"), "WIRE-4"),
    "enum index -1": (_value(_enum_minus_one), "WIRE-5"),
    "boolean byte 7": (_boolean_seven, "WIRE-6"),
    "bad UTF-8 in a name": (_value(lambda v: v.replace("ซากี".encode(), b"\xff" * 12)), "WIRE-7"),
    "oversized": (_value(lambda v: v + bytes(600_000)), "WIRE-9"),
    "bad UTF-8 in a header": (_header("ce_subject", b"\xff\xfe"), "ENV-11"),
    "no id": (_header("ce_id", None), "ENV-7"),
    "no type": (_header("ce_type", None), "ENV-7"),
    "malformed time": (_header("ce_time", b"yesterday"), "ENV-11"),
    "specversion 0.3": (_header("ce_specversion", b"0.3"), "ENV-12"),
    "somebody else's name": (_header("ce_source", b"sis-96012001"), "ENV-13"),
    "unknown event type": (_header("ce_type", b"student.teleported"), "ENV-1"),
    "another type's schema": (_header("ce_type", b"student.withdrawn"), "ENV-2"),
    "someone else's school": (_data(schoolUid="SC-2da05aa5ab97", schoolCode10="1096240348"), "V15"),
    "a birth in the future": (_data(birthDate=FUTURE), "V13"),
    "HTML in a name": (_data(nameThai="<script>alert(1)</script>"), "V12"),
    "a zero-width character": (_data(nameThai="ซา\u200bกี"), "V12"),
    "a code that is not in the list": (_data(gradeLevelCode="999"), "V4"),
    "a failing check digit": (_data(idValue="9900007680666"), "V1"),
}


@pytest.fixture(scope="module")
def schema_id(exchange: Running) -> int:
    import httpx  # noqa: PLC0415 - only here

    subject = f"{exchange.endpoints.registry}/apis/ccompat/v7/subjects/th.saan.student.StudentEnrolled/versions/latest"
    return int(httpx.get(subject).raise_for_status().json()["id"])


@pytest.fixture(scope="module")
def sent(exchange: Running, schema_id: int) -> Iterator[dict[str, Draft]]:
    """Every bad record, each followed by a good one, all in one outbox; returns when the last good one has arrived."""
    producer = exchange.producer(PUBLISHER)
    drafts, followers = {}, []
    for name, (make, _) in BAD.items():
        drafts[name] = make(schema_id)
        followers.append(good(schema_id))
        for draft in (drafts[name], followers[-1]):
            producer.produce(f"outbox.{PUBLISHER}", draft.value, b"k", headers=list(draft.headers.items()))
    assert producer.flush(30) == 0
    eventually(lambda: exchange.arrived("peo-96")[followers[-1].id] == 1, 60)
    arrived = exchange.arrived("peo-96")
    assert [arrived[draft.id] for draft in followers] == [1] * len(followers)
    return drafts


@pytest.fixture(scope="module")
def refused(exchange: Running, sent: dict[str, Draft]) -> dict[tuple[bytes, str], dict[str, str]]:
    """Quarantine by payload and code: some bad records have no id."""
    del sent
    return {
        (m.value() or b"", dict(m.headers() or ())["saan_code"].decode()): {
            n: v.decode(errors="replace") for n, v in m.headers() or ()
        }
        for m in exchange.read("quarantine")
    }


@pytest.mark.parametrize("name", BAD)
def test_it_is_in_quarantine_whole_with_its_code_and_never_delivered(
    exchange: Running, sent: dict[str, Draft], refused: dict[tuple[bytes, str], dict[str, str]], name: str
) -> None:
    draft, code = sent[name], BAD[name][1]

    found = refused[draft.value, code]

    assert found["saan_verdict"] == "rejected"
    assert found["saan_origin"].startswith(f"outbox.{PUBLISHER}/0/")
    assert exchange.arrived("peo-96")[draft.id] == 0


def test_every_refusal_says_what_to_do_in_thai_and_english(
    refused: dict[tuple[bytes, str], dict[str, str]],
) -> None:
    import json  # noqa: PLC0415 - only here

    for headers in refused.values():
        for finding in json.loads(headers["saan_findings"]):
            assert all(finding[part] for part in ("th", "en", "fix_th", "fix_en")), finding


def test_no_refusal_repeats_an_identity_or_a_name(refused: dict[tuple[bytes, str], dict[str, str]]) -> None:
    for headers in refused.values():
        for said in (headers["saan_findings"], headers["saan_path"], headers["saan_code"]):
            assert str(DATA["idValue"]) not in said
            assert str(DATA["nameThai"]) not in said
