import asyncio
from collections import Counter
from typing import Any

import pytest

from saan.demo.delivered import Receipts
from saan.demo.progress import Quiet
from saan.demo.settling import Settling, Unsettled

ONE, TWO = ("s", "1"), ("s", "2")


def receipt(**lists: Any) -> dict[str, Any]:
    return {"participant": "s", "accepted": [], "duplicates": [], "refused": [], "warnings": [], **lists}


def taken(*ids: str) -> dict[str, Any]:
    return receipt(accepted=[{"eventId": id, "subject": f"st-{id}"} for id in ids])


def refused(id: str, *codes: str, verdict: str = "REJECTED") -> dict[str, Any]:
    return receipt(refused=[{"eventId": id, "code": code, "verdict": verdict} for code in codes])


class Script:
    """Inboxes into which one receipt comes at every reading; ``None`` is a reading without news."""

    def __init__(self, *receipts: dict[str, Any] | Exception | None) -> None:
        self.receipts = Receipts()
        self._coming = list(receipts)

    def read(self, seconds: float) -> int:
        came = self._coming.pop(0) if self._coming else None
        if isinstance(came, Exception):
            raise came
        if came is None:
            return 0
        self.receipts.add(came)
        return 1


async def settle(inboxes: Script, copies: Counter[tuple[str, str]], patience: float = 5.0) -> None:
    handed_in = set(copies)
    async with Settling(inboxes, patience) as settling:
        await settling.wait(handed_in, copies, Quiet())
    assert not handed_in


async def test_it_waits_until_everything_has_a_receipt() -> None:
    inboxes = Script(None, taken("1"), None, refused("2", "V1", "V3"))
    await settle(inboxes, Counter([ONE, TWO]))
    assert inboxes.receipts.accepted == {ONE}
    assert inboxes.receipts.refused == {TWO: ("V1", "V3")}
    assert inboxes.receipts.subjects == {ONE: "st-1"}


async def test_an_event_handed_in_twice_is_settled_when_its_repeat_is_known_too() -> None:
    inboxes = Script(taken("1"), None, receipt(duplicates=["1"]))
    await settle(inboxes, Counter([ONE, ONE]))
    assert inboxes.receipts.repeats == {ONE: 1}


async def test_a_parked_event_is_told_apart() -> None:
    inboxes = Script(refused("1", "WIRE-10", verdict="PARKED"))
    await settle(inboxes, Counter([ONE]))
    assert inboxes.receipts.parked == {ONE}


async def test_it_gives_up_when_nothing_moves_and_names_what_is_missing() -> None:
    with pytest.raises(Unsettled, match="s: 1") as told:
        await settle(Script(taken("1")), Counter([ONE, TWO]), patience=1.0)
    assert told.value.waiting == {"s": 1}


async def test_a_reading_that_fails_ends_the_waiting() -> None:
    with pytest.raises(OSError, match="gone"):
        await asyncio.wait_for(settle(Script(None, OSError("gone")), Counter([ONE])), 3)
