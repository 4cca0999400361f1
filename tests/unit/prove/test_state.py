"""Stores that equal a replay of the log are sound; what differs is named, and nothing else."""

import asyncio
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from saan.core.history import TRANSFERRED, Fact, Stay
from saan.core.learner import Learner
from saan.core.learner_bytes import encode
from saan.core.marks import Term, mark
from saan.prove.evidence import Evidence, Record
from saan.prove.plant import Barren
from saan.prove.state import Held, Remembered, misremember, moves, named, replayed, stale
from saan.prove.stores import stores
from saan.wire import files
from saan.wire.store import Stores, key

LOG = ("record.student", 2)


def record(offset: int, type: str, subject: bytes, **fields: object) -> Record:
    return Record(*LOG, offset, subject, "school-a", f"e{offset}", type, subject.decode(), b"", fields=fields)


@pytest.fixture
def seen() -> Evidence:
    """Two learners: one moves on, one leaves. A transaction marker lies between any two records."""
    moved = {"fromSchoolUid": "A", "leaveDate": "1970-02-01", "toSchoolUid": "B", "entryDate": "1970-02-02"}
    log = [
        record(0, "student.enrolled", b"st-1", schoolUid="A", entryDate="1970-01-11"),
        record(2, "student.enrolled", b"st-2", schoolUid="A", entryDate="1970-01-11"),
        record(4, "student.transferred", b"st-1", schoolUid="B", **moved),
        record(6, "student.profile-changed", b"st-1", schoolUid="B"),
        record(8, "student.withdrawn", b"st-2", schoolUid="A", exitDate="1970-03-01"),
    ]
    return Evidence(log=log)


@pytest.fixture
def remembered(seen: Evidence) -> Remembered:
    """A store that knows the whole log, and an older one of another process that knows its beginning."""
    how = moves(files.default_folder())
    held = []
    for where, offset in (("router-0/2", 10), ("router-1/2", 3)):
        states = replayed((r for r in seen.log if r.offset < offset), how)
        held.append(Held(where, 2, {"student": offset}, {("student", s): state for s, state in states.items()}))
    return Remembered(held, how, {LOG: 10})


def test_the_replay_knows_stays_and_publications(seen: Evidence, remembered: Remembered) -> None:
    state = remembered.held[0].states["student", b"st-1"]

    assert state is not None
    assert state.stays == (Stay("A", 10, 31, TRANSFERRED), Stay("B", 32))
    assert all(state.seen("school-a", id) for id in ("e0", "e4", "e6"))
    assert not state.seen("school-a", "e2")


def test_the_replay_knows_the_marks_of_the_latest_term() -> None:
    said: dict[str, object] = {"academicYearBE": "2568", "subjectCode": "ค21101", "gradeCode": "000", "credit": "1.5"}
    corrected: dict[str, object] = {**said, "newGradeCode": "001", "semester": "1"}
    log = [
        record(0, "grade.finalised", b"st-1", **said, semester="1"),
        record(1, "grade.corrected", b"st-1", **corrected),
        record(2, "grade.corrected", b"st-1", **corrected | {"subjectCode": "ท21101"}),
        record(3, "grade.finalised", b"st-2", **said, semester="2"),
        record(4, "grade.finalised", b"st-2", **said, semester="1"),
    ]
    states = replayed(iter(log), moves(files.default_folder()))

    assert states[b"st-1"].term == Term(2568, 1, (mark("ค21101", 1.5, "001"),))
    assert states[b"st-2"].term == Term(2568, 2, (mark("ค21101", 1.5, "000"),))


def test_stores_that_are_equal_to_the_log_or_behind_it_are_sound(seen: Evidence, remembered: Remembered) -> None:
    assert list(stale(seen, remembered)) == []


@pytest.mark.parametrize("seed", range(12))
def test_a_state_that_was_changed_is_named_and_no_other(seen: Evidence, remembered: Remembered, seed: int) -> None:
    assert named(seen, remembered, seed)


def test_where_nothing_is_remembered_nothing_can_be_planted(seen: Evidence, remembered: Remembered) -> None:
    with pytest.raises(Barren):
        named(seen, replace(remembered, held=[]), 1)


def test_a_store_that_knows_more_than_the_log_holds_is_named(seen: Evidence, remembered: Remembered) -> None:
    assert [one.what for one in stale(seen, replace(remembered, ends={LOG: 9}))] == [
        "knows the log up to 10, it ends at 9"
    ]


def test_a_learner_that_was_forgotten_and_one_that_never_was_are_named(seen: Evidence, remembered: Remembered) -> None:
    store, *others = remembered.held
    states = dict(store.states)
    states["student", b"st-9"] = states.pop(("student", b"st-1"))
    spoilt = replace(remembered, held=[replace(store, states=states), *others])

    assert {(one.id, one.what) for one in stale(seen, spoilt)} == {
        ("st-1", "is not remembered"),
        ("st-9", "is not in the log"),
    }


def test_a_store_whose_offset_runs_before_its_states_is_named(seen: Evidence, remembered: Remembered) -> None:
    """As if states had been written apart from the offset: the last block is not in them and never will be."""
    behind = replace(remembered.held[1], offsets={"student": 10})

    assert {one.id for one in stale(seen, replace(remembered, held=[behind]))} == {"st-1", "st-2"}


def test_stores_are_read_as_the_router_wrote_them_and_a_condemned_one_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "router-0" / "learners"
    written = Stores(folder, cache_bytes=1 << 20)
    state = Learner((b"123456",), (Fact(10, 1, "A"),))
    for number in (0, 1):
        store = asyncio.run(written.open(number, "student"))
        name = key("student", b"st-1")
        store.commit("student", {name: encode(state), key("student", b"st-2"): b"nonsense"}, 7)
        store.commit("learning", {}, 3)
        written.close(number, "student")
    (folder / "1" / "DAMAGED").touch()

    held, left_out = stores(tmp_path)

    states = {("student", b"st-1"): state, ("student", b"st-2"): None}
    assert held == [Held("router-0/0", 0, {"student": 7, "learning": 3}, states)]
    assert left_out == ["router-0/1: condemned"]
    assert misremember(held, Random(1))[1][0] == "router-0/0 student"
