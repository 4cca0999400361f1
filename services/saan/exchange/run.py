"""Starts the exchange of one folder and keeps it alive."""

import asyncio
import os
import random
import time
from pathlib import Path

from saan.embedded.child import Child
from saan.embedded.engine import Engine
from saan.embedded.ports import assign
from saan.embedded.progress import Watcher
from saan.exchange import endpoints as places
from saan.exchange.applying import Apply
from saan.exchange.mending import Mender
from saan.exchange.room import RoomWatch
from saan.exchange.stations import (
    STATIONS,
    STOPPING_ORDER,
    WITH_HTTP,
    WITH_SUCCESSOR,
    Ports,
    command,
    environment,
)
from saan.exchange.watched import Watched
from saan.wire import space
from saan.wire.settings import Settings

_LOOK_EVERY = 0.05
_GRACE = 10.0
_BETWEEN_SUCCESSORS = 2.0
"""Seconds between the starts of two successors, which would otherwise take the processor from those that serve."""


class Exchange:
    """Engine and stations of one folder. ``apply`` makes broker and registry what is governed before stations start."""

    def __init__(self, settings: Settings, apply: Apply, *, brokers: int = 1) -> None:
        self.settings = settings
        self._apply = apply
        self._engine = Engine(settings.dir, settings.cache, brokers=brokers, advertised=settings.advertised)
        self._stations: dict[str, Watched] = {}
        self._ports: dict[str, Ports] = {}
        self._successor_due = 0.0
        self._notice = places.Notice(settings.dir)

    def start(self, progress: Watcher | None = None) -> places.Endpoints:
        """Bring everything up; returns when all processes run. Raises what the engine or ``apply`` raises."""
        try:
            engine = self._engine.start(progress)
            self._apply(engine)
            self._ports = self._assigned()
            self._stations = {name: self._watched(name) for name in STATIONS}
            for station in self._stations.values():
                station.begin()
        except BaseException:
            self.stop()
            raise
        return self._tell()

    async def watch(self, stop: asyncio.Event) -> None:
        """Start again whatever ends, with growing pauses, until ``stop`` is set."""
        mender = Mender(self._engine)
        room = RoomWatch(lambda: space.rooms(self.settings.dir), self.settings.disk_reserve_mb * 1024 * 1024)
        try:
            while not stop.is_set():
                room.look()
                if self._mend(mender):
                    self._tell()
                self._notice.look()
                try:
                    await asyncio.wait_for(stop.wait(), _LOOK_EVERY)
                except TimeoutError:
                    continue
        finally:
            await mender.finish()

    def stop(self) -> None:
        """Stop intake first, then the rest, then the engine; kill what does not end in time."""
        stations = [self._stations[name] for name in STOPPING_ORDER if name in self._stations]
        for station in stations:
            station.dismiss()
        serving = [station.serving for station in stations if station.serving is not None]
        for process in serving:
            process.ask_to_stop()
        deadline = time.monotonic() + _GRACE
        for process in serving:
            process.wait(deadline)
        self._stations.clear()
        self._engine.stop()
        self._notice.remove()

    def _assigned(self) -> dict[str, Ports]:
        """The same ports as last time where they are free, so that a console's address can be kept."""
        slots = [f"{name}/metrics" for name in STATIONS] + [f"{name}/http" for name in sorted(WITH_HTTP)]
        given = assign(slots, self.settings.dir / "ports.json", random.Random())
        return {name: Ports(given.get(f"{name}/http", 0), given[f"{name}/metrics"]) for name in STATIONS}

    def _watched(self, name: str) -> Watched:
        def start(log: Path) -> Child:
            engine = self._engine.endpoints
            where = environment(os.environ, self.settings, self._ports[name], engine.bootstrap, engine.registry)
            return Child(name, command(name), log=log, environment=where)

        return Watched(name, start, self.settings.dir, succeeded=name in WITH_SUCCESSOR)

    def _mend(self, mender: Mender) -> bool:
        """Look once at every child; true when something was started."""
        changed = mender.look()
        if changed:
            for station in self._stations.values():
                station.wait_no_longer()
        for station in self._stations.values():
            changed |= station.look()
        return changed | self._prepare()

    def _prepare(self) -> bool:
        """Start one successor at most; true when one was started."""
        now = time.monotonic()
        if now < self._successor_due or not any(station.prepare() for station in self._stations.values()):
            return False
        self._successor_due = now + _BETWEEN_SUCCESSORS
        return True

    def _tell(self) -> places.Endpoints:
        engine = self._engine.endpoints
        host = self.settings.host
        http = {name: f"http://{host}:{ports.http}" for name, ports in self._ports.items() if ports.http}
        serving = {name: s.serving.pid for name, s in self._stations.items() if s.serving is not None}
        waiting = {f"{name}.next": s.successor.pid for name, s in self._stations.items() if s.successor is not None}
        told = places.Endpoints(
            bootstrap=engine.bootstrap,
            bootstrap_sasl=engine.bootstrap_sasl,
            registry=engine.registry,
            **http,
            metrics={name: f"http://{host}:{ports.metrics}/metrics" for name, ports in self._ports.items()},
            pids={**engine.pids, **serving, **waiting, "supervisor": os.getpid()},
        )
        self._notice.put(told)
        return told
