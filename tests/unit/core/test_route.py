"""Routing is denied by default, and every condition of a delivery counts."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from saan.core import route
from saan.core.calendar import days, micros
from saan.core.catalogue import EventType
from saan.core.codes import Crosswalk
from saan.core.follow import Concerned
from saan.core.message import Envelope, Message
from saan.core.organisations import Organisation, Organisations, Parent
from saan.core.participants import Agreement, Participant
from saan.core.world import World

TIME = micros(datetime(2025, 6, 2, 3, tzinfo=UTC))
EVENT = EventType(
    name="student.enrolled",
    record="th.saan.student.StudentEnrolled",
    schema={},
    domain="student",
    title={},
    data_class="C2k",
    publishers=frozenset({"school"}),
    subject_kind="learner",
    subject=("idType", "idValue"),
    school="schoolUid",
    concerns=("schoolUid",),
    follows_learner=False,
    history=(),
    rules=(),
    roles=frozenset({"school", "area-office", "provincial-office"}),
    retention="register",
)
AGREEMENT = Agreement(
    id="ag",
    events=frozenset({"student.enrolled"}),
    purposes=frozenset({"REGISTER"}),
    basis="s24(4)",
    ceiling="C2k",
    view="office",
    scope=frozenset({"AREA"}),
    valid_from=0,
    valid_to=None,
)
ORGANISATIONS = Organisations(
    [
        Organisation("ROOT", "ministry", {}, ()),
        Organisation("AREA", "area-office", {}, (Parent("ROOT"),)),
        Organisation("OLD", "area-office", {}, (Parent("ROOT"),)),
        Organisation(
            "SC-1",
            "school",
            {},
            (Parent("AREA", start=days(date(2024, 1, 1))), Parent("OLD", end=days(date(2024, 1, 1)))),
        ),
    ]
)


def world(*participants: Participant) -> World:
    events = {EVENT.name: EVENT}
    return World(events, {}, Crosswalk({}), ORGANISATIONS, {p.id: p for p in participants})


def office(agreement: Agreement = AGREEMENT, kind: str = "area-office") -> Participant:
    return Participant("office", kind, {}, frozenset({"AREA"}), frozenset(), (agreement,))


def message(source: str = "school-1", time: int = TIME, **data: object) -> Message:
    return Message(Envelope("1", EVENT.name, source, time, "st-1", {}), {"schoolUid": "SC-1", **data})


HERE = Concerned(frozenset({"SC-1"}))


def recipients(participant: Participant, sent: Message, concerned: Concerned = HERE) -> list[str]:
    return [d.recipient for d in route.Routes(world(participant), {}).route(sent, concerned)]


def test_an_office_above_the_school_receives_under_its_agreement() -> None:
    assert recipients(office(), message()) == ["office"]


@pytest.mark.parametrize(
    ("agreement", "sent", "reason"),
    [
        (replace(AGREEMENT, valid_from=TIME + 1), message(), route.NOT_VALID),
        (replace(AGREEMENT, valid_to=TIME), message(), route.NOT_VALID),
        (replace(AGREEMENT, paused=True), message(), route.PAUSED),
        (replace(AGREEMENT, scope=frozenset({"OLD"})), message(), route.OUT_OF_SCOPE),
        (
            replace(AGREEMENT, where={"gradeLevelCode": frozenset({"216"})}),
            message(gradeLevelCode="311"),
            route.FILTERED,
        ),
        (AGREEMENT, message(source="office"), route.PUBLISHER),
        (replace(AGREEMENT, events=frozenset({"school.profile-changed"})), message(), route.NO_AGREEMENT),
    ],
)
def test_each_missing_condition_withholds_and_is_the_reason(agreement: Agreement, sent: Message, reason: str) -> None:
    routes = route.Routes(world(office(agreement)), {})

    assert routes.route(sent, HERE) == ()
    assert routes.why(sent, HERE, "office") == reason


def test_a_kind_that_the_event_type_does_not_name_receives_nothing() -> None:
    assert recipients(office(kind="fund"), message()) == []


def test_a_tie_of_the_organisation_tree_counts_on_the_day_of_the_event() -> None:
    before = micros(datetime(2023, 6, 2, tzinfo=UTC))
    old = office(replace(AGREEMENT, scope=frozenset({"OLD"})))

    assert recipients(old, message(time=before)) == ["office"]
    assert recipients(office(), message(time=before)) == []


def test_a_second_agreement_grants_what_the_first_one_does_not() -> None:
    participant = replace(office(), agreements=(replace(AGREEMENT, paused=True), AGREEMENT))
    routed = route.Routes(world(participant), {}).route(message(), HERE)

    assert [d.recipient for d in routed] == ["office"]


def test_two_agreements_for_one_event_deliver_once() -> None:
    assert recipients(replace(office(), agreements=(AGREEMENT, AGREEMENT)), message()) == ["office"]


def test_who_had_a_school_that_the_learner_left_is_told_since_when() -> None:
    gone = Concerned(frozenset({"SC-2"}), {"SC-1": 20_000})
    routes = route.Routes(world(office()), {})

    assert routes.why(message(), gone, "office") == route.LEFT
    assert routes.left(message(), gone, "office") == 20_000
    assert routes.why(message(), Concerned(frozenset({"SC-2"})), "office") == route.OUT_OF_SCOPE


def test_an_agreement_that_looks_back_covers_where_the_learner_came_to() -> None:
    come = Concerned(frozenset({"SC-2"}), reached=frozenset({"SC-1"}))

    assert recipients(office(), message(), come) == []
    assert recipients(office(replace(AGREEMENT, looks_back=True)), message(), come) == ["office"]
