"""The state of a learner is a fold over the canonical log, and its bytes say all of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.catalogue import EventType, Step
from saan.core.learner import RECENT, STAYS, Enrolment, Learner, decode, encode

PLAIN = EventType(
    name="x.happened",
    record="th.saan.x.XHappened",
    schema={},
    domain="x",
    title={},
    data_class="C1",
    publishers=frozenset(),
    subject_kind="learner",
    subject=("idType", "idValue"),
    school=None,
    concerns=(),
    follows_learner=False,
    history=(),
    rules=(),
    roles=frozenset(),
    retention="x",
)
ENROLLED = replace(PLAIN, history=(Step("enter", "schoolUid", "entryDate"),))
TRANSFERRED = replace(PLAIN, history=(Step("leave", "from", "on"), Step("enter", "to", "on")))
WITHDRAWN = replace(PLAIN, history=(Step("leave", "schoolUid", "on"),))

digests = st.binary(min_size=8, max_size=8)
spans = st.builds(
    Enrolment,
    st.text(min_size=1, max_size=40),
    st.integers(-30_000, 60_000),
    st.none() | st.integers(-30_000, 60_000),
)
learners = st.builds(
    Learner,
    st.lists(digests, max_size=RECENT).map(tuple),
    st.lists(spans, max_size=10).map(tuple),
)


@given(learners)
def test_bytes_say_the_whole_state(learner: Learner) -> None:
    assert decode(encode(learner)) == learner


@given(st.binary(max_size=60))
def test_foreign_bytes_are_refused_or_are_a_state(stored: bytes) -> None:
    try:
        learner = decode(stored)
    except ValueError:
        return
    assert encode(learner) == stored


def test_nothing_stored_is_a_learner_never_seen() -> None:
    assert decode(None) == Learner()


def test_a_transfer_moves_the_learner_on_its_day() -> None:
    learner = Learner().after(ENROLLED, "s", "1", {"schoolUid": "A", "entryDate": 100})
    learner = learner.after(TRANSFERRED, "s", "2", {"from": "A", "to": "B", "on": 150})

    assert learner.schools(99) == frozenset()
    assert learner.schools(149) == {"A"}
    assert learner.schools(150) == {"B"}


def test_a_withdrawn_learner_is_at_no_school() -> None:
    learner = Learner().after(ENROLLED, "s", "1", {"schoolUid": "A", "entryDate": 100})

    assert learner.after(WITHDRAWN, "s", "2", {"schoolUid": "A", "on": 120}).schools(120) == frozenset()


def test_enrolling_twice_at_one_school_is_one_stay() -> None:
    learner = Learner().after(ENROLLED, "s", "1", {"schoolUid": "A", "entryDate": 100})

    assert learner.after(ENROLLED, "s", "2", {"schoolUid": "A", "entryDate": 130}).enrolments == (Enrolment("A", 100),)


def test_a_learner_enrolled_and_withdrawn_without_end_still_has_a_state_and_is_where_the_last_enrolment_says() -> None:
    learner = Learner()
    for day in range(STAYS + 20):
        learner = learner.after(ENROLLED, "s", f"in {day}", {"schoolUid": "A", "entryDate": day})
        learner = learner.after(WITHDRAWN, "s", f"out {day}", {"schoolUid": "A", "on": day + 1})
    learner = learner.after(ENROLLED, "s", "at last", {"schoolUid": "B", "entryDate": 1000})

    assert decode(encode(learner)) == learner
    assert learner.schools(1000) == {"B"}


@given(st.lists(st.tuples(st.sampled_from("ab"), st.text(max_size=5)), max_size=80))
def test_the_last_ids_are_recognised_per_publisher(sent: list[tuple[str, str]]) -> None:
    learner = Learner()
    for source, id in sent:
        learner = learner.after(PLAIN, source, id, {})

    assert all(learner.seen(source, id) for source, id in sent[-RECENT:])
    assert not learner.seen("c", "never sent")


@pytest.mark.parametrize("stored", [b"", b"\x01", b"\x09\x00\x00", b"\x01\x00\x00rest"])
def test_a_broken_state_is_an_error_and_never_trusted(stored: bytes) -> None:
    with pytest.raises(ValueError, match="learner state"):
        decode(stored)
