"""A request to stop cleanly, and the exit code that goes with it."""

import asyncio
import logging

from saan.wire.transport.leaving import Exit

log = logging.getLogger("saan.transport")


class Stopping:
    """The first request wins; `wait` returns its exit code."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._code = Exit.DONE

    def ask(self, code: Exit, why: str) -> None:
        """Let the running blocks end, then leave the group and return from `run` with `code`."""
        if not self._asked.is_set():
            log.info("stopping (%s): %s", code.name, why)
            self._code = code
            self._asked.set()

    async def wait(self) -> Exit:
        await self._asked.wait()
        return self._code
