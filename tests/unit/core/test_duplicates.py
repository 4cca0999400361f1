"""Both schools hear of a second enrolment once, and once of its end; nobody hears of one that never was."""

from collections import defaultdict

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from saan.core.duplicates import Case, Ending, Notice, case_id, end, follow
from saan.core.outcome import Second

from .learners import Chain, Told, told

AT_A, AT_B = Second("A", 100, "C", 160), Second("B", 120, "C", 160)


def endings(chain: Chain) -> list[tuple[str, str | None]]:
    """Who holds the learner, and how it ended, of everything that was told."""
    return [(notice.case.second.holder, notice.ending and notice.ending.value) for _, notice in chain.told]


def test_an_enrolment_while_another_is_open_is_told_to_both_schools() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("enrolled", "B", 160))

    assert chain.told == [(chain.waiting[0], Notice(Case(1, Second("A", 100, "B", 160))))]
    assert chain.told[0][1].schools == {"A", "B"}
    assert chain.told[0][1].event == "duplicate-enrolment.detected"


def test_the_end_of_the_first_enrolment_ends_the_case() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("enrolled", "B", 160), told("withdrawn", "A", 150))

    assert endings(chain) == [("A", None), ("A", "ENTERED")]
    assert chain.told[1][1].event == "duplicate-enrolment.resolved"
    assert chain.told[1][1].schools == {"A", "B"}


def test_an_enrolment_before_the_first_one_and_one_at_the_same_school_are_no_second_ones() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("enrolled", "A", 160), told("enrolled", "B", 90))

    assert chain.told == []


def test_a_transfer_away_from_the_school_that_holds_the_learner_is_no_second_enrolment() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("transferred", "B", 150, **{"from": "A"}))

    assert chain.told == []


def test_a_second_enrolment_that_waits_too_long_ends_its_case() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("enrolled", "B", 160))

    assert endings(chain.expire(chain.waiting[0])) == [("A", None), ("A", "EXPIRED")]


def test_a_death_ends_the_case() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("enrolled", "B", 160), told("deceased", "A", 150))

    assert endings(chain) == [("A", None), ("A", "REFUSED")]


def test_of_two_that_wait_the_later_one_has_another_case_once_the_earlier_one_has_entered() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("enrolled", "B", 160), told("enrolled", "C", 170))
    chain.take(told("withdrawn", "A", 150))

    by_claim = defaultdict(list)
    for event, notice in chain.told:
        by_claim[event.source].append((notice.case.number, notice.case.second.holder, notice.ending))
    assert by_claim == {
        "B": [(1, "A", None), (1, "A", Ending.ENTERED)],
        "C": [(1, "A", None), (1, "A", Ending.LET_GO), (2, "B", None)],
    }


def test_what_is_known_already_is_not_told_again() -> None:
    case, _ = follow(None, AT_A)

    assert follow(case, AT_A) == (case, ())
    assert follow(case, Second("A", 90, "C", 160)) == (case, ())


def test_another_holder_is_another_case_of_the_same_claim() -> None:
    case = Case(1, AT_A)

    assert follow(case, AT_B) == (Case(2, AT_B), (Notice(case, Ending.LET_GO), Notice(Case(2, AT_B))))
    assert follow(case, None) == (Case(1, AT_A, open=False), (Notice(case, Ending.LET_GO),))
    assert follow(Case(1, AT_A, open=False), AT_A) == (Case(2, AT_A), (Notice(Case(2, AT_A)),))


@pytest.mark.parametrize("case", [None, Case(1, AT_A, open=False)])
def test_a_case_that_is_none_or_over_does_not_end(case: Case | None) -> None:
    assert end(case, Ending.EXPIRED) == (case, ())


def test_a_case_is_known_by_its_claim_where_it_came_in_and_its_number() -> None:
    of = ("sis-1", "e-1", "checked.student/0/7", 1)
    others = [("sis-2", *of[1:]), (of[0], "e-2", *of[2:]), (*of[:2], "checked.student/0/8", 1), (*of[:3], 2)]

    assert case_id(*of) == case_id(*of)
    assert len({case_id(*one) for one in (of, *others)}) == 5
    assert case_id(*of).startswith("dup-")


class AnyClaims(RuleBasedStateMachine):
    """Whatever schools claim and let go, true or not, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.chain = Chain()

    @rule(
        type=st.sampled_from(("enrolled", "enrolled", "withdrawn", "graduated", "suspended", "deceased")),
        school=st.sampled_from("ABCD"),
        on=st.integers(0, 40),
        sequence=st.none() | st.integers(1, 3),
    )
    def says(self, type: str, school: str, on: int, sequence: int | None) -> None:
        self.chain.take(told(type, school, on, sequence=sequence))

    @rule(leaving=st.sampled_from("ABCD"), entered=st.sampled_from("ABCD"), on=st.integers(0, 40))
    def moves(self, leaving: str, entered: str, on: int) -> None:
        if leaving != entered:
            self.chain.take(told("transferred", entered, on, **{"from": leaving}))

    @precondition(lambda self: self.chain.waiting)
    @rule(data=st.data())
    def waits_too_long(self, data: st.DataObject) -> None:
        self.chain.expire(data.draw(st.sampled_from(self.chain.waiting)))

    def _told(self) -> dict[tuple[Told, int, str], list[Notice]]:
        """What was told, by claim and case. One publication may come in again after it was refused."""
        by_case: dict[tuple[Told, int, str], list[Notice]] = defaultdict(list)
        for event, notice in self.chain.told:
            by_case[event, notice.case.number, notice.case.second.holder].append(notice)
        return by_case

    @invariant()
    def a_case_begins_before_it_ends_and_ends_at_most_once_each_time(self) -> None:
        for notices in self._told().values():
            begun = [notice.ending is None for notice in notices]
            assert begun == ([True, False] * len(begun))[: len(begun)]

    @invariant()
    def both_schools_are_told_and_they_are_two(self) -> None:
        for event, notice in self.chain.told:
            assert notice.schools == {notice.case.second.holder, event.data["school"]}
            assert len(notice.schools) == 2

    @invariant()
    def exactly_the_waiting_second_enrolments_have_an_open_case_with_the_school_that_holds_the_learner(self) -> None:
        there, waiting = self.chain.learner.open, self.chain.waiting
        for n, claim in enumerate(waiting):
            case, judged = self.chain.cases[claim], self.chain.judge(claim, waiting[:n])
            holder = case.second.holder if case and case.open else None
            assert holder == (judged.second and judged.second.holder)
            assert holder in (None, there and there.school)
        for claim, case in self.chain.cases.items():
            assert claim in waiting or case is None or not case.open

    @invariant()
    def a_school_that_holds_nobody_is_not_said_to(self) -> None:
        held = {event.data["school"] for event in self.chain.log if event.type in ("enrolled", "transferred")}
        assert {notice.case.second.holder for _, notice in self.chain.told} <= held


AnyClaims.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestAnyClaims = AnyClaims.TestCase
