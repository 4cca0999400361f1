"""An event joins the log when it fits the history; before its cause it waits, and no order of arrival matters."""

from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from saan.core.catalogue import RuleSpec
from saan.core.chain import WAITING
from saan.core.history import Stay
from saan.core.learner import Learner
from saan.core.learner_bytes import decode, encode
from saan.core.outcome import Waits
from saan.core.rounds import Window, opened

from .learners import TYPES, WORLD, Chain, Told, after, told

SCHOOLS = "ABCDEFGH"


def codes(chain: Chain) -> list[str]:
    return [found[0].code for found in chain.refused.values()]


def moved(leaving: str, entered: str, on: int, **more: Any) -> Told:
    return told("transferred", entered, on, **{"from": leaving}, **more)


def test_a_withdrawal_before_the_enrolment_waits_and_then_follows_it() -> None:
    chain = Chain().take(told("withdrawn", "A", 150))
    assert (chain.log, len(chain.waiting)) == ([], 1)

    chain.take(told("enrolled", "A", 100))

    assert [event.type for event in chain.log] == ["enrolled", "withdrawn"]
    assert chain.learner.stays == (Stay("A", 100, 150, "withdrawn"),)


def test_an_enrolment_while_another_is_open_waits_until_that_one_ends() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("enrolled", "B", 160))
    assert chain.learner.open == Stay("A", 100)
    assert [event.source for event in chain.waiting] == ["B"]

    chain.take(told("withdrawn", "A", 150))

    assert chain.learner.open == Stay("B", 160)
    assert chain.waiting == []


def test_a_transfer_closes_and_opens_at_once_even_before_the_old_school_said_anything() -> None:
    chain = Chain().take(moved("A", "B", 150), told("enrolled", "A", 100))

    assert chain.learner.stays == (Stay("A", 100, 150, "transferred"), Stay("B", 150))


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_a_transfer_told_by_both_schools_and_twice_leaves_one_open_enrolment(order: tuple[int, ...]) -> None:
    parts = (told("withdrawn", "A", 150), moved("A", "B", 150), told("enrolled", "A", 100))
    again = replace(parts[1], data={**parts[1].data, "transferId": "told by another office"})

    chain = Chain().take(*(parts[n] for n in order), again, parts[1])

    assert (chain.waiting, chain.refused) == ([], {})
    assert chain.learner.open == Stay("B", 150)
    assert [(stay.school, stay.start, stay.end) for stay in chain.learner.stays] == [("A", 100, 150), ("B", 150, None)]


def test_nothing_follows_a_death_but_what_happened_before_it_may_still_arrive() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("deceased", "A", 150))
    chain.take(told("told", "A", 151), told("told", "A", 149), told("enrolled", "B", 200), moved("A", "C", 160))

    assert chain.learner.status == "deceased"
    assert chain.learner.open is None
    assert codes(chain) == ["V10", "V10", "V10"]
    assert chain.log[-1] == told("told", "A", 149)


WINDOW = RuleSpec("V11", "window", "", {"on": "on"})
IN_ROUNDS = replace(
    WORLD,
    events={name: replace(one, rules=(*one.rules, WINDOW)) if one.history else one for name, one in TYPES.items()},
    rounds=opened([Window("JUN10", 2568, 0, 5, 10, 200), Window("NOV10", 2568, 1000, 1005, 1010, 350)]),
)


def test_a_late_fact_waits_patiently_for_the_next_window_and_what_is_behind_it_keeps_its_order() -> None:
    chain = Chain(IN_ROUNDS, received=10)
    chain.take(told("enrolled", "A", 150, sequence=1), told("told", "A", 210), told("withdrawn", "A", 199, sequence=3))
    late = chain.judge(told("enrolled", "A", 150), ())
    assert isinstance(late, Waits)
    assert (late.findings[0].code, late.patient) == ("V11", True)
    chain.take(told("told", "A", 211, sequence=2))

    chain.wait(989)
    assert [event.type for event in chain.log] == []
    chain.wait(990)

    assert [event.type for event in chain.log] == ["enrolled", "told", "told", "withdrawn"]
    assert (chain.waiting, chain.refused) == ([], {})


def test_a_late_fact_that_nothing_can_put_right_is_refused_at_once() -> None:
    chain = Chain(IN_ROUNDS, received=9).take(told("enrolled", "A", 100), told("deceased", "A", 150))
    chain.received = 10

    assert codes(chain.take(told("withdrawn", "A", 160))) == ["V10"]


def test_no_more_late_facts_wait_than_anything_may_wait() -> None:
    chain = Chain(IN_ROUNDS, received=10)
    chain.take(*(told("enrolled", "A", day) for day in range(WAITING + 1)))

    assert len(chain.waiting) == WAITING
    assert codes(chain) == ["WAIT-2"]


def test_a_school_that_told_the_end_of_a_stay_is_refused_another_end() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("graduated", "A", 150), told("withdrawn", "A", 160))

    assert codes(chain) == ["V10"]
    assert chain.learner.status == "graduated"


def test_a_graduate_may_enrol_again() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("graduated", "A", 150), told("enrolled", "A", 200))

    assert chain.learner.open == Stay("A", 200)


@pytest.mark.parametrize(
    ("turn", "step", "taken"),
    [
        ("suspended", "enrolled", True),
        ("suspended", "withdrawn", False),
        ("suspended", "graduated", False),
        ("suspended", "deceased", True),
        ("tracked", "enrolled", True),
        ("tracked", "withdrawn", True),
        ("tracked", "suspended", False),
        ("tracked", "deceased", True),
    ],
)
def test_a_school_life_takes_only_steps_that_the_standard_knows(turn: str, step: str, taken: bool) -> None:
    chain = Chain().take(told("enrolled", "A", 100), told(turn, "A", 110), told(step, "A", 120))

    assert chain.learner.status == (step if taken else turn)
    assert bool(chain.waiting) is not taken


def test_a_repeated_number_is_refused_and_a_gap_waits() -> None:
    chain = Chain().take(told("enrolled", "A", 100, sequence=7), told("told", "A", 101, sequence=9))
    chain.take(told("told", "A", 102, sequence=7))
    assert codes(chain) == ["V16"]
    assert len(chain.waiting) == 1

    chain.take(told("told", "A", 103, sequence=10), told("told", "A", 104, sequence=8))

    assert [event.sequence for event in chain.log] == [7, 8, 9, 10]


def test_a_gap_of_one_publisher_holds_up_nobody_else() -> None:
    chain = Chain().take(told("enrolled", "A", 100, sequence=1), told("told", "A", 101, sequence=3))
    chain.take(told("told", "B", 102), told("told", "C", 103, sequence=5))

    assert [event.source for event in chain.log] == ["A", "B", "C"]


def test_what_does_not_move_a_learner_never_overtakes_an_event_of_its_publisher() -> None:
    chain = Chain().take(told("withdrawn", "A", 150), told("told", "A", 151))
    assert len(chain.waiting) == 2

    chain.take(told("enrolled", "A", 100))

    assert [event.type for event in chain.log] == ["enrolled", "withdrawn", "told"]


def test_a_number_above_that_of_a_waiting_event_does_not_open_the_count() -> None:
    chain = Chain().take(told("enrolled", "A", 100), told("enrolled", "B", 120, sequence=1))
    chain.take(told("told", "B", 121, sequence=2))
    assert len(chain.waiting) == 2

    chain.take(told("withdrawn", "A", 110))

    assert [event.sequence for event in chain.log if event.source == "B"] == [1, 2]


def test_so_many_events_of_one_learner_may_wait_and_no_more() -> None:
    chain = Chain().take(*(told("withdrawn", f"school {n}", 100) for n in range(WAITING + 1)))

    assert len(chain.waiting) == WAITING
    assert codes(chain) == ["WAIT-2"]


def test_what_was_noted_before_is_what_later_events_must_agree_with() -> None:
    learner = Chain().take(told("enrolled", "A", 100, grade="311"), told("enrolled", "A", 50, grade="216")).learner

    assert learner.note("grade") == "311"


@st.composite
def lives(draw: st.DrawFn, *, returning: bool) -> list[Told]:
    """A school life as the standard allows it, event after event on rising days."""
    life: list[Told] = []
    at, status, day, left = "", "none", 100, list(SCHOOLS)
    for _ in range(draw(st.integers(1, 9))):
        day += draw(st.integers(1, 40))
        steps = {
            "none": ("enrolled",),
            "enrolled": ("transferred", "suspended", "tracked", "withdrawn", "graduated", "told", "deceased"),
            "suspended": ("enrolled",),
            "tracked": ("enrolled", "withdrawn"),
        }[status]
        step = draw(st.sampled_from(steps))
        if step == "transferred" or (step == "enrolled" and status == "none"):
            others = [school for school in (SCHOOLS if returning else left) if school != at]
            if not others:
                break
            to = draw(st.sampled_from(others))
            left = [school for school in left if school != to]
            life.append(moved(at, to, day) if step == "transferred" else told("enrolled", to, day))
            at, status = to, "enrolled"
            continue
        life.append(told(step, at, day))
        if step == "deceased":
            break
        status = {"withdrawn": "none", "graduated": "none", "told": status}.get(step, step)
        at = "" if status == "none" else at
    return life


def same(one: Learner, other: Learner) -> bool:
    """Equal but for the order in which publications became known."""
    return replace(one, recent=tuple(sorted(one.recent))) == replace(other, recent=tuple(sorted(other.recent)))


@settings(max_examples=100)
@given(st.data())
def test_any_order_of_arrival_gives_the_same_history(data: st.DataObject) -> None:
    life = data.draw(lives(returning=False))
    arrived = data.draw(st.permutations(life))
    repeated = data.draw(st.lists(st.sampled_from(life), max_size=3))

    in_order, chain = Chain().take(*life), Chain().take(*arrived, *repeated)

    assert (in_order.log, in_order.waiting) == (life, [])
    assert (chain.waiting, chain.refused) == ([], {})
    assert same(chain.learner, in_order.learner)


@settings(max_examples=100)
@given(st.data())
def test_so_does_any_order_with_returns_to_a_school_while_each_school_keeps_its_own(data: st.DataObject) -> None:
    life = data.draw(lives(returning=True))
    turns = data.draw(st.permutations([event.source for event in life]))
    own = {source: iter([event for event in life if event.source == source]) for source in set(turns)}

    chain = Chain().take(*(next(own[source]) for source in turns))

    assert (chain.waiting, chain.refused) == ([], {})
    assert same(chain.learner, Chain().take(*life).learner)


@settings(max_examples=50)
@given(st.data())
def test_numbers_order_what_a_publisher_sends_in_any_order(data: st.DataObject) -> None:
    first = told("enrolled", "A", 100, sequence=4)
    rest = [told("told", "A", 100 + n, sequence=4 + n) for n in range(1, data.draw(st.integers(1, 8)))]

    chain = Chain().take(first, *data.draw(st.permutations(rest)))

    assert chain.log == [first, *rest]


class AnyHistory(RuleBasedStateMachine):
    """Whatever is said, true or not, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.chain = Chain()

    @rule(
        type=st.sampled_from(("enrolled", "withdrawn", "graduated", "suspended", "tracked", "told", "deceased")),
        school=st.sampled_from("ABC"),
        on=st.integers(0, 60),
        sequence=st.none() | st.integers(1, 6),
    )
    def says(self, type: str, school: str, on: int, sequence: int | None) -> None:
        self.chain.take(told(type, school, on, sequence=sequence))

    @rule(leaving=st.sampled_from("ABC"), entered=st.sampled_from("ABC"), on=st.integers(0, 60))
    def moves(self, leaving: str, entered: str, on: int) -> None:
        if leaving != entered:
            self.chain.take(moved(leaving, entered, on))

    @invariant()
    def at_most_one_enrolment_is_open(self) -> None:
        assert sum(stay.end is None for stay in self.chain.learner.stays) <= 1

    @invariant()
    def the_log_replayed_is_the_state(self) -> None:
        assert reduce(after, self.chain.log, Learner()) == self.chain.learner
        assert decode(encode(self.chain.learner)) == self.chain.learner

    @invariant()
    def what_waits_is_not_in_the_log_and_could_not_go_on(self) -> None:
        chain = self.chain
        assert not {*chain.log} & {*chain.waiting}
        assert all(isinstance(chain.judge(one, chain.waiting[:n]), Waits) for n, one in enumerate(chain.waiting))


AnyHistory.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestAnyHistory = AnyHistory.TestCase
