"""The engine: Kafka and the registry of one folder, started together and watched by whoever started them.

    engine = Engine(Path(".saan"))
    endpoints = engine.start()
    ...
    engine.stop()

The data stays in the folder, so the next start goes on where this one ended, however it ended.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from saan.embedded import java, kafka, ports, registry, store
from saan.embedded.child import Child
from saan.embedded.errors import EngineError
from saan.embedded.fetch import fetch
from saan.embedded.folder import Hold
from saan.embedded.lock import Artifact, packaged_lock
from saan.embedded.progress import Silent, Watcher

START_SECONDS = 90.0  # a warm start takes three; a busy school laptop may take long
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the engine listens. All addresses are on the loopback interface.

    `bootstrap` is for stations (PLAINTEXT), `bootstrap_sasl` for participants (SASL_PLAINTEXT, SCRAM-SHA-512);
    `registry` is the base URL without a slash at the end, empty without a registry. `pids` has the Java processes by
    name: ``kafka`` or ``kafka-1`` …, and ``registry``.
    """

    bootstrap: str
    bootstrap_sasl: str
    registry: str
    pids: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Program:
    """How one child is started, and how one knows that it serves; `complete`: and all its like with it."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    output: Path
    ready: Callable[[], bool]
    complete: Callable[[], bool]


class Engine:
    """Kafka, and the registry unless it is not wanted, in one folder.

    Not for use from several threads, but for `restart` of different children.
    """

    def __init__(
        self,
        folder: Path,
        cache: Path | None = None,
        brokers: int = 1,
        registry: bool = True,
        advertised: Mapping[str, int] | None = None,
    ) -> None:
        """`folder` keeps the data; `cache` the programs (this user's cache when None). Starts nothing.

        `advertised` has the port by which others find a listener (``kafka/PLAINTEXT``, ``registry/http``) that has a
        proxy in front of it.
        """
        self.folder = folder
        self.cache = (cache or store.default_cache()).absolute()
        self._brokers, self._advertised = brokers, advertised or {}
        self._with_registry = registry
        self._hold: Hold | None = None
        self._programs: dict[str, _Program] = {}
        self._children: dict[str, Child] = {}
        self._endpoints: Endpoints | None = None

    def start(self, progress: Watcher | None = None) -> Endpoints:
        """Fetch what is missing, start all children side by side and wait until they serve.

        Raises EngineError; then nothing is left running.
        """
        watcher = progress or Silent()
        hold = self._hold = Hold(self.folder)
        try:
            fetch(self.cache, self._artifacts(), watcher=watcher)
            watcher.note("เริ่ม Kafka และทะเบียนสคีมา", "starting Kafka and the registry")
            self._launch(hold)
        except BaseException:
            self.stop(grace=0)
            raise
        return self.endpoints

    @property
    def endpoints(self) -> Endpoints:
        """Where it listens now. Raises EngineError when it is not started."""
        if self._endpoints is None:
            raise EngineError("engine.not-started", path=self.folder)
        return Endpoints(
            self._endpoints.bootstrap,
            self._endpoints.bootstrap_sasl,
            self._endpoints.registry,
            {name: child.pid for name, child in self._children.items()},
        )

    def poll(self) -> dict[str, int | None]:
        """The exit code of every child by name, None while it runs. Cheap: meant to be asked often."""
        return {name: child.exit_code for name, child in self._children.items()}

    def answers(self, name: str) -> bool:
        """True when the child `name` serves now: asks it a real question, waits at most two seconds."""
        return self._children[name].exit_code is None and self._programs[name].ready()

    def restart(self, name: str, grace: float = STOP_SECONDS) -> None:
        """Stop the child `name` if it still runs, start it again on the same ports and wait until it serves.

        The others go on, and it does not wait for them: a broker needs enough of its like for a controller, no more.
        Raises EngineError when it does not come back; the others still go on.
        """
        self._children[name].stop(grace)
        program = self._programs[name]
        self._spawn(program)
        self._await_ready({name: program.ready})

    def stop(self, grace: float = STOP_SECONDS) -> None:
        """Ask all children to stop, kill those that have not after `grace` seconds, and let the folder go."""
        for child in self._children.values():
            child.ask_to_stop()
        deadline = time.monotonic() + grace
        for child in self._children.values():
            child.wait(deadline)
        self._children.clear()
        self._endpoints = None
        if self._hold is not None:
            self._hold.release()
            self._hold = None

    def __enter__(self) -> Engine:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _artifacts(self) -> list[Artifact]:
        wanted = {"kafka", "registry"} if self._with_registry else {"kafka"}
        return [artifact for artifact in packaged_lock() if artifact.set in wanted]

    def _launch(self, hold: Hold) -> None:
        names = kafka.names(self._brokers)
        cluster = kafka.cluster_id(hold.root / "cluster.json", self._brokers, self.folder)
        slots = [f"{name}/{listener}" for name in names for listener in kafka.LISTENERS]
        slots += [f"{registry.NAME}/{listener}" for listener in registry.LISTENERS]
        assigned = ports.assign(slots, hold.root / "ports.json", random.Random())
        nodes = [
            kafka.Node(number, name, hold.root / name, _of(assigned, name), _of(self._advertised, name))
            for number, name in enumerate(names, start=1)
        ]
        registry_ports = _of(assigned, registry.NAME)
        if self._with_registry:  # first: it takes longest, and the brokers' storage is formatted meanwhile
            self._spawn(self._registry(hold, registry_ports))
        self._start_brokers(hold, nodes, cluster)
        self._endpoints = Endpoints(
            kafka.bootstrap(nodes, "PLAINTEXT"),
            kafka.bootstrap(nodes, "PARTICIPANTS"),
            registry.base_url(registry_ports | _of(self._advertised, registry.NAME)) if self._with_registry else "",
            {},
        )
        self._await_ready({name: program.complete for name, program in self._programs.items()})

    def _registry(self, hold: Hold, assigned: dict[str, int]) -> _Program:
        (app,) = (artifact for artifact in packaged_lock() if artifact.set == "registry")
        folder = hold.root / registry.NAME
        folder.mkdir(exist_ok=True)

        def ready() -> bool:
            return registry.is_ready(assigned)

        command = registry.command(store.place(self.cache, app), hold.temporary)
        environment = registry.environment(folder, assigned)
        return _Program(registry.NAME, command, environment, folder / "output.log", ready, complete=ready)

    def _start_brokers(self, hold: Hold, nodes: Sequence[kafka.Node], cluster: str) -> None:
        class_path = store.class_path(self.cache, packaged_lock(), "kafka")
        for node in nodes:
            kafka.configure(node, nodes)
        kafka.format_storage(nodes, cluster, class_path, hold.temporary)
        for node in nodes:
            command = kafka.command(node, class_path, hold.temporary)
            ready, complete = partial(kafka.is_ready, node, 1), partial(kafka.is_ready, node, len(nodes))
            self._spawn(_Program(node.name, command, java.ENVIRONMENT, node.output, ready, complete))

    def _spawn(self, program: _Program) -> None:
        assert self._hold is not None
        self._programs[program.name] = program
        # The leash keeps the lock: should this process be killed, the folder is free only when its children are gone.
        self._children[program.name] = Child(
            program.name,
            program.command,
            log=program.output,
            environment=program.environment,
            keep_open=[self._hold.descriptor],
        )

    def _await_ready(self, waiting: Mapping[str, Callable[[], bool]]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while waiting:
            for name in waiting:
                self._raise_if_dead(name)
            waiting = {name: ready for name, ready in waiting.items() if not ready()}
            if waiting and time.monotonic() > deadline:
                name = next(iter(waiting))
                folder = self._programs[name].output.parent
                raise EngineError("engine.not-ready", name=name, seconds=int(START_SECONDS), folder=folder)
            time.sleep(0.05 if waiting else 0)

    def _raise_if_dead(self, name: str) -> None:
        exit_code = self._children[name].exit_code
        if exit_code is not None:
            raise EngineError("engine.died", name=name, exit=exit_code, folder=self._programs[name].output.parent)


def _of(by_slot: Mapping[str, int], name: str) -> dict[str, int]:
    """The ports of one child by listener."""
    return {slot.removeprefix(f"{name}/"): port for slot, port in by_slot.items() if slot.startswith(f"{name}/")}
