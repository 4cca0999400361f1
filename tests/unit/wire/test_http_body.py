"""How much of a request is taken into memory, and for how long a sender is waited for."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import Request

from saan.wire.http.body import limited
from saan.wire.http.faults import Refused


def request(chunks: AsyncIterator[bytes], length: int | None = None) -> Request:
    async def receive() -> dict[str, Any]:
        async for chunk in chunks:
            return {"type": "http.request", "body": chunk, "more_body": True}
        return {"type": "http.request", "body": b"", "more_body": False}

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


async def chunks(count: int, size: int, taken: list[int]) -> AsyncIterator[bytes]:
    for _ in range(count):
        taken.append(size)
        yield b"x" * size


async def test_a_body_up_to_the_limit_is_returned_whole() -> None:
    assert await limited(request(chunks(4, 25, [])), 100) == b"x" * 100


@pytest.mark.parametrize("announced", [None, 200])
async def test_a_body_that_is_moderately_too_large_is_received_and_dropped(announced: int | None) -> None:
    taken: list[int] = []
    with pytest.raises(Refused, match="GW-3"):
        await limited(request(chunks(8, 25, taken), announced), 100)
    assert sum(taken) == 200


async def test_a_body_that_is_hopelessly_too_large_is_not_received_at_all() -> None:
    taken: list[int] = []
    with pytest.raises(Refused, match="GW-3"):
        await limited(request(chunks(8, 25, taken), 10**12), 100)
    assert taken == []


async def test_an_endless_body_is_given_up() -> None:
    taken: list[int] = []
    with pytest.raises(Refused, match="GW-3"):
        await limited(request(chunks(1_000_000, 1_000_000, taken)), 100)
    assert sum(taken) < 100_000_000


async def test_a_sender_that_falls_silent_is_not_waited_for_forever() -> None:
    async def stalled() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    with pytest.raises(Refused, match="GW-11"):
        await limited(request(stalled()), 100, patience=0.05)
