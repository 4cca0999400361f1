"""The event types of the catalogue: their examples, and who would be told what under the shipped agreements."""

from collections.abc import Iterator
from typing import Any

import pytest

from saan.core.catalogue import DATA_CLASSES, EventType
from saan.core.duplicates import Ending
from saan.core.world import World
from saan.governance.fields import fields_of
from saan.wire.avro import Codec
from saan.wire.files import default_folder, read
from saan.wire.forms import EventEntry
from saan.wire.views import by_agreement, project, views
from saan.wire.world import build

FOLDER = read(default_folder())
WORLD = build(FOLDER.entities())
EVENTS = sorted(name for name, event in WORLD.events.items() if not event.control)

SENSITIVE = {"religionCode", "raceCode", "bloodCode", "disabilityCode", "disadvantagedCode", "originalTexts"}
IDENTITY = {"idType", "idValue", "studentNo", "nameThai", "lastNameThai", "nameEnglish", "lastNameEnglish"}
LINKED = "student.identity-linked"
RIGHTS = {"processing.restricted", "erasure.ordered", "subscription.changed"}
QUALITY = {"record.rejected", "data-quality.flagged"}
DUPLICATES = {"duplicate-enrolment.detected", "duplicate-enrolment.resolved"}
FAMILY = {"guardianPersonalId", "guardianNameThai", "fatherNameThai", "motherNameThai"}


def received(world: World, participant: str) -> Iterator[tuple[EventType, frozenset[str]]]:
    """Every event type that the participant may get, with the field paths that reach it."""
    for agreement in world.participants[participant].agreements:
        for name in agreement.events:
            event = world.events[name]
            paths = frozenset(fields_of(event.schema))
            dropped = project(event, agreement)
            yield event, frozenset(p for p in paths if not any(p == d or p.startswith(f"{d}.") for d in dropped))


WELLBEING = {
    "absence.explained",
    "disadvantage.recorded",
    "health.measured",
    "special-need.assessed",
    "student.background-changed",
    "withdrawal.explained",
}
"""Sensitive under section 26 of the PDPA, and therefore apart."""


def test_every_sensitive_fact_is_in_the_domain_of_wellbeing() -> None:
    sensitive = {n for n in EVENTS if any(f["class"] >= "C3" for f in fields_of(WORLD.events[n].schema).values())}
    assert sensitive == WELLBEING
    assert {WORLD.events[name].domain for name in WELLBEING} == {"wellbeing"}


def test_the_event_types_are_there() -> None:
    assert EVENTS == [
        "absence.explained",
        "area-identity.published",
        "attendance.recorded",
        "budget.allocated",
        "classroom.set",
        "committee.appointed",
        "competency.assessed",
        "cooperation.changed",
        "curriculum.published",
        "disadvantage.recorded",
        "erasure.ordered",
        "expense.recorded",
        "grade.corrected",
        "grade.finalised",
        "health.measured",
        "innovation.published",
        "licence.changed",
        "personnel.profile-changed",
        "personnel.status-changed",
        "processing.restricted",
        "round.certified",
        "round.completeness-reported",
        "round.opened",
        "school-assessment.completed",
        "school.profile-changed",
        "school.status-changed",
        "special-need.assessed",
        "student.background-changed",
        "student.enrolled",
        "student.graduated",
        "student.identity-assigned",
        "student.identity-linked",
        "student.profile-changed",
        "student.promoted",
        "student.transfer-cancelled",
        "student.transfer-requested",
        "student.transferred",
        "student.withdrawn",
        "subscription.changed",
        "teacher-development.recorded",
        "teacher.assigned",
        "term-evaluation.finalised",
        "test-result.recorded",
        "welfare.screened",
        "withdrawal.explained",
    ]


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_carries_its_educational_context(name: str) -> None:
    fields = fields_of(WORLD.events[name].schema)
    place = {"areaUid"} if WORLD.events[name].school == "areaUid" else {"schoolUid", "schoolCode10"}
    assert place | {"provinceCode", "academicYearBE", "semester", "effectiveDate"} <= fields.keys()


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_about_a_learner_carries_the_identity(name: str) -> None:
    event = WORLD.events[name]
    if event.subject_kind == "learner":
        assert event.subject in (("idType", "idValue"), ("fromIdType", "fromId"))
        symbols = fields_of(event.schema)[event.subject[0]]["type"]["symbols"]
        assert symbols == ["CITIZEN_ID", "G_CODE", "PASSPORT", "ALIEN_ID", "SUBJECT_UID", "UNKNOWN"]


@pytest.mark.parametrize("name", EVENTS)
def test_accepted_examples_survive_the_wire(name: str) -> None:
    entry: EventEntry = FOLDER.events[name]
    codec = Codec(WORLD.events[name].schema)
    for example in entry.examples.accepted:
        if example.data is not None:
            data = codec.from_json(example.data)
            assert isinstance(data, dict)
            read_back = codec.decode(codec.encode(data))
            assert isinstance(read_back, dict)
            assert holds(read_back, data)


def holds(whole: Any, said: Any) -> bool:
    """Whether ``whole`` has everything that was said; what was left out came back as its default."""
    if isinstance(said, dict):
        return all(name in whole and holds(whole[name], value) for name, value in said.items())
    if isinstance(said, list):
        return len(whole) == len(said) and all(map(holds, whole, said))
    return bool(whole == said)


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_has_examples_that_are_refused(name: str) -> None:
    assert len(FOLDER.events[name].examples.accepted) >= 2
    assert FOLDER.events[name].examples.rejected


def test_protected_cases_reach_nobody() -> None:
    for id in WORLD.participants:
        for event, paths in received(WORLD, id):
            fields = fields_of(event.schema)
            assert not [p for p in paths if fields[p]["class"] == "C3x"], (id, event.name)


def test_nobody_gets_a_class_above_the_ceiling_unless_granted_by_name() -> None:
    for participant in WORLD.participants.values():
        for agreement in participant.agreements:
            for name in agreement.events:
                fields = fields_of(WORLD.events[name].schema)
                dropped = project(WORLD.events[name], agreement)
                for path in fields.keys() - dropped - agreement.granted:
                    if not any(path.startswith(f"{d}.") for d in dropped):
                        ceiling = DATA_CLASSES.index(agreement.ceiling)
                        assert DATA_CLASSES.index(fields[path]["class"]) <= ceiling, (agreement.id, name, path)


def test_the_equity_fund_never_gets_sensitive_data_identities_or_the_family() -> None:
    got = {event.name: paths for event, paths in received(WORLD, "eef")}
    assert not got.keys() & WELLBEING
    of_learners = {"student.enrolled", "student.withdrawn", "attendance.recorded", "welfare.screened"}
    assert got.keys() == of_learners | RIGHTS | {LINKED}
    for paths in got.values():
        assert not paths & (SENSITIVE | IDENTITY | FAMILY)
    assert "gradeLevelCode" in got["student.enrolled"]


@pytest.mark.parametrize("id", ["obec-dmc", "opec-psis", "dla-lec", "peo-96", "sesa-nwt", "pesa-96010000", "niets"])
def test_no_office_gets_religion_or_race(id: str) -> None:
    for event, paths in received(WORLD, id):
        assert not paths & {"religionCode", "raceCode", "originalTexts"}, event.name


def test_the_test_body_gets_only_classes_that_sit_a_national_test() -> None:
    of_learners, rights, linked = WORLD.participants["niets"].agreements
    assert of_learners.events == {"student.enrolled"}
    assert of_learners.where == {"gradeLevelCode": frozenset({"216", "313", "413"})}
    assert rights.events == RIGHTS
    assert linked.events == {LINKED}


def test_whoever_receives_facts_about_learners_hears_what_may_no_longer_be_done_with_them() -> None:
    for participant in WORLD.participants.values():
        got = {event.name for event, _ in received(WORLD, participant.id)}
        if any(WORLD.events[name].subject_kind == "learner" for name in got):
            assert got >= {"processing.restricted", "erasure.ordered"}, participant.id


def test_whoever_receives_facts_about_learners_hears_which_pseudonyms_are_one_and_no_identity_that_it_need_not() -> (
    None
):
    kept = {"schoolUid", "schoolCode10", "provinceCode", "academicYearBE", "semester", "effectiveDate"}
    for participant in WORLD.participants.values():
        got = {event.name: paths for event, paths in received(WORLD, participant.id)}
        if any(WORLD.events[name].subject_kind == "learner" for name in got):
            assert LINKED in got, participant.id
        if participant.kind in ("fund", "test-body", "health", "ministry"):
            assert got[LINKED] == kept, participant.id


def test_only_the_test_body_may_publish_test_results() -> None:
    publishers = {id for id, p in WORLD.participants.items() if "test-result.recorded" in p.publishes}
    assert publishers == {"niets"}
    assert WORLD.participants["niets"].publishes == {"test-result.recorded"}
    assert "MOE" in WORLD.participants["niets"].speaks_for


def test_a_school_speaks_for_itself_alone_and_hears_of_moves_test_results_rounds_and_its_own_standing() -> None:
    for participant in WORLD.participants.values():
        if participant.kind == "school":
            assert len(participant.speaks_for) == 1
            moves, hand_over, rounds, office, rights = participant.agreements
            assert moves.events == {
                "student.transferred",
                "student.transfer-requested",
                "student.transfer-cancelled",
                "student.identity-linked",
                "test-result.recorded",
                *DUPLICATES,
            }
            assert hand_over.events == {"learner.handed-over", "grade.finalised", "grade.corrected"}
            assert [one.looks_back for one in participant.agreements] == [False, True, False, False, False]
            assert rounds.events == {"round.opened", "round.certified"}
            assert {"school.status-changed", "personnel.status-changed"} <= office.events
            assert rights.events == RIGHTS - {"subscription.changed"}
            assert {agreement.scope for agreement in participant.agreements} == {participant.speaks_for}


def test_whoever_holds_learners_hears_of_a_second_enrolment_and_all_of_it() -> None:
    told = {"school", "area-office", "provincial-office", "head-office"}
    for participant in WORLD.participants.values():
        got = {event.name: paths for event, paths in received(WORLD, participant.id)}
        assert (got.keys() >= DUPLICATES) == (participant.kind in told), participant.id
        for name in DUPLICATES & got.keys():
            assert got[name] == fields_of(WORLD.events[name].schema).keys()


def test_what_is_told_of_a_second_enrolment_holds_nothing_of_the_person_but_the_pseudonym() -> None:
    detected, resolved = (fields_of(WORLD.events[name].schema).keys() for name in sorted(DUPLICATES))
    assert resolved - detected == {"ending", "resolvedAt"}
    assert detected == {
        "caseId",
        "subjectUid",
        "holderSchoolUid",
        "holderSchoolCode10",
        "heldSince",
        "claimantSchoolUid",
        "claimantSchoolCode10",
        "claimedFrom",
        "detectedAt",
    }
    ending = fields_of(WORLD.events["duplicate-enrolment.resolved"].schema)["ending"]["type"]
    assert ending["symbols"] == [*(one.value for one in Ending), "UNKNOWN"]


def test_a_salary_of_staff_is_in_no_event() -> None:
    for name in EVENTS:
        salaries = {p for p in fields_of(WORLD.events[name].schema) if "salary" in p.lower() and "Type" not in p}
        assert salaries <= {"fatherSalary", "motherSalary", "guardianSalary"}


def test_identities_of_staff_reach_only_the_offices_that_keep_their_register() -> None:
    got = {
        id
        for id in WORLD.participants
        for event, paths in received(WORLD, id)
        if event.name.startswith("personnel.") and "idValue" in paths
    }
    assert got == {"peo-96", "pesa-96010000", "sesa-nwt"}


def test_the_province_gets_every_event_type_that_is_not_sensitive_and_of_those_what_its_office_acts_on() -> None:
    got = sorted(event.name for event, _ in received(WORLD, "peo-96"))
    assert got == sorted(
        {*EVENTS, "learner.handed-over"} - WELLBEING - {"welfare.screened"}
        | {"special-need.assessed", "withdrawal.explained"}
        | DUPLICATES
        | QUALITY
    )


def test_school_health_gets_what_was_measured_and_no_other_fact_about_learners() -> None:
    assert {event.name for event, _ in received(WORLD, "moph-school-health")} == {
        "health.measured",
        LINKED,
        *RIGHTS,
    }


def test_a_noted_disadvantage_and_the_background_of_a_learner_reach_nobody() -> None:
    got = {event.name for id in WORLD.participants for event, _ in received(WORLD, id)}
    assert not got & {"disadvantage.recorded", "student.background-changed", "absence.explained"}


def test_every_view_is_a_schema_that_can_be_written_and_read() -> None:
    made = views(WORLD)
    assert {(view.event, view.name) for view in made} == {
        (event, name) for (event, _), name in by_agreement(WORLD).items()
    }
    for view in made:
        assert view.record == f"{view.schema['namespace']}.{view.schema['name']}"
        data = Codec(WORLD.events[view.event].schema).from_json(FOLDER.events[view.event].examples.accepted[0].data)
        assert isinstance(data, dict)
        codec = Codec(view.schema)
        read_back = codec.decode(codec.encode(data))
        assert isinstance(read_back, dict)
        assert tuple(read_back) == view.fields
