"""A disk that runs low, is full or has room again is said once, with what to do."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from saan.exchange.room import RoomWatch
from saan.wire.space import FULL, Room

MIB = 1024 * 1024
RESERVE = 512 * MIB
FOLDER = Path("data")


class Disk:
    """A disk whose free bytes the test sets, and a clock that jumps two seconds with every look."""

    def __init__(self) -> None:
        self.free, self.now = 10 * RESERVE, 0.0

    def rooms(self) -> list[Room]:
        return [Room(FOLDER, self.free)]

    def clock(self) -> float:
        self.now += 2
        return self.now


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def watch(disk: Disk) -> RoomWatch:
    return RoomWatch(disk.rooms, RESERVE, disk.clock)


def said(disk: Disk, watch: RoomWatch, *free: int) -> list[str]:
    with capture_logs() as logs:
        for disk.free in free:
            watch.look()
    return [log["event"] for log in logs]


def test_a_disk_with_room_is_not_spoken_of(disk: Disk, watch: RoomWatch) -> None:
    assert said(disk, watch, RESERVE, RESERVE + 1) == []


def test_each_change_is_said_once(disk: Disk, watch: RoomWatch) -> None:
    steps = [RESERVE - 1, RESERVE - 2, 0, FULL - 1, RESERVE, RESERVE + 1]

    assert said(disk, watch, *steps) == ["engine.disk-low", "engine.disk-full", "engine.disk-free-again"]


def test_a_full_disk_is_named_with_what_to_do_in_both_languages(disk: Disk, watch: RoomWatch) -> None:
    disk.free = 0
    with capture_logs() as logs:
        watch.look()

    assert all(part in logs[0]["said"] for part in ("ดิสก์", str(FOLDER), "is full", "free some space"))


def test_it_is_measured_once_a_second_however_often_it_is_asked(disk: Disk) -> None:
    watch = RoomWatch(disk.rooms, RESERVE, lambda: 7.0)
    watch.look()

    assert said(disk, watch, 0, 0) == []
