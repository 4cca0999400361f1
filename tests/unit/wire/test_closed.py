"""Closings are read as they are written; what cannot be read says nothing."""

from types import SimpleNamespace
from typing import Any

import pytest

from saan.core.learner import Note
from saan.wire.closed import Closed, record

SCHOOL = "SC-73ac495accea"


def told(key: bytes | None, value: bytes | None) -> Any:
    return SimpleNamespace(key=key, value=value, offset=0)


async def test_what_is_written_is_what_is_read_and_a_change_is_said_once() -> None:
    closed, changes = Closed({}), []
    closed.on_change = lambda: changes.append(dict(closed.days))

    assert closed.take(told(*record(SCHOOL, Note("status", 20_000, "02"))))
    await closed.at_end()
    await closed.at_end()
    assert closed.take(told(*record(SCHOOL, None)))
    await closed.at_end()

    assert changes == [{SCHOOL: 20_000}, {}]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (None, b'{"day": 1}'),
        (b"\xff", b'{"day": 1}'),
        (b"SC", b""),
        (b"SC", b"{"),
        (b"SC", b"[]"),
        (b"SC", b"{}"),
        (b"SC", b'{"day": "1"}'),
    ],
)
async def test_a_record_that_cannot_be_read_says_nothing(key: bytes | None, value: bytes) -> None:
    closed = Closed({})

    assert not closed.take(told(key, value))
    await closed.at_end()
    assert closed.days == {}


async def test_what_is_known_stays_until_everything_is_read_anew() -> None:
    closed = Closed({})
    closed.take(told(*record(SCHOOL, Note("status", 20_000, "02"))))
    await closed.at_end()
    closed.begin()

    assert closed.days == {SCHOOL: 20_000}
    await closed.at_end()
    assert closed.days == {}
