"""Samples of the data standard become headers and data of our event types."""

from dataclasses import replace
from typing import Any

import pytest

from saan.core.codes import Crosswalk
from saan.core.organisations import Organisations
from saan.core.rounds import Moment, Pattern, Rounds
from saan.core.world import World
from saan.sources.conformance import assumed, event_type, sample
from saan.wire import files
from saan.wire import world as worlds

EVENT: dict[str, Any] = {
    "eventId": "e-1",
    "eventType": "StudentProfileChanged",
    "schemaVersion": 1,
    "occurredAt": "2025-06-02T02:00:55Z",
    "recordedAt": "2025-06-02T02:03:55Z",
    "publishedAt": "2025-06-02T02:04:55Z",
    "effectiveDate": "2025-06-02",
    "producerId": "sis-1",
    "schoolUid": "SC-1",
    "provinceCode": "96",
    "academicYearBE": 2568,
    "semester": 1,
    "sensitivity": "C2k",
    "purposeCodes": ["REGISTER", "CERTIFY"],
    "testData": True,
    "subjectUid": "st-0123456789abcdef0123",
    "payload": {"changedFields": {"phone": "0", "provinceCode": "95"}, "part": "contact"},
}
GOVERNED = worlds.build(files.read(files.default_folder()).entities())
LINE: dict[str, Any] = {"case": "x", "expect": "accept", "rule": None, "context": {}, "event": EVENT}


@pytest.mark.parametrize(
    ("camel", "dotted"),
    [
        ("StudentEnrolled", "student.enrolled"),
        ("StudentProfileChanged", "student.profile-changed"),
        ("GradeFinalised", "grade.finalised"),
        ("TestResultRecorded", "test-result.recorded"),
        ("SchoolProfileChanged", "school.profile-changed"),
        ("TermEvaluationFinalised", "term-evaluation.finalised"),
        ("SpecialNeedAssessed", "special-need.assessed"),
        ("SchoolAssessmentCompleted", "school-assessment.completed"),
        ("AreaIdentityPublished", "area-identity.published"),
        ("RoundCompletenessReported", "round.completeness-reported"),
        ("StudentTeleportedFarAway", "student.teleported-far-away"),
        ("Odd", "odd"),
    ],
)
def test_a_type_is_known_by_the_name_of_its_record_and_else_told_apart_after_its_noun(camel: str, dotted: str) -> None:
    assert event_type(camel, GOVERNED) == dotted


def test_the_envelope_becomes_headers() -> None:
    headers = sample(LINE, GOVERNED).events[0].headers
    assert headers["ce_type"] == "student.profile-changed"
    assert headers["ce_purpose"] == "REGISTER,CERTIFY"
    assert headers["ce_testdata"] == "true"
    assert "ce_sequence" not in headers


def test_changed_fields_become_fields_and_the_list_of_their_names() -> None:
    data = sample(LINE, GOVERNED).events[0].data
    assert data["changedFields"] == ["phone", "addressProvinceCode"]
    assert (data["phone"], data["addressProvinceCode"], data["provinceCode"]) == ("0", "95", "96")


def test_an_event_without_a_number_is_known_by_its_pseudonym() -> None:
    assert sample(LINE, GOVERNED).events[0].data["idType"] == "SUBJECT_UID"
    with_number = {**EVENT, "payload": {**EVENT["payload"], "studentPersonalId": "1000000000009"}}
    assert sample({**LINE, "event": with_number}, GOVERNED).events[0].data["idType"] == "CITIZEN_ID"


def test_receipt_is_publication_unless_the_context_says_otherwise() -> None:
    assert sample(LINE, GOVERNED).received == 1_748_829_895_000_000
    later = {**LINE, "context": {"receivedAt": "2025-06-02T02:04:56Z", "environment": "production"}}
    assert sample(later, GOVERNED).received == 1_748_829_896_000_000
    assert sample(later, GOVERNED).environment == "production"
    with pytest.raises(ValueError, match="RFC 3339"):
        sample({**LINE, "context": {"receivedAt": "later"}}, GOVERNED)


EOY = Pattern("EOY", {}, 2, *(Moment(4, day, year=1) for day in (1, 10, 25, 1)))
WORLD = World({}, {}, Crosswalk({}), Organisations([]), {}, rounds=Rounds((), {"EOY": EOY}))


@pytest.mark.parametrize(("said", "closed"), [("open", False), ("closed", True), ("closed and certified", True)])
def test_a_round_is_as_the_sample_says_whatever_the_calendar_says(said: str, closed: bool) -> None:
    for year in (2560, 2567, 2570):
        event = {**EVENT, "academicYearBE": year}
        one = sample({**LINE, "context": {"windows": {"EOY": said}}, "event": event}, GOVERNED)
        window = assumed(one, WORLD).rounds.get("EOY", year)
        assert window is not None
        assert (window.closes <= one.received) == closed
        assert window.is_open(one.received) == (not closed)


def test_a_sample_that_says_nothing_of_rounds_assumes_that_none_was_opened() -> None:
    opened = replace(WORLD, rounds=Rounds((EOY.window(2567),), WORLD.rounds.patterns))
    assert assumed(sample(LINE, GOVERNED), opened).rounds.windows == ()


def said(name: str, payload: dict[str, Any], **envelope: Any) -> list[tuple[str, dict[str, Any]]]:
    event = {**EVENT, "eventType": name, "payload": payload, **envelope}
    return [(one.event_type, dict(one.data)) for one in sample({**LINE, "event": event}, GOVERNED).events]


def test_weight_and_religion_at_enrolment_are_said_apart() -> None:
    main, health, background = said(
        "StudentEnrolled",
        {"idType": "CITIZEN_ID", "idValue": "1000000000009", "weightKg": 40, "heightCm": 150, "religionCode": "004"},
    )
    assert main[0] == "student.enrolled"
    assert {"weightKg", "heightCm", "religionCode"}.isdisjoint(main[1])
    assert (health[0], health[1]["weightKg"], health[1]["date"]) == ("health.measured", 40, "2025-06-02")
    assert (background[0], background[1]["religionCode"]) == ("student.background-changed", "004")
    assert health[1]["idValue"] == background[1]["idValue"] == "1000000000009"


def test_why_somebody_left_is_said_apart_even_when_it_is_not_said() -> None:
    main, reason = said("StudentWithdrawn", {"exitReasonCode": "08", "exitDate": "2025-06-02"})
    assert "exitReasonCode" not in main[1]
    assert (reason[0], reason[1]["exitReasonCode"], reason[1]["exitDate"]) == (
        "withdrawal.explained",
        "08",
        "2025-06-02",
    )
    assert [name for name, _ in said("StudentWithdrawn", {})] == ["student.withdrawn", "withdrawal.explained"]


def test_attendance_says_who_was_on_leave_and_another_event_who_was_ill() -> None:
    where = {"classroom": "311/1", "date": "2025-06-09", "period": 0}
    exceptions = [{"subjectUid": "st-1", "status": "sick"}, {"subjectUid": "st-2", "status": "late"}]
    attendance, reasons = said("AttendanceRecorded", {**where, "exceptions": exceptions})
    assert [one["status"] for one in attendance[1]["exceptions"]] == ["leave", "late"]
    assert reasons[0] == "absence.explained"
    assert reasons[1]["reasons"] == [{"subjectUid": "st-1", "reason": "sick"}]
    assert where.items() <= reasons[1].items()
    assert len(said("AttendanceRecorded", {**where, "exceptions": exceptions[1:]})) == 1


def test_a_further_event_has_an_id_and_a_type_of_its_own_and_no_stated_class() -> None:
    event = {**EVENT, "eventType": "StudentWithdrawn", "payload": {"exitReasonCode": "01"}}
    main, reason = (one.headers for one in sample({**LINE, "event": event}, GOVERNED).events)
    assert main["ce_id"] != reason["ce_id"]
    assert (reason["ce_type"], reason["ce_source"]) == ("withdrawal.explained", "sis-1")
    assert "ce_dataclass" in main
    assert "ce_dataclass" not in reason
