"""Reading CloudEvents attributes from headers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.envelope import instant, read
from saan.core.message import Envelope
from saan.core.outcome import Finding

GOOD = {
    "content-type": "application/avro",
    "ce_specversion": "1.0",
    "ce_id": "019738ae-eef0-72be-9e1a-a6df5a245e86",
    "ce_type": "student.enrolled",
    "ce_source": "sis-96012009",
    "ce_time": "2025-06-04T02:04:38Z",
    "ce_purpose": "REGISTER",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
}


def codes(headers: dict[str, str]) -> list[tuple[str, str]]:
    found = read(headers)
    assert not isinstance(found, Envelope)
    return [(f.code, f.path) for f in found]


def test_attributes_become_an_envelope() -> None:
    envelope = read(GOOD)
    assert envelope == Envelope(
        id=GOOD["ce_id"],
        type="student.enrolled",
        source="sis-96012009",
        time=1_749_002_678_000_000,
        subject=None,
        extensions={"purpose": "REGISTER"},
    )


@pytest.mark.parametrize("name", ["ce_id", "ce_type", "ce_source", "ce_time", "ce_specversion"])
def test_a_mandatory_attribute_that_is_missing_or_empty_is_named(name: str) -> None:
    without = {key: value for key, value in GOOD.items() if key != name}
    assert codes(without) == [("ENV-7", name)]
    assert codes({**GOOD, name: ""}) == [("ENV-7", name)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_id", "a" * 65),
        ("ce_id", "with space"),
        ("ce_id", "1000000000009"),
        ("ce_id", "pupil:1000000000009"),
        ("ce_correlationid", "1000000000009"),
        ("ce_time", "2025-06-04"),
        ("ce_time", "2025-06-04T02:04:38"),
        ("ce_time", "2025-02-30T02:04:38Z"),
        ("ce_time", "04/06/2568 09:04"),
        ("ce_recordedtime", "yesterday"),
        ("ce_sequence", "12a"),
        ("ce_schemaversion", "one"),
        ("ce_testdata", "yes"),
        ("ce_purpose", "REG\nISTER"),
        ("ce_agreement", "x" * 1001),
        ("content-type", "application/json"),
    ],
)
def test_a_malformed_attribute_is_named_and_not_repeated(name: str, value: str) -> None:
    found = read({**GOOD, name: value})
    assert isinstance(found, tuple)
    assert [(f.code, f.path) for f in found] == [("ENV-11", name)]
    assert value not in repr(found)


def test_another_version_of_cloudevents_is_refused() -> None:
    assert codes({**GOOD, "ce_specversion": "0.3"}) == [("ENV-12", "ce_specversion")]


def test_everything_wrong_is_said_at_once() -> None:
    assert {code for code, _ in codes({"ce_id": "a b", "ce_specversion": "2"})} == {"ENV-7", "ENV-11", "ENV-12"}


def test_headers_that_are_no_attributes_are_not_judged() -> None:
    assert isinstance(read({**GOOD, "x-debug": "line\nbreak"}), Envelope)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T07:00:00.000001+07:00", 1),
        ("1970-01-01t00:00:00.1234567z", 123_456),
        ("2025-06-04T24:00:00Z", None),
        ("2025-06-04T02:04:60Z", None),
        ("", None),
    ],
)
def test_an_instant_is_exact_or_none(text: str, micros: int | None) -> None:
    assert instant(text) == micros


@given(st.dictionaries(st.sampled_from([*GOOD, "ce_recordedtime", "ce_sequence", "ce_subject"]), st.text()))
def test_no_headers_make_it_fail(changed: dict[str, Any]) -> None:
    found = read({**GOOD, **changed})
    assert isinstance(found, Envelope) or all(isinstance(f, Finding) for f in found)
