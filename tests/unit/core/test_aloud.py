"""Every reason of a routing decision is said in Thai and in English."""

from datetime import date

import pytest

from saan.core import route
from saan.core.aloud import SAID, aloud
from saan.core.calendar import days


def test_every_reason_has_its_words_and_no_words_are_left_over() -> None:
    assert set(SAID) == set(route.CODES)


@pytest.mark.parametrize("code", route.CODES)
def test_it_is_said_in_both_languages(code: str) -> None:
    th, en = aloud(code, 20_000)

    assert any("\u0e00" <= letter <= "\u0e7f" for letter in th)
    assert en.isascii()


def test_who_lost_the_learner_is_told_the_day_of_the_transfer_in_both_eras() -> None:
    th, en = aloud(route.LEFT, days(date(2026, 6, 2)))

    assert "2/6/2569" in th
    assert "since the transfer on 2026-06-02" in en
