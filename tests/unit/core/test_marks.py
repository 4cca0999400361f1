"""The marks of a term give its average, whatever came of an earlier one."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.learner import Learner
from saan.core.marks import MARKS, Term, mark

from .learners import GRADED, MENDED

POINTS = {"000": 0.0, "001": 1.0, "005": 3.0, "007": 4.0}
grades = st.sampled_from(sorted(POINTS))
subjects = st.dictionaries(st.text(min_size=1, max_size=6), st.tuples(st.integers(1, 40), grades), max_size=MARKS - 1)


def graded(
    learner: Learner, subject: str, credit: float | None, grade: str, year: int = 2568, semester: int = 1
) -> Any:
    said = {"year": year, "semester": semester, "subject": subject, "grade": grade, "credit": credit}
    return learner.after(MENDED if credit is None else GRADED, "school", f"{subject} {grade} {year}", said)


def average(learner: Learner) -> float | None:
    return learner.term.average(POINTS) if learner.term else None


@given(subjects)
def test_the_average_is_that_of_all_grades_by_their_credits(told: dict[str, tuple[int, str]]) -> None:
    learner = Learner()
    for subject, (halves, grade) in told.items():
        learner = graded(learner, subject, halves / 2, grade)
    credits = sum(halves / 2 for halves, _ in told.values())
    earned = sum(halves / 2 * POINTS[grade] for halves, grade in told.values())

    assert average(learner) == (pytest.approx(earned / credits) if told else None)


@given(st.permutations(range(6)))
def test_the_order_of_the_grades_of_two_terms_does_not_matter(order: list[int]) -> None:
    said = [(f"ค{n}", 1.5, "005" if n % 2 else "007", 2568, 1 + n // 4) for n in range(6)]
    learner = Learner()
    for n in order:
        learner = graded(learner, *said[n])

    assert learner.term == Term(2568, 2, tuple(sorted(mark(*one[:3]) for one in said[4:])))


def test_a_correction_changes_a_grade_and_keeps_its_credits() -> None:
    learner = graded(graded(Learner(), "ค", 1, "000"), "ท", 3, "007")

    assert average(learner) == 3.0
    assert average(graded(learner, "ค", None, "001")) == 3.25


def test_a_correction_of_what_is_not_known_changes_nothing() -> None:
    learner = graded(Learner(), "ค", 1, "007")

    assert graded(learner, "ท", None, "001").term == learner.term
    assert graded(learner, "ค", None, "001", semester=2).term == learner.term


def test_what_does_not_count_is_left_out_and_nothing_has_no_average() -> None:
    assert average(graded(graded(Learner(), "ค", 1, "005"), "ลูกเสือ", 1, "X03")) == 3.0
    assert average(graded(Learner(), "ลูกเสือ", 1, "X03")) is None


def test_of_more_grades_than_are_remembered_no_average_is_known() -> None:
    learner = Learner()
    for n in range(MARKS + 5):
        learner = graded(learner, f"ค{n}", 1, "007")

    assert learner.term is not None
    assert len(learner.term.marks) == MARKS
    assert average(learner) is None
    assert average(replace(learner, term=replace(learner.term, marks=learner.term.marks[1:]))) == 4.0
