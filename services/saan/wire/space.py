"""How much room the disks of an exchange have left: whoever writes there says the same about it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FULL: Final = 4 * 1024 * 1024
"""Bytes below which a disk counts as full: no log, store or snapshot can be sure of its next write."""


@dataclass(frozen=True, slots=True)
class Room:
    """One file system, by the folder of the exchange that lies on it, with its free bytes."""

    folder: Path
    free: int

    @property
    def full(self) -> bool:
        return self.free < FULL


def rooms(folder: Path) -> Iterator[Room]:
    """Every file system below the folder of an exchange: its own, that of the state, those of brokers that live here.

    What is not there (yet) has no room.
    """
    seen = set()
    for place in (folder, folder / "state", *sorted(folder.glob("engine/*/data"))):
        try:
            device, free = place.stat().st_dev, shutil.disk_usage(place).free
        except FileNotFoundError:
            continue
        if device not in seen:
            seen.add(device)
            yield Room(place, free)


def full(folder: Path) -> bool:
    """Whether any disk of this exchange is full."""
    return any(room.full for room in rooms(folder))


def refused(error: Exception) -> bool:
    """Whether something failed because a disk is full; databases tell it in words only."""
    return "No space left" in str(error)


def said_full(folder: Path) -> str:
    """For people: what is wrong, what to do, and what happens then."""
    return (
        f"ดิสก์ที่ {folder} เต็ม · the disk at {folder} is full; "
        "เพิ่มพื้นที่ว่างแล้วระบบจะทำงานต่อเองโดยข้อมูลไม่สูญ · free some space: work goes on by itself and nothing is lost"
    )


def said_low(folder: Path, free: int) -> str:
    mib = free // (1024 * 1024)
    return (
        f"ดิสก์ที่ {folder} เหลือ {mib} MB · the disk at {folder} has {mib} MB left; "
        "เพิ่มพื้นที่ก่อนเต็ม มิฉะนั้นจะหยุดรับข้อมูล · free some space before it is full: intake stops then"
    )
