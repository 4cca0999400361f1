"""Rounds as they are written: patterns with exceptions, and opened rounds as governed records."""

from datetime import datetime

import pytest

from saan.core.calendar import micros
from saan.wire.files import default_folder, read
from saan.wire.forms import RoundsFile
from saan.wire.rounds import build, key, planned, value
from saan.wire.world import BadEntity
from saan.wire.world import build as build_world

FILE = read(default_folder()).rounds


def test_the_three_rounds_of_the_law_are_shipped_and_none_is_open_by_itself() -> None:
    rounds = build({"rounds": FILE.model_dump(mode="json")})
    assert rounds.patterns.keys() == {"JUN10", "NOV10", "EOY"}
    assert rounds.windows == ()


@pytest.mark.parametrize("round", FILE.rounds)
def test_an_opened_round_reads_back_from_its_governed_record(round: str) -> None:
    window = planned(FILE, round, 2569)
    assert build({key(window): value(window)}).windows == (window,)
    assert value(window)["closes"].endswith("16:30:00+07:00")


def test_an_order_for_one_year_moves_the_round_of_that_year_alone() -> None:
    order = {"round": "JUN10", "year": 2569, "closes": "2026-06-12T16:30:00+07:00", "order": "an order", "mark": "M"}
    file = RoundsFile.model_validate(FILE.model_dump(mode="json") | {"exceptions": [order]})
    moved = micros(datetime.fromisoformat("2026-06-12T16:30:00+07:00"))
    assert planned(file, "JUN10", 2569).closes == moved
    assert planned(file, "JUN10", 2568) == planned(FILE, "JUN10", 2568)


def test_a_broken_record_of_a_round_is_no_world() -> None:
    with pytest.raises(BadEntity, match="rounds"):
        build_world({"round/2569/JUN10": {"opens": "yesterday"}})
