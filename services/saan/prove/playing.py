"""A run while it goes on: publishers at work, faults, and then the wait until all is at rest."""

import asyncio
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from saan.demo import ground
from saan.demo.owed import Owed
from saan.demo.province import Province
from saan.demo.schoolday import last_school_day
from saan.prove import state, words
from saan.prove.arsenal import Arsenal
from saan.prove.check import Meant, meant, unbalanced
from saan.prove.evidence import Evidence
from saan.prove.flow import Flow
from saan.prove.intent import Intent, IntentLog
from saan.prove.intent import read as read_log
from saan.prove.load import Author, Bodies
from saan.prove.nemesis import fingerprint
from saan.prove.options import Options, Tell
from saan.prove.processes import Processes
from saan.prove.publish import Desk
from saan.prove.reading import gather
from saan.prove.result import Course
from saan.prove.striking import LOOK, Striker, whole
from saan.wire import files
from saan.wire.credentials import Vault
from saan.wire.settings import Settings

_PUPILS: Final = 9_000
_HTTP_PUBLISHERS: Final = 3
_DRAIN: Final = 120.0
_TICK: Final = 60.0


@dataclass(frozen=True, slots=True)
class Played:
    """What a run leaves to be checked. ``drained``: see ``Result``; ``metrics``: what stations told at its end.

    ``ends`` and ``moves``: see ``state.Remembered``.
    """

    book: Meant
    seen: Evidence
    intents: Sequence[Intent]
    drained: float | None
    metrics: Sequence[tuple[str, bytes]]
    ends: Mapping[tuple[str, int], int]
    moves: state.Moves


class Playing:
    """One run on an exchange that is up. ``keeper`` keeps the logs meanwhile."""

    def __init__(
        self,
        settings: Settings,
        options: Options,
        processes: Processes,
        arsenal: Arsenal,
        keeper: words.Keeper,
        tell: Tell,
    ) -> None:
        self._settings, self._options, self._processes, self._tell = settings, options, processes, tell
        self._arsenal, self._keeper = arsenal, keeper
        self._intents = options.folder / "intents.jsonl"
        self._vault = Vault(settings.dir / "credentials")
        self._run = uuid.uuid5(uuid.NAMESPACE_URL, f"prove/{options.seed}").hex
        self._schemas = files.default_folder(settings.schemas)
        self._land = ground.read(self._schemas)
        self._province = Province(self._land, last_school_day(datetime.now(UTC)), options.seed, _PUPILS, self._run)
        self._began = self._ended = time.time()
        self._striker: Striker | None = None
        self._flow: Flow | None = None

    async def play(self) -> Played:
        endpoints = self._processes.where()
        assert endpoints is not None
        authors = self._authors()
        sources = frozenset(author.school.participant for author in authors)
        with IntentLog(self._intents) as log, Flow(endpoints.bootstrap, sources, log.handed_in) as flow:
            self._flow = flow
            desks = [self._desk(author, log) for author in authors]
            async with AsyncExitStack() as stack:
                stack.push_async_callback(_end, [asyncio.create_task(self._watch(flow))])
                await self._load(desks, flow)
                drained, book, seen, intents = await self._rest(flow)
        told = await asyncio.to_thread(lambda: list(words.metrics(endpoints.metrics)))
        ends = await asyncio.to_thread(state.ends, endpoints.bootstrap)
        return Played(book, seen, intents, drained, told, ends, state.moves(self._schemas))

    async def _load(self, desks: Sequence[Desk], flow: Flow) -> None:
        self._began = time.time()
        self._striker = Striker(self._processes, self._arsenal, self._options, self._began, self._tell)
        stop = asyncio.Event()
        at_work = [asyncio.create_task(desk.work(stop, self._options.rate, _DRAIN)) for desk in desks]
        try:
            await self._striker.strike(flow)
            self._ended = time.time()
            stop.set()
            self._tell("load ends, waiting for the last answers")
            await asyncio.gather(*at_work)
        finally:
            await _end(at_work)
        for desk in desks:
            await asyncio.to_thread(desk.finish, 30.0)

    def course(self) -> Course:
        """How it went so far."""
        striker, flow = self._striker, self._flow
        ended = self._ended if self._ended > self._began else time.time()
        return Course(
            run=self._options.folder.name,
            seed=self._options.seed,
            schedule=fingerprint(self._options.seed, self._arsenal.kinds),
            struck=striker.struck if striker else (),
            per_second={second - int(self._began): n for second, n in flow.per_second.items()} if flow else {},
            flowing=striker.flowing if striker else 0.0,
            ended=ended - self._began if striker else 0.0,
            brokers=self._options.brokers,
            lacking=self._arsenal.lacking,
        )

    def identities(self) -> frozenset[str]:
        """Every citizen ID that was published."""
        return frozenset(pupil.identity for school in self._land.schools for pupil in self._province.pupils(school))

    def secrets(self) -> Iterable[str]:
        """Every password and token of the exchange."""
        for path in sorted((self._settings.dir / "credentials").glob("*.json")):
            held = self._vault.read(path.stem)
            yield held.password
            yield from (token.secret for token in held.tokens)

    def _authors(self) -> list[Author]:
        owed, contents = Owed(self._schemas), Bodies(self._schemas)
        schools = [s for s in self._land.schools if s.kafka]
        schools += [s for s in self._land.schools if not s.kafka][:_HTTP_PUBLISHERS]
        return [Author(s, self._province, self._run, owed, contents, kafka=s.kafka) for s in schools]

    def _desk(self, author: Author, log: IntentLog) -> Desk:
        held = self._vault.read(author.school.participant)
        cache = self._options.folder / "schema-cache"
        return Desk(author, log, self._processes.where, held, self._schemas, cache)

    async def _watch(self, flow: Flow) -> None:
        """Keep logs, and say now and then how far it is."""
        next_tick = time.time() + _TICK
        while True:
            self._keeper.look()
            if time.time() >= next_tick and self._striker is not None:
                next_tick += _TICK
                gone = (time.time() - self._began) / 60
                left = max(0.0, self._options.minutes - gone)
                out, faults = sum(flow.per_second.values()), len(self._striker.struck)
                self._tell(f"{gone:4.0f} min  {left:.0f} min left, {faults} faults, {out:,} events out")
            await asyncio.sleep(LOOK)

    async def _rest(self, flow: Flow) -> tuple[float | None, Meant, Evidence, Sequence[Intent]]:
        """Wait until everything that was taken in is decided and in the ledger, or nothing more happens."""
        began = time.time()
        intents, answers = read_log(self._intents)
        book = meant(intents, answers)
        owed = book.accepted.keys() & book.taken
        while not owed <= flow.keys and time.time() - began < _DRAIN:
            await whole(self._processes.revive)
            await asyncio.sleep(LOOK)
        self._tell(f"{len(owed - flow.keys)} events have not come out")
        while True:
            endpoints = self._processes.where()
            assert endpoints is not None
            seen = await asyncio.to_thread(gather, endpoints.bootstrap, endpoints.registry)
            if not any(unbalanced(book, seen)):
                return time.time() - began, book, seen, intents
            if time.time() - began > _DRAIN:
                return None, book, seen, intents
            await asyncio.sleep(1.0)


async def _end(tasks: Sequence["asyncio.Task[None]"]) -> None:
    """Cancel what still runs and wait for it; what had failed fails here."""
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
