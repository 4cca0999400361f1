"""Who is told of a control event: whoever agreed to it, now, and is of a kind that may hear it."""

from dataclasses import replace
from typing import Any

import pytest

from saan.core.catalogue import EventType
from saan.core.codes import Crosswalk
from saan.core.organisations import Organisations
from saan.core.participants import Agreement, Participant
from saan.core.subscribers import subscribers
from saan.core.world import World

NEWS = "code-list.published"
AGREEMENT = Agreement(
    id="A",
    events=frozenset({NEWS}),
    purposes=frozenset(),
    basis="",
    ceiling="C0",
    view="v",
    scope=frozenset({"MOE"}),
    valid_from=100,
    valid_to=200,
)
OFFICE = Participant(
    id="office",
    kind="area-office",
    name={},
    speaks_for=frozenset(),
    publishes=frozenset(),
    agreements=(AGREEMENT,),
    kafka=False,
    purposes=frozenset(),
)


def world(*participants: Participant) -> World:
    event = EventType(
        name=NEWS,
        record="",
        schema={},
        domain="control",
        title={},
        data_class="C0",
        publishers=frozenset(),
        subject_kind="",
        subject=(),
        school=None,
        concerns=(),
        follows_learner=False,
        history=(),
        rules=(),
        roles=frozenset({"area-office"}),
        retention="",
        control=True,
    )
    return World({NEWS: event}, {}, Crosswalk({}), Organisations(()), {p.id: p for p in participants})


def test_who_agreed_is_told_in_the_order_of_ids() -> None:
    assert subscribers(world(OFFICE, replace(OFFICE, id="a")), NEWS, 150) == ("a", "office")


@pytest.mark.parametrize(("now", "told"), [(99, ()), (100, ("office",)), (199, ("office",)), (200, ())])
def test_an_agreement_counts_while_it_is_valid(now: int, told: tuple[str, ...]) -> None:
    assert subscribers(world(OFFICE), NEWS, now) == told


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "school"},
        {"agreements": ()},
        {"agreements": (replace(AGREEMENT, paused=True),)},
        {"agreements": (replace(AGREEMENT, events=frozenset({"student.enrolled"})),)},
    ],
)
def test_nobody_else_is_told(changed: dict[str, Any]) -> None:
    assert subscribers(world(replace(OFFICE, **changed)), NEWS, 150) == ()


def test_nobody_is_told_of_an_event_that_is_not_governed() -> None:
    assert subscribers(world(OFFICE), "school.moved", 150) == ()
