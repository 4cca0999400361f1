"""How much of a request is taken into memory."""

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect, Request

from saan.wire.http.faults import TOO_LARGE, Refused

_DRAIN_BYTES: Final = 64 * 1024 * 1024
_DRAIN_SECONDS: Final = 10.0


async def limited(request: Request, limit: int) -> bytes:
    """The body, if it is at most ``limit`` bytes. What exceeds it is never kept.

    An ordinary client reads no answer before it has sent everything, so the rest of a body that is moderately too
    large is received and dropped, within bounds; a sender beyond those bounds finds the connection closed.
    """
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isdecimal() else 0
    if size > _DRAIN_BYTES:
        raise Refused(TOO_LARGE)
    kept, received = bytearray(), 0
    try:
        async with asyncio.timeout(None) as clock:
            async for chunk in request.stream():
                received += len(chunk)
                if received <= limit and size <= limit:
                    kept += chunk
                    continue
                kept.clear()
                if clock.when() is None:
                    clock.reschedule(asyncio.get_running_loop().time() + _DRAIN_SECONDS)
                if received > _DRAIN_BYTES:
                    break
    except TimeoutError as slow:
        raise Refused(TOO_LARGE) from slow
    except ClientDisconnect as gone:
        raise Refused(TOO_LARGE) from gone
    if received > limit:
        raise Refused(TOO_LARGE)
    return bytes(kept)
