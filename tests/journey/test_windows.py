"""A fact that comes after the cut-off of its round waits, and goes on by itself once the next window opens."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from saan.core.rounds import opened
from saan.core.world import World
from saan.router.waiting import Room

from .conftest import NOW, PATIENCE, Exchange, example

SCHOOL = "sis-96022001"
OWN = {"schoolUid": "SC-73ac495accea", "schoolCode10": "1096240352", "curriculumId": None}
Say = Callable[..., str]


@pytest.fixture
def late(world: World) -> World:
    """The exchange two days after the tenth of June, with the window of November to come."""
    rounds = opened(world.rounds.patterns[name].window(2568) for name in ("JUN10", "NOV10"))
    return replace(world, rounds=rounds)


@pytest.fixture
def exchange(late: World) -> Exchange:
    return Exchange(late)


@pytest.fixture
def say(exchange: Exchange, late: World) -> Say:
    def publish(type: str, id: str = "9900007680665", **data: Any) -> str:
        known = {field["name"] for field in late.events[type].schema["fields"]}
        own = {name: value for name, value in OWN.items() if name in known}
        identity = {"idType": "CITIZEN_ID", "idValue": id}
        return exchange.publish(SCHOOL, type, example(late, type) | own | identity | data)

    return publish


def november(world: World) -> int:
    return world.rounds.windows[1].opens


def verdicts(exchange: Exchange) -> list[tuple[str, str]]:
    refused = [one for receipt in exchange.receipts(SCHOOL) for one in receipt["refused"]]
    return [(one["verdict"], one["code"]) for one in refused]


def travelled(exchange: Exchange) -> list[str]:
    return [record.id for record in exchange.log.of("record.student")]


async def test_a_late_fact_waits_however_long_and_goes_on_once_when_the_next_window_opens(
    exchange: Exchange, say: Say, late: World
) -> None:
    entered = say("student.enrolled", effectiveDate="2025-06-05", entryDate="2025-06-05")
    await exchange.run()
    assert verdicts(exchange) == [("PARKED", "V11")]

    exchange.now = november(late) - 1
    assert exchange.now - NOW > PATIENCE
    await exchange.idle()
    assert travelled(exchange) == []

    exchange.now += 1
    await exchange.idle()
    await exchange.idle()

    assert travelled(exchange) == [entered]
    assert exchange.log.of("quarantine") == []
    told = [one["eventId"] for receipt in exchange.receipts(SCHOOL) for one in receipt["accepted"]]
    assert told == [entered]
    assert sum(entry["outcomes"].get("parked", 0) for entry in exchange.ledger("router")) == 0


async def test_what_comes_behind_a_late_fact_is_not_set_aside_before_the_fact_could_go_on(
    exchange: Exchange, say: Say, late: World
) -> None:
    entered = say("student.enrolled", effectiveDate="2025-06-05", entryDate="2025-06-05")
    await exchange.run()
    behind = say("student.profile-changed", effectiveDate="2025-06-12")
    await exchange.run()
    exchange.now += 2 * PATIENCE
    await exchange.idle()
    assert exchange.log.of("quarantine") == []

    exchange.now = november(late)
    await exchange.idle()

    assert travelled(exchange) == [entered, behind]


async def test_a_late_fact_goes_on_with_the_next_block_too_and_after_a_restart(
    exchange: Exchange, say: Say, late: World
) -> None:
    entered = say("student.enrolled", effectiveDate="2025-06-05", entryDate="2025-06-05")
    await exchange.run()
    (parked,) = exchange.log.of("parked.student")
    exchange.rooms = {("checked.student", parked.partition): Room()}
    exchange.rooms["checked.student", parked.partition].replay(parked)  # type: ignore[arg-type]

    exchange.now = november(late)
    other = say("student.profile-changed", effectiveDate="2025-11-01")
    await exchange.run()

    assert travelled(exchange) == [entered, other]


async def test_what_waits_is_looked_at_once_per_window_and_a_look_alone_writes_nothing(
    exchange: Exchange, say: Say, late: World
) -> None:
    say("student.withdrawn", effectiveDate="2025-06-12", exitDate="2025-06-12")
    await exchange.run()
    before = len(exchange.log.of("ledger"))

    exchange.now = NOW + PATIENCE - 1
    await exchange.idle()
    await exchange.idle()

    assert len(exchange.log.of("ledger")) == before
    assert all(not room.unlooked(late.rounds.begun(exchange.now), 9) for room in exchange.rooms.values())
