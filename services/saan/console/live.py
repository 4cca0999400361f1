"""What watchers of the page are sent: the parts that changed, about once a second, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

import orjson

_EVERY: Final = 1.0

Parts = Callable[[str], Mapping[str, str]]
"""The living parts of the page in a language, as they are now."""


class Shared:
    """The same parts for everybody who asks within one beat. ``clock`` gives seconds that only go forward."""

    def __init__(self, parts: Parts, clock: Callable[[], float], every: float = _EVERY) -> None:
        self._parts, self._clock, self._every = parts, clock, every
        self._made: dict[str, tuple[float, Mapping[str, str]]] = {}

    def __call__(self, language: str) -> Mapping[str, str]:
        at, parts = self._made.get(language, (float("-inf"), {}))
        if self._clock() - at >= self._every * 0.9:
            at, parts = self._made[language] = self._clock(), self._parts(language)
        return parts


async def stream(parts: Parts, language: str, closing: asyncio.Event, every: float = _EVERY) -> AsyncIterator[bytes]:
    """Events in the format of ``text/event-stream``, until ``closing`` is set. The first one holds every part."""
    yield b"retry: 1000\n\n"
    shown: Mapping[str, str] = {}
    while not closing.is_set():
        now = parts(language)
        changed = {id: str(html) for id, html in now.items() if shown.get(id) != html}
        yield b"data: " + orjson.dumps(changed) + b"\n\n"
        shown = now
        try:
            await asyncio.wait_for(closing.wait(), every)
        except TimeoutError:
            continue
