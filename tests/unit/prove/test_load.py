"""The load is the same for the same seed, keeps its own order, and says beforehand what must become of it."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from saan.demo import ground
from saan.demo.owed import Owed
from saan.demo.province import Province
from saan.demo.schoolday import school_day
from saan.prove.intent import Fate
from saan.prove.load import Author, Bodies
from saan.wire import files

SCHEMAS = files.default_folder()


@pytest.fixture
def author() -> Callable[[int], Author]:
    land = ground.read(SCHEMAS)
    school = next(school for school in land.schools if school.kafka)
    owed, contents = Owed(SCHEMAS), Bodies(SCHEMAS)

    def made(seed: int) -> Author:
        province = Province(land, school_day(date(2026, 1, 5)), seed, 3_000, "run")
        return Author(school, province, "run", owed, contents, kafka=True)

    return made


def test_the_same_seed_writes_the_same_events(author: Callable[[int], Author]) -> None:
    one, other = author(1), author(1)

    assert [one.turn(9) for _ in range(20)] == [other.turn(9) for _ in range(20)]


def test_a_turn_has_at_most_one_event_of_a_learner(author: Callable[[int], Author]) -> None:
    writer = author(1)

    for _ in range(100):
        chains = Counter(one.intent.chain for one in writer.turn(12))
        assert max(chains.values(), default=1) == 1


def test_orders_grow_along_a_chain(author: Callable[[int], Author]) -> None:
    writer = author(1)
    told = [one.intent for _ in range(100) for one in writer.turn(12) if one.intent.fate is Fate.ACCEPTED]

    for chain in {intent.chain for intent in told}:
        orders = [intent.order for intent in told if intent.chain == chain]
        assert orders == sorted(set(orders))


def test_a_repeat_is_the_very_same_event(author: Callable[[int], Author]) -> None:
    writer = author(1)
    told = [one for _ in range(100) for one in writer.turn(12)]
    first = {one.intent.id: one.event for one in told if one.intent.fate is Fate.ACCEPTED}
    again = [one for one in told if one.intent.fate is Fate.REPEATED]

    assert again
    assert all(first[one.intent.id] == one.event for one in again)


def test_every_fate_and_every_entitlement_comes_up(author: Callable[[int], Author]) -> None:
    writer = author(1)
    told = [one.intent for _ in range(100) for one in writer.turn(12)]

    assert {intent.fate for intent in told} == set(Fate)
    assert {"peo-96", "sesa-nwt", "eef", "obec-dmc"} <= {name for intent in told for name in intent.owed}
