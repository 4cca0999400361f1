"""A store whose disk is full says so, and holds afterwards what was written whole before."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from saan.prove.faults.disk import Disk, Disks
from saan.wire.store import Store, Stores, key
from saan.wire.transport.errors import Unable

MIB = 1024 * 1024
LEARNER = key("student", b"st-1")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if (why := Disks(["kafka"]).lacking()) is not None:
        pytest.skip(why)
    disk = Disk(tmp_path / "state", 8 * MIB)
    disk.mount()
    yield disk
    disk.unmount()


def opened(disk: Disk) -> Store:
    return asyncio.run(Stores(disk.path).open(0, "student"))


def commit(store: Store, n: int) -> None:
    """The n-th commit writes n."""
    store.commit("student", {LEARNER: str(n).encode(), key("student", b"other"): bytes(MIB // 4)}, n + 1)


def commit_on_and_on(store: Store, taken: list[int]) -> None:
    for n in count():
        commit(store, n)
        taken.append(n)


def test_a_store_on_a_full_disk_names_the_folder_and_goes_on_where_it_was_once_there_is_room(disk: Disk) -> None:
    store = opened(disk)
    taken: list[int] = []
    with pytest.raises(Unable, match=f"{disk.path}.* is full"):
        commit_on_and_on(store, taken)
    with pytest.raises(Unable):  # another domain of the same store, before the process has left
        commit(store, len(taken) + 1)
    with suppress(Unable):  # what is still in memory may not fit
        store.close()

    disk.resize(64 * MIB)
    found = opened(disk)
    offset = found.offset("student")
    assert 0 < offset <= len(taken)
    assert found.get([LEARNER])[LEARNER] == str(offset - 1).encode()
