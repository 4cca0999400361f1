"""The state of a learner is a fold over the canonical log, and its bytes say all of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.catalogue import Step
from saan.core.history import STATUSES, Fact, Stay
from saan.core.learner import COUNTS, FACTS, RECENT, Learner, Note
from saan.core.learner_bytes import VERSION, decode, encode
from saan.core.marks import MARKS, Mark, Term

from .learners import ENROLLED, PLAIN, TRANSFERRED, WITHDRAWN, after, told

days = st.integers(-30_000, 60_000)
schools = st.from_regex(r"\ASC-[0-9a-f]{12}\Z") | st.text(min_size=1, max_size=40)
facts = st.builds(Fact, days, st.integers(0, len(STATUSES) - 1), schools)
counts = st.tuples(st.binary(min_size=4, max_size=4), st.integers(0, 10**18))
notes = st.builds(Note, st.text(max_size=20), days, st.text(max_size=20))
marks = st.builds(Mark, st.binary(min_size=4, max_size=4), st.integers(0, 60_000), st.text(max_size=10))
terms = st.builds(
    Term,
    st.integers(2500, 2650),
    st.integers(0, 3),
    st.lists(marks, min_size=1, max_size=MARKS, unique_by=lambda one: one.item).map(lambda told: tuple(sorted(told))),
)
learners = st.builds(
    Learner,
    st.lists(st.binary(min_size=6, max_size=6), max_size=RECENT).map(tuple),
    st.lists(facts, max_size=20, unique=True).map(lambda told: tuple(sorted(told))),
    st.lists(counts, max_size=6).map(tuple),
    st.lists(notes, max_size=4).map(tuple),
    st.none() | terms,
)


@given(learners)
def test_bytes_say_the_whole_state(learner: Learner) -> None:
    assert decode(encode(learner)) == learner


@given(st.binary(max_size=60) | learners.map(encode).flatmap(lambda sound: st.builds(_spoilt, st.just(sound), days)))
def test_foreign_bytes_are_refused_or_are_a_state(stored: bytes) -> None:
    try:
        learner = decode(stored)
    except ValueError:
        return
    assert encode(learner) == stored


def _spoilt(sound: bytes, at: int) -> bytes:
    at %= len(sound)
    return sound[:at] + bytes([sound[at] ^ 0x41]) + sound[at + 1 :]


def test_nothing_stored_is_a_learner_never_seen() -> None:
    assert decode(None) == Learner()


@pytest.mark.parametrize(
    "stored",
    [b"", b"\x03", b"\x09\0\0\0\0\0", b"\x02\0\0", b"\x02\0\0\0\0", b"\x03\0\0\0\0\0rest", b"\x03\1\0\0\0\0short"],
)
def test_a_broken_state_or_one_of_another_version_is_an_error_and_never_trusted(stored: bytes) -> None:
    with pytest.raises(ValueError, match="learner state"):
        decode(stored)


def test_a_learner_with_a_long_history_takes_less_than_400_bytes() -> None:
    """Twelve years at four schools, told of anew every year, with four publishers and all that can be remembered."""
    learner, year = Learner(), 365
    homes = [f"SC-{n:012x}" for n in range(4)]
    for n in range(12):
        home, day = homes[n // 3], 16_000 + n * year
        learner = after(learner, told("enrolled", home, day, sequence=3 * n + 1, grade=f"21{n}"))
        if n % 3 == 2:
            learner = after(learner, told("graduated", home, day + 300, sequence=3 * n + 2))
    learner = after(learner, told("suspended", homes[3], 20_100))
    for n in range(RECENT):
        learner = after(learner, told("told", homes[3], 20_101 + n))

    assert len(learner.recent) == RECENT
    assert len(learner.stays) == 4
    assert len(encode(learner)) < 400


def test_a_learner_with_the_grades_of_a_full_term_takes_less_than_400_bytes() -> None:
    """Sixteen subjects with every grade there is, from two schools, and all ids that are remembered."""
    learner = Learner()
    for n in range(RECENT):
        term = {"year": 2568, "semester": 1, "credit": 1.5}
        said = told("graded", f"SC-{n // 20:012x}", 20_000, subject=f"ค2110{n % 16}", grade=f"00{n % 8}", **term)
        learner = after(learner, replace(said, sequence=n))

    assert learner.term is not None
    assert len(learner.term.marks) == 16
    assert len(encode(learner)) < 400


def test_a_transfer_moves_the_learner_on_its_day() -> None:
    learner = Learner().after(ENROLLED, "s", "1", {"school": "A", "on": 100})
    learner = learner.after(TRANSFERRED, "s", "2", {"from": "A", "school": "B", "on": 150})

    assert learner.schools(99) == frozenset()
    assert learner.schools(149) == {"A"}
    assert learner.schools(150) == {"B"}


def test_a_withdrawn_learner_is_at_no_school() -> None:
    learner = Learner().after(ENROLLED, "s", "1", {"school": "A", "on": 100})

    assert learner.after(WITHDRAWN, "s", "2", {"school": "A", "on": 120}).schools(120) == frozenset()


def test_enrolling_twice_at_one_school_is_one_stay() -> None:
    learner = Learner().after(ENROLLED, "s", "1", {"school": "A", "on": 100})

    assert learner.after(ENROLLED, "s", "2", {"school": "A", "on": 130}).stays == (Stay("A", 100),)


def test_an_earlier_stay_whose_end_nobody_told_ends_where_the_next_begins() -> None:
    learner = Learner().after(ENROLLED, "s", "1", {"school": "B", "on": 160})
    learner = learner.after(ENROLLED, "s", "2", {"school": "A", "on": 100})

    assert learner.stays == (Stay("A", 100, 160, superseded=True), Stay("B", 160))


def test_what_a_learner_becomes_may_depend_on_a_field() -> None:
    left = replace(WITHDRAWN, history=(Step("leave", "school", "on", by="type", told={"04": "deceased"}),))
    learner = Learner().after(ENROLLED, "s", "1", {"school": "A", "on": 100})

    assert learner.after(left, "s", "2", {"school": "A", "on": 120, "type": "01"}).status == "withdrawn"
    assert learner.after(left, "s", "2", {"school": "A", "on": 120, "type": "04"}).status == "deceased"


def test_a_learner_enrolled_and_withdrawn_without_end_still_has_a_state_and_is_where_the_last_enrolment_says() -> None:
    learner = Learner()
    for day in range(FACTS):
        learner = after(learner, told("enrolled", "A", 2 * day))
        learner = after(learner, told("withdrawn", "A", 2 * day + 1))
    learner = after(learner, told("enrolled", "B", 1000))

    assert decode(encode(learner)) == learner
    assert learner.schools(1000) == {"B"}


def test_the_numbers_of_very_many_publishers_still_are_a_state() -> None:
    learner = Learner()
    for n in range(COUNTS + 9):
        learner = after(learner, told("told", f"school {n}", 1, sequence=n))

    assert decode(encode(learner)) == learner
    assert learner.count(f"school {COUNTS + 8}") == COUNTS + 8


@given(st.lists(st.tuples(st.sampled_from("ab"), st.text(max_size=5)), max_size=80))
def test_the_last_ids_are_recognised_per_publisher(sent: list[tuple[str, str]]) -> None:
    learner = Learner()
    for source, id in sent:
        learner = learner.after(PLAIN, source, id, {})

    assert all(learner.seen(source, id) for source, id in sent[-RECENT:])
    assert not learner.seen("c", "never sent")


def test_the_version_of_the_stored_form_is_its_first_byte() -> None:
    assert encode(Learner())[0] == VERSION
