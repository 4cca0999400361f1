"""The report counts what was found, and its page stands alone."""

from dataclasses import replace

from saan.prove.check import CHECKERS, Found
from saan.prove.figures import Struck
from saan.prove.page import page
from saan.prove.result import Course, Result

STRUCK = [Struck("kill-router", ("router",), 3.0, 3.0, 8.0), Struck("kill-router", ("router",), 20.0, 20.0, 9.0)]
COURSE = Course(
    run="r", seed=1, schedule="s", struck=STRUCK, per_second={0: 3, 1: 7}, flowing=1.0, ended=120.0, lacking={"x": "y"}
)
CLEAN = Result(
    course=COURSE,
    intents={"accepted": 10},
    unacknowledged=0,
    deliveries=20,
    refused=1,
    found={name: [] for name in (*CHECKERS, "told")},
    supervisor_ended=[],
    drained=1.0,
    planted={"drop": True},
)


def test_a_run_in_which_nothing_was_found_and_everything_came_back_is_clean() -> None:
    assert CLEAN.clean
    assert CLEAN.late == []


def test_a_run_is_not_clean_when_something_was_found_or_did_not_come_back_or_a_plant_was_not_named() -> None:
    lost = {**CLEAN.found, "lost": [Found("lost", "record", "a", "e1")]}

    assert not replace(CLEAN, found=lost).clean
    assert not replace(CLEAN, course=replace(COURSE, struck=[replace(STRUCK[0], recovery=None)])).clean
    assert not replace(CLEAN, supervisor_ended=[1]).clean
    assert not replace(CLEAN, drained=None).clean
    assert not replace(CLEAN, planted={"drop": False}).clean


def test_a_run_that_came_back_later_than_promised_is_clean_but_its_page_says_so() -> None:
    late = replace(CLEAN, course=replace(COURSE, struck=[replace(STRUCK[0], recovery=11.0)]))

    assert late.clean
    assert late.late == ["kill-router"]
    assert "later than promised: kill-router" in page(late)
    assert "later than promised" not in page(CLEAN)


def test_the_json_has_every_checker_and_the_faults_by_kind() -> None:
    told = CLEAN.as_json()

    assert told["faults"] == {"kill-router": 2}
    assert all(told[name] == 0 for name in CHECKERS)
    assert told["lacking"] == {"x": "y"}


def test_the_page_needs_nothing_from_anywhere() -> None:
    text = page(CLEAN)

    assert "<svg" in text
    assert "kill-router" in text
    assert "http" not in text
    assert "<script" not in text
