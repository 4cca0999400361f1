"""How much of a request is taken into memory."""

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect, Request

from saan.wire.http.faults import SLOW, TOO_LARGE, Refused

_DRAIN_BYTES: Final = 64 * 1024 * 1024
_DRAIN_SECONDS: Final = 10.0


async def limited(request: Request, limit: int, patience: float = 60.0) -> bytes:
    """The body, if it is at most ``limit`` bytes and here within ``patience`` seconds. What exceeds it is never kept.

    An ordinary client reads no answer before it has sent everything, so the rest of a body that is moderately too
    large is received and dropped, within bounds; a sender beyond those bounds finds the connection closed.
    Raises ``Refused`` (GW-3, GW-11).
    """
    announced = request.headers.get("content-length", "")
    too_large = announced.isdecimal() and int(announced) > limit
    if too_large and int(announced) > _DRAIN_BYTES:
        raise Refused(TOO_LARGE)
    kept, received = bytearray(), 0
    try:
        async with asyncio.timeout(_DRAIN_SECONDS if too_large else patience) as clock:
            async for chunk in request.stream():
                received += len(chunk)
                if received > limit and not too_large:
                    too_large = True
                    kept.clear()
                    clock.reschedule(asyncio.get_running_loop().time() + _DRAIN_SECONDS)
                if received > _DRAIN_BYTES:
                    break
                if not too_large:
                    kept += chunk
    except (TimeoutError, ClientDisconnect) as cut:
        raise Refused(TOO_LARGE if too_large else SLOW) from cut
    if too_large:
        raise Refused(TOO_LARGE)
    return bytes(kept)
