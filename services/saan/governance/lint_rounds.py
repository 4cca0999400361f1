"""Lint of ``rounds.yaml``: every round falls in an order that can be kept, in every year and in every exception."""

from collections.abc import Iterator

from saan.core.rounds import Window
from saan.wire.files import Fault, Folder
from saan.wire.rounds import patterns, planned

_FILE = "rounds.yaml"
_ANY_YEAR = 2566
"""A year whose next calendar year is no leap year of the Christian era: what exists in it exists in every year."""


def faults(folder: Folder) -> Iterator[Fault]:
    """Every fault of the rounds."""
    for name in patterns(folder.rounds):
        yield from _orderly(f"rounds.{name}", folder, name, _ANY_YEAR - 1)
    for i, order in enumerate(folder.rounds.exceptions):
        if order.round not in folder.rounds.rounds:
            said = f"there is no round {order.round} above"
            yield Fault(_FILE, f"exceptions[{i}].round", f"ไม่มีรอบ {order.round} ในไฟล์นี้", said)
        else:
            yield from _orderly(f"exceptions[{i}]", folder, order.round, order.year)


def _orderly(at: str, folder: Folder, round: str, year: int) -> Iterator[Fault]:
    try:
        window = planned(folder.rounds, round, year)
    except ValueError:
        yield Fault(_FILE, at, "มีวันที่ที่ไม่มีในปฏิทิน", "one of its days is not in the calendar of every year")
        return
    if not _in_order(window):
        said = "a round opens, is confirmed from then or later on, and closes after that"
        yield Fault(_FILE, at, "ลำดับเวลาต้องเป็น เปิด ยืนยัน แล้วปิด", said)


def _in_order(window: Window) -> bool:
    return window.opens <= window.confirms < window.closes
