"""The validator's verdict: envelope against the catalogue, mandate, subject, rules."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from saan.core.calendar import day_of
from saan.core.catalogue import EventType, RuleSpec
from saan.core.codes import Crosswalk
from saan.core.envelope import read
from saan.core.identity import pseudonym
from saan.core.links import Links
from saan.core.message import Envelope
from saan.core.organisations import Organisation, Organisations, Parent
from saan.core.outcome import Accepted, Parked, Rejected, Verdict
from saan.core.participants import Agreement, Participant
from saan.core.validate import Validator, scales
from saan.core.world import World

KEY = b"a key for tests only"
TIME = 1_749_002_678_000_000  # 2025-06-04T02:04:38Z
DAY = day_of(TIME)
RECEIVED = TIME + 60_000_000
MINUTE = 60_000_000

RULES = (
    RuleSpec("V6", "known", "warn", {"field": "mood"}),
    RuleSpec("V14", "range", "", {"field": "weight", "min": 5, "max": 200}),
    RuleSpec("V10", "known", "park", {"field": "step"}),
)
ENROLLED = EventType(
    name="student.enrolled",
    record="th.saan.student.StudentEnrolled",
    schema={"type": "record", "name": "StudentEnrolled", "fields": []},
    domain="student",
    title={},
    data_class="C2k",
    publishers=frozenset({"school", "area-office"}),
    subject_kind="learner",
    subject=("idType", "idValue"),
    school="schoolUid",
    concerns=("schoolUid",),
    follows_learner=False,
    history=(),
    rules=RULES,
    roles=frozenset(),
    retention="register",
)
ATTENDANCE = replace(
    ENROLLED, name="attendance.recorded", subject_kind="classroom", subject=("schoolUid", "classroom"), rules=()
)
TESTED = replace(ENROLLED, name="test-result.recorded", school=None, publishers=frozenset({"test-body"}), rules=())
RECEIPT = replace(ENROLLED, name="receipt.issued", control=True)

AGREEMENT = Agreement("AG", frozenset(), frozenset({"TRANSFER"}), "s24(4)", "C3", "v", frozenset(), 0, None)
SCHOOL = Participant(
    "sis-1",
    "school",
    {},
    frozenset({"SC-1"}),
    frozenset({"student.enrolled", "attendance.recorded", "receipt.issued"}),
    (AGREEMENT,),
    purposes=frozenset({"REGISTER", "CERTIFY"}),
)
OFFICE = Participant("sesa", "area-office", {}, frozenset({"SESA"}), frozenset({"student.enrolled"}), ())
TESTER = Participant("niets", "test-body", {}, frozenset(), frozenset({"test-result.recorded"}), ())
WORLD = World(
    events={e.name: e for e in (ENROLLED, ATTENDANCE, TESTED, RECEIPT)},
    codes={},
    crosswalk=Crosswalk({}),
    organisations=Organisations(
        [
            Organisation("SC-1", "school", {}, (Parent("SESA", end=DAY + 1), Parent("DLA", start=DAY + 1))),
            Organisation("SC-2", "school", {}, ()),
            Organisation("SESA", "area-office", {}, ()),
            Organisation("DLA", "head-office", {}, ()),
        ]
    ),
    participants={},
)
HEADERS = {
    "ce_specversion": "1.0",
    "ce_id": "e-1",
    "ce_type": "student.enrolled",
    "ce_source": "sis-1",
    "ce_time": "2025-06-04T02:04:38Z",
}
DATA = {"schoolUid": "SC-1", "classroom": "311/1", "idType": "CITIZEN_ID", "idValue": "1000000000009", "weight": 40}


def check(
    headers: Mapping[str, str] = MappingProxyType({}),
    data: Mapping[str, Any] = MappingProxyType({}),
    *,
    publisher: Participant | None = SCHOOL,
    received: int = RECEIVED,
    world: World = WORLD,
    links: Links | None = None,
) -> Verdict:
    envelope = read({**HEADERS, **headers})
    assert isinstance(envelope, Envelope)
    return Validator(world, KEY, links).check(envelope, {**DATA, **data}, publisher=publisher, received=received)


def refused(verdict: Verdict) -> list[tuple[str, str]]:
    assert isinstance(verdict, Rejected)
    return [(found.code, found.path) for found in verdict.findings]


def test_a_good_record_is_accepted_under_the_pseudonym_of_its_learner() -> None:
    verdict = check()
    assert isinstance(verdict, Accepted)
    assert verdict.subject.startswith("st-")
    assert verdict.warnings == ()


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"ce_type": "student.teleported"}, ("ENV-1", "ce_type")),
        ({"ce_type": "receipt.issued"}, ("ENV-1", "ce_type")),
        ({"ce_recordedtime": "2025-06-04T02:04:37Z"}, ("ENV-3", "ce_time")),
        ({"ce_time": "2025-06-04T02:10:39Z"}, ("ENV-3", "ce_time")),
        ({"ce_recordedtime": "2025-06-04T02:10:39Z"}, ("ENV-3", "ce_recordedtime")),
        ({"ce_dataclass": "C0"}, ("ENV-5", "ce_dataclass")),
        ({"ce_purpose": "REGISTER,MARKETING"}, ("ENV-8", "ce_purpose")),
        ({"ce_purpose": "TRANSFER"}, ("ENV-8", "ce_purpose")),
        ({"ce_subject": "I9900007680126"}, ("ENV-9", "ce_subject")),
        ({"ce_source": "sis-2"}, ("ENV-13", "ce_source")),
    ],
)
def test_an_envelope_that_contradicts_the_catalogue_is_refused(headers: dict[str, str], said: tuple[str, str]) -> None:
    assert refused(check(headers)) == [said]


@pytest.mark.parametrize(
    "headers",
    [
        {"ce_recordedtime": "2025-06-04T02:10:38Z"},
        {"ce_dataclass": "C2k"},
        {"ce_purpose": "REGISTER, CERTIFY"},
        {"ce_subject": "st-0123456789abcdef0123"},
        {"ce_testdata": "true"},
    ],
)
def test_an_envelope_that_agrees_with_the_catalogue_is_accepted(headers: dict[str, str]) -> None:
    assert isinstance(check(headers), Accepted)


def test_test_data_are_refused_in_production_only() -> None:
    production = replace(WORLD, environment="production")
    assert refused(check({"ce_testdata": "true"}, world=production)) == [("ENV-4", "ce_testdata")]
    assert isinstance(check({"ce_testdata": "false"}, world=production), Accepted)


def test_somebody_elses_school_is_refused() -> None:
    assert refused(check(data={"schoolUid": "SC-2"})) == [("V15", "schoolUid")]
    assert refused(check(data={"schoolUid": "SC-404"})) == [("V15", "schoolUid")]
    assert refused(check(data={"schoolUid": None})) == [("V15", "schoolUid")]


def test_an_office_speaks_for_the_schools_below_it_while_they_are_below_it() -> None:
    by_office = {"ce_source": "sesa"}
    assert isinstance(check(by_office, publisher=OFFICE), Accepted)
    moved = {**by_office, "ce_time": "2025-06-04T17:00:00Z"}
    assert refused(check(moved, publisher=OFFICE, received=RECEIVED + 24 * 60 * MINUTE)) == [("V15", "schoolUid")]


def test_a_type_that_the_publisher_may_not_publish_is_refused() -> None:
    assert refused(check({"ce_type": "test-result.recorded"})) == [("V15", "ce_source")]
    stranger = replace(SCHOOL, kind="fund")
    assert refused(check(publisher=stranger)) == [("V15", "ce_source")]
    assert refused(check(publisher=None)) == [("V15", "ce_source")]


def test_a_type_without_a_school_needs_no_mandate_over_one() -> None:
    headers = {"ce_type": "test-result.recorded", "ce_source": "niets"}
    assert isinstance(check(headers, {"schoolUid": "SC-2"}, publisher=TESTER), Accepted)


def test_other_subjects_than_learners_are_their_fields_joined() -> None:
    verdict = check({"ce_type": "attendance.recorded", "ce_subject": "SC-1/311/1"})
    assert verdict == Accepted("SC-1/311/1")


@pytest.mark.parametrize("classroom", ["1000000000009", "a\u0000b", "x" * 300])
def test_a_subject_that_may_not_be_a_key_is_refused(classroom: str) -> None:
    assert refused(check({"ce_type": "attendance.recorded"}, {"classroom": classroom})) == [("ENV-9", "classroom")]


def test_a_pseudonym_given_as_identity_is_the_subject_and_must_be_one() -> None:
    issued = "st-0123456789abcdef0123"
    assert check(data={"idType": "SUBJECT_UID", "idValue": issued}) == Accepted(issued)
    assert refused(check(data={"idType": "SUBJECT_UID", "idValue": "1000000000009"})) == [("ENV-9", "idValue")]


def test_a_learner_without_identity_is_refused() -> None:
    assert refused(check(data={"idValue": ""})) == [("V18", "idValue")]


def test_warnings_flag_an_accepted_record() -> None:
    verdict = check(data={"mood": "UNKNOWN"})
    assert isinstance(verdict, Accepted)
    assert [(w.code, w.path) for w in verdict.warnings] == [("V6", "mood")]


def test_what_is_missing_now_parks_a_record_and_what_is_wrong_refuses_it() -> None:
    parked = check(data={"step": "UNKNOWN", "mood": "UNKNOWN"})
    assert isinstance(parked, Parked)
    assert [found.code for found in parked.findings] == ["V10", "V6"]
    assert isinstance(check(data={"step": "UNKNOWN", "weight": 2}), Rejected)


def test_all_objections_are_said_the_refusing_ones_first() -> None:
    verdict = check({"ce_dataclass": "C0"}, {"schoolUid": "SC-2", "mood": "UNKNOWN", "weight": 2})
    assert [code for code, _ in refused(verdict)] == ["ENV-5", "V15", "V14", "V6"]


def test_rules_can_be_prepared_before_the_first_record() -> None:
    broken = replace(ENROLLED, rules=(RuleSpec("V4", "code", "", {"field": "a", "list": "nowhere"}),))
    with pytest.raises(ValueError, match="nowhere"):
        Validator(replace(WORLD, events={"student.enrolled": broken}), KEY).prepare()
    Validator(WORLD, KEY).prepare()


def test_the_scale_of_decimals_is_read_from_the_schema() -> None:
    fee = {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 2}
    inner = {"type": "record", "name": "I", "fields": [{"name": "fee", "type": ["null", fee]}]}
    schema = {"type": "record", "name": "R", "fields": [{"name": "a", "type": fee}, {"name": "b", "type": inner}]}
    assert scales(schema) == {"a": 2, "b.fee": 2}


LINKING = replace(WORLD, events={ENROLLED.name: replace(ENROLLED, rules=(), links=("toIdType", "toId"))})
OTHER = {"toIdType": "G_CODE", "toId": "G689699000001"}
KNOWN, ALIAS = pseudonym("CITIZEN_ID", "1000000000009", KEY), pseudonym("G_CODE", "G689699000001", KEY)


def test_an_event_that_links_names_the_other_pseudonym_of_its_learner() -> None:
    assert check(data=OTHER, world=LINKING) == Accepted(KNOWN, alias=ALIAS)


def test_a_linked_identity_is_the_learner_who_was_known_before_whichever_field_names_it() -> None:
    links = Links([(ALIAS, KNOWN)])
    of_alias = {"idType": "G_CODE", "idValue": "G689699000001"}
    as_pseudonym = {"idType": "SUBJECT_UID", "idValue": ALIAS}

    for data in ({}, of_alias, as_pseudonym):
        verdict = check(data=data, links=links)
        assert isinstance(verdict, Accepted)
        assert verdict.subject == KNOWN
    assert check(data=OTHER, world=LINKING, links=links) == Accepted(KNOWN, alias=KNOWN)


def test_links_that_come_to_be_known_count_from_then_on() -> None:
    links = Links()
    validator = Validator(LINKING, KEY, links)
    envelope = read(HEADERS)
    assert isinstance(envelope, Envelope)
    links.add(KNOWN, ALIAS)

    verdict = validator.check(envelope, {**DATA, **OTHER}, publisher=SCHOOL, received=RECEIVED)

    assert verdict == Accepted(ALIAS, alias=ALIAS)


def test_a_link_without_the_other_identity_is_refused() -> None:
    assert refused(check(data={"toIdType": "G_CODE", "toId": ""}, world=LINKING)) == [("V18", "toId")]
    assert refused(check(data={"toIdType": "SUBJECT_UID", "toId": "x"}, world=LINKING)) == [("ENV-9", "toId")]
