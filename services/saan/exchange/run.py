"""Starts the exchange of one folder and keeps it alive."""

import asyncio
import os
import random
import time
from dataclasses import dataclass, field

import structlog

from saan.embedded.child import Child
from saan.embedded.engine import Engine
from saan.embedded.ports import assign
from saan.embedded.progress import Watcher
from saan.exchange import endpoints as places
from saan.exchange.applying import Apply
from saan.exchange.backoff import Backoff
from saan.exchange.mending import Mender
from saan.exchange.stations import STATIONS, STOPPING_ORDER, WITH_HTTP, Ports, command, environment, log_file
from saan.wire.settings import Settings

_LOG = structlog.get_logger()
_LOOK_EVERY = 0.1
_GRACE = 10.0


@dataclass(slots=True)
class _Watched:
    """One station process and its history."""

    name: str
    ports: Ports
    child: Child | None = None
    started: float = 0.0
    backoff: Backoff = field(default_factory=Backoff)
    due: float = 0.0


class Exchange:
    """Engine and stations of one folder. ``apply`` makes broker and registry what is governed before stations start."""

    def __init__(self, settings: Settings, apply: Apply, *, brokers: int = 1) -> None:
        self.settings = settings
        self._apply = apply
        self._engine = Engine(settings.dir, settings.cache, brokers=brokers, advertised=settings.advertised)
        self._stations: dict[str, _Watched] = {}
        self._told = False  # that the folder's endpoints.json is ours

    def start(self, progress: Watcher | None = None) -> places.Endpoints:
        """Bring everything up; returns when all processes run. Raises what the engine or ``apply`` raises."""
        try:
            engine = self._engine.start(progress)
            self._apply(engine)
            self._stations = {name: _Watched(name, ports) for name, ports in self._ports().items()}
            for station in self._stations.values():
                self._spawn(station)
        except BaseException:
            self.stop()
            raise
        return self._tell()

    async def watch(self, stop: asyncio.Event) -> None:
        """Start again whatever ends, with growing pauses, until ``stop`` is set."""
        mender = Mender(self._engine)
        try:
            while not stop.is_set():
                if self._mend(mender):
                    self._tell()
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
            if station.child is not None:
                station.child.ask_to_stop()
        deadline = time.monotonic() + _GRACE
        for station in stations:
            if station.child is not None:
                station.child.wait(deadline)
        self._stations.clear()
        self._engine.stop()
        if self._told:
            places.clear(self.settings.dir)

    def _ports(self) -> dict[str, Ports]:
        """The same ports as last time where they are free, so that a console's address can be kept."""
        slots = [f"{name}/metrics" for name in STATIONS] + [f"{name}/http" for name in sorted(WITH_HTTP)]
        given = assign(slots, self.settings.dir / "ports.json", random.Random())
        return {name: Ports(given.get(f"{name}/http", 0), given[f"{name}/metrics"]) for name in STATIONS}

    def _spawn(self, station: _Watched) -> None:
        engine = self._engine.endpoints
        station.child = Child(
            station.name,
            command(station.name),
            log=log_file(self.settings.dir, station.name),
            environment=environment(os.environ, self.settings, station.ports, engine.bootstrap, engine.registry),
        )
        station.started = time.monotonic()

    def _mend(self, mender: Mender) -> bool:
        """Look once at every child; true when something was started again."""
        changed = mender.look()
        if changed:
            self._wait_no_longer()
        for station in self._stations.values():
            changed |= self._mend_station(station)
        return changed

    def _wait_no_longer(self) -> None:
        """What stations fell over for is back: those that wait are started now, as if for the first time."""
        for station in self._stations.values():
            if station.child is None:
                station.backoff, station.due = Backoff(), 0.0

    def _mend_station(self, station: _Watched) -> bool:
        now = time.monotonic()
        if station.child is not None and (code := station.child.exit_code) is not None:
            station.child.wait(now)
            station.child = None
            station.backoff = station.backoff.after(now - station.started)
            station.due = now + station.backoff.wait
            _LOG.warning("station.ended", station=station.name, exit=code, again_in=station.backoff.wait)
        if station.child is None and now >= station.due:
            self._spawn(station)
            return True
        return False

    def _tell(self) -> places.Endpoints:
        engine = self._engine.endpoints
        host = self.settings.host
        http = {name: f"http://{host}:{s.ports.http}" for name, s in self._stations.items() if s.ports.http}
        stations = {name: s.child.pid for name, s in self._stations.items() if s.child is not None}
        told = places.Endpoints(
            bootstrap=engine.bootstrap,
            bootstrap_sasl=engine.bootstrap_sasl,
            registry=engine.registry,
            **http,
            metrics={name: f"http://{host}:{s.ports.metrics}/metrics" for name, s in self._stations.items()},
            pids={**engine.pids, **stations, "supervisor": os.getpid()},
        )
        places.write(self.settings.dir, told)
        self._told = True
        return told
