"""A store holds states and the offset they reflect, and can be thrown away at any time."""

import subprocess
import sys
from pathlib import Path

import pytest

from saan.wire.store import Stores, key
from saan.wire.transport.errors import Unable


def stores(folder: Path) -> Stores:
    return Stores(folder, cache_bytes=1 << 20)


A, B = key("student", b"a"), key("student", b"b")


async def test_states_and_offset_are_there_after_closing_and_opening(tmp_path: Path) -> None:
    first = stores(tmp_path)
    (await first.open(3, "student")).commit("student", {A: b"1"}, 17)
    first.close(3, "student")
    again = await stores(tmp_path).open(3, "student")
    assert again.get([A, B]) == {A: b"1", B: None}
    assert again.offset("student") == 17
    again.close()


async def test_the_domains_of_a_partition_share_one_store_until_the_last_gives_it_back(tmp_path: Path) -> None:
    both = stores(tmp_path)
    student, learning = await both.open(0, "student"), await both.open(0, "learning")
    assert student is learning
    both.close(0, "student")
    both.close(0, "student")
    learning.commit("learning", {key("learning", b"a"): b"x"}, 1)
    both.close(0, "learning")
    assert await both.open(0, "student") is not student
    both.close(0, "student")


async def test_resetting_a_domain_leaves_the_others_alone(tmp_path: Path) -> None:
    held = stores(tmp_path)
    store = await held.open(0, "student")
    other = key("students", b"a")
    store.commit("student", {A: b"1"}, 5)
    store.commit("students", {other: b"2"}, 6)
    store.reset("student")
    assert store.get([A, other]) == {A: None, other: b"2"}
    assert (store.offset("student"), store.offset("students")) == (0, 6)
    held.close(0, "student")


@pytest.mark.parametrize("harm", ["CURRENT", "MANIFEST"])
async def test_a_corrupted_store_is_thrown_away_and_begins_empty(tmp_path: Path, harm: str) -> None:
    held = stores(tmp_path)
    (await held.open(0, "student")).commit("student", {A: b"1"}, 5)
    held.close(0, "student")
    for file in (tmp_path / "0").glob(f"{harm}*"):
        file.write_bytes(b"nonsense")
    store = await held.open(0, "student")
    assert store.get([A]) == {A: None}
    assert store.offset("student") == 0
    held.close(0, "student")


async def test_a_store_that_fails_while_it_is_read_is_not_opened_again(tmp_path: Path) -> None:
    held = stores(tmp_path)
    store = await held.open(0, "student")
    store.commit("student", {A: b"1"}, 5)
    held.close(0, "student")
    with pytest.raises(Unable, match="the store of partition 0 cannot be used"):
        store.get([A])
    assert (await held.open(0, "student")).offset("student") == 0
    held.close(0, "student")


async def test_a_store_held_by_another_process_is_waited_for_and_left_whole(tmp_path: Path) -> None:
    holder = (
        "import asyncio, sys, time; from pathlib import Path; from saan.wire.store import Stores, key\n"
        "store = asyncio.run(Stores(Path(sys.argv[1]), cache_bytes=1 << 20).open(0, 'student'))\n"
        "store.commit('student', {key('student', b'a'): b'1'}, 5); print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        impatient = stores(tmp_path)
        impatient.lock_wait = 0.3
        with pytest.raises(Unable, match="held by another process"):
            await impatient.open(0, "student")
        other.kill()
    store = await stores(tmp_path).open(0, "student")
    assert store.get([A]) == {A: b"1"}
    store.close()
