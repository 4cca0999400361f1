"""Retained records are decided again by the rules that look into a list, named or not, and only what is new is said."""

from typing import Any

import pytest

from saan.core.codes import Code, CodeList, joined
from saan.core.outcome import Severity
from saan.core.reconsider import Reconsidering
from saan.core.rules import Facts
from saan.core.world import World
from saan.wire.files import default_folder, read
from saan.wire.world import build

FACTS = Facts(0)


@pytest.fixture(scope="module")
def world() -> World:
    return build(read(default_folder()).entities())


def without(world: World, name: str, *codes: str) -> CodeList:
    """The list with these codes taken away."""
    had = world.codes[name]
    kept = [code for code in had.codes.values() if code.code not in codes]
    return CodeList(name, had.official, had.title, joined(kept), had.provenance, had.version + 1)


def test_a_list_that_a_rule_reads_without_naming_it_is_found(world: World) -> None:
    assert "school.profile-changed" in Reconsidering(world, without(world, "subdistrict")).events


def test_only_event_types_that_use_the_list_are_read_again(world: World) -> None:
    again = Reconsidering(world, without(world, "x-exit-type"))
    assert again.events == {"student.withdrawn"}
    assert again.domains == {"student"}


def test_nothing_is_new_when_the_list_stays_as_it_is(world: World) -> None:
    again = Reconsidering(world, without(world, "grade-level"))
    assert again.newly("student.transferred", {"gradeLevelCode": "311", "effectiveDate": 20_000}, FACTS) == ()
    assert again.newly("student.transferred", {"gradeLevelCode": "999", "effectiveDate": 20_000}, FACTS) == ()


def test_a_code_taken_away_refuses_what_carries_it_and_nothing_else(world: World) -> None:
    used, other = (c.code for c in list(world.codes["x-exit-type"].codes.values())[:2])
    again = Reconsidering(world, without(world, "x-exit-type", used))
    (found,) = again.newly("student.withdrawn", {"exitTypeCode": used, "effectiveDate": 20_000}, FACTS)
    assert (found.code, found.path, found.severity) == ("V4", "exitTypeCode", Severity.REJECT)
    assert again.newly("student.withdrawn", {"exitTypeCode": other, "effectiveDate": 20_000}, FACTS) == ()


def test_a_code_retired_on_a_day_refuses_only_what_took_effect_from_then_on(world: World) -> None:
    day, had = 20_000, world.codes["x-exit-type"]
    used = next(iter(had.codes))
    retired = {**had.codes, used: Code(used, "ก", "", valid_to=day)}
    again = Reconsidering(world, CodeList(had.name, had.official, had.title, retired, had.provenance, 2))

    def newly(on: int) -> Any:
        return again.newly("student.withdrawn", {"exitTypeCode": used, "effectiveDate": on}, FACTS)

    assert newly(day - 1) == ()
    assert len(newly(day)) == 1
