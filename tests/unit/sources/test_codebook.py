"""Another system's codes and names become canonical ones by data alone; what is not certain stays unmapped."""

import pytest

from saan.core.codes import Code, CodeList, Crosswalk, joined
from saan.core.organisations import Organisations
from saan.core.world import World
from saan.sources.codebook import Codebook


def book(*codes: Code, pairs: dict[tuple[str, str, str], str] | None = None) -> Codebook:
    lists = {"x": CodeList("x", "CLS_X", {}, joined(codes))}
    return Codebook(World({}, lists, Crosswalk(pairs or {}), Organisations(()), {}), "x", "OBEC-DMC")


@pytest.mark.parametrize("written", ["003", "คริสต์"])
def test_christianity_in_a_dmc_roster_and_in_the_sandbox_is_one_canonical_code(world: World, written: str) -> None:
    canonical = next(code.code for code in world.codes["religion"].codes.values() if code.en == "Christianity")
    assert Codebook(world, "religion", "OBEC-DMC").code(written) == canonical == "003"


def test_islam_has_another_number_in_a_dmc_roster_and_the_same_canonical_code(world: World) -> None:
    assert world.crosswalk.canonical("CLS_RELIGION", "OBEC-DMC", "002") == "004"
    assert Codebook(world, "religion", "OBEC-DMC").code("002") == Codebook(world, "religion", "OBEC-DMC").code("อิสลาม")


def test_every_row_of_the_crosswalk_leads_to_a_code_of_its_list_or_nowhere(world: World) -> None:
    lists = {one.official: one for one in world.codes.values()}
    assert world.crosswalk.pairs
    for (official, _, _), canonical in world.crosswalk.pairs.items():
        assert canonical in lists[official].codes


def test_systems_do_not_mix() -> None:
    assert book(Code("1", "ก", ""), pairs={("CLS_X", "MOPH-43", "9"): "1"}).code("9") is None


def test_a_name_that_two_codes_bear_now_stands_for_neither() -> None:
    assert book(Code("1", "ก", ""), Code("2", "ก", "")).code("ก") is None


def test_a_name_goes_to_the_code_in_use_and_not_to_the_retired_one() -> None:
    assert book(Code("1", "ก", "", valid_to=5), Code("2", "ก", "", valid_from=5)).code("ก") == "2"
    assert book(Code("1", "ก", "", valid_to=5)).code("ก") == "1"


def test_a_code_is_found_by_the_name_that_it_had_before() -> None:
    assert book(Code("1", "เก่า", "", valid_to=5), Code("1", "ใหม่", "", valid_from=5)).code("เก่า") == "1"
