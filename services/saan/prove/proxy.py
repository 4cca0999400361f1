"""A network that can be made bad: passes TCP connections on, slowly, brokenly or not at all when told to.

It runs in a thread of its own, so that it goes on while whoever strikes is asleep.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from saan.embedded.ports import HOST

_CHUNK: Final = 64 * 1024
_AHEAD: Final = 64
"""Chunks that one direction holds back at a time; who sends more is made to wait, as by a full window."""
_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""To linger for no time at all: the other side sees its connection reset, not closed."""

Find = Callable[[str], int | None]
T = TypeVar("T")


class Proxy:
    """Listens on a port per name and passes on to where ``find`` says that the name listens now, if it does.

    Its orders may come from any thread and are done when they return.
    """

    def __init__(self, ports: Mapping[str, int], find: Find) -> None:
        self.ports, self._find = ports, find
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="prove-proxy", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._lines: list[list[asyncio.StreamWriter]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._delay: Callable[[], float] | None = None

    def start(self) -> None:
        """Listen. Raises OSError when a port is taken."""
        self._thread.start()
        self._do(self._open())

    def close(self) -> None:
        """Reset all connections and end the thread."""
        if self._thread.ident is not None:
            self._do(self._shut())
            self._do(self._leave())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    def slow(self, delay: Callable[[], float] | None) -> None:
        """Hold each chunk back for as many seconds as ``delay`` says, in order; ``None``: no longer."""
        self._delay = delay

    def swallow(self, swallowing: bool) -> None:
        """Whether to keep connections open and pass nothing. What was sent meanwhile arrives afterwards."""
        self._loop.call_soon_threadsafe(self._passing.clear if swallowing else self._passing.set)

    def cut(self) -> None:
        """Reset every connection and refuse new ones."""
        self._do(self._shut())

    def mend(self) -> None:
        """Accept connections again."""
        self._do(self._open())

    def reset(self, chosen: Callable[[], bool]) -> int:
        """Reset the connections of which ``chosen`` says so; how many they were."""
        return self._do(self._reset(chosen))

    def _do(self, order: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(order, self._loop).result(10)

    async def _open(self) -> None:
        for name, port in self.ports.items():
            self._servers.append(await asyncio.start_server(partial(self._accept, name), HOST, port))

    async def _shut(self) -> None:
        for server in self._servers:
            server.close()
        self._servers.clear()
        await self._reset(lambda: True)

    async def _reset(self, chosen: Callable[[], bool]) -> int:
        struck = [line for line in self._lines if chosen()]
        for line in struck:
            _reset(*line)
        return len(struck)

    async def _leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._serve(name, reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = [writer]
        self._lines.append(line)
        try:
            await self._passing.wait()
            far_reader, far_writer = await asyncio.open_connection(HOST, self._find(name))
            line.append(far_writer)
            if writer.transport.is_closing():  # it was reset meanwhile
                raise ConnectionResetError
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass(reader, far_writer))
                both.create_task(self._pass(far_reader, writer))
        except* OSError:
            _reset(*line)
        finally:
            self._lines.remove(line)
            for end in line:
                end.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction, until its end. Raises a group of OSError when the connection breaks."""
        held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_AHEAD)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pass_on(held, writer))
            due, chunk = 0.0, b"first"
            while chunk:
                chunk = await reader.read(_CHUNK)
                due = max(due, self._loop.time() + (self._delay() if self._delay else 0.0))
                await held.put((due, chunk))

    async def _pass_on(self, held: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            due, chunk = await held.get()
            await asyncio.sleep(max(0.0, due - self._loop.time()))
            await self._passing.wait()
            if not chunk:
                writer.write_eof()
                return
            writer.write(chunk)
            await writer.drain()


def _reset(*ends: asyncio.StreamWriter) -> None:
    for end in ends:
        known: socket.socket = end.get_extra_info("socket")
        with contextlib.suppress(OSError):  # it is gone already
            known.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        end.transport.abort()
