"""One run: an exchange of its own, publishers at work, faults by schedule, and the checkers once all is at rest."""

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from saan.demo import ground
from saan.demo.owed import Owed
from saan.demo.province import Province
from saan.demo.schoolday import last_school_day
from saan.prove import plant, words
from saan.prove.arsenal import Arsenal
from saan.prove.check import Found, Meant, check, meant, unbalanced
from saan.prove.evidence import Evidence
from saan.prove.faults import Fault, all_means
from saan.prove.flow import Flow
from saan.prove.intent import Intent, IntentLog
from saan.prove.intent import read as read_log
from saan.prove.load import Author, Bodies
from saan.prove.nemesis import fingerprint, schedule
from saan.prove.processes import Processes
from saan.prove.publish import Desk
from saan.prove.reading import gather
from saan.prove.result import Result, Struck
from saan.wire import files
from saan.wire.credentials import Vault
from saan.wire.settings import Settings

_LOG = structlog.get_logger()
_PUPILS: Final = 9_000
_HTTP_PUBLISHERS: Final = 3
_RECOVERY: Final = 90.0
_DRAIN: Final = 120.0
_LOOK: Final = 0.2

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """``rate`` is events per second of each publisher; ``faults`` false runs the load alone.

    ``brokers`` is 1 or 3; ``only`` names kinds of faults to which the schedule is held, all of them when empty.
    """

    folder: Path
    minutes: float = 2.0
    seed: int = 1
    rate: float = 20.0
    faults: bool = True
    brokers: int = 1
    only: Sequence[str] = ()


async def prove(settings: Settings, options: Options, tell: Tell) -> Result:
    """Play one run in ``options.folder``. Raises ``NeverUp``, ``UnknownFault`` and ``reading.Unread``."""
    kept = options.folder / "logs"
    kept.mkdir(parents=True, exist_ok=True)
    own = settings.model_copy(update={"dir": options.folder / "exchange"})
    processes = Processes(own, kept, brokers=options.brokers)
    arsenal = Arsenal(all_means(options.folder, processes.brokers), options.only)
    try:
        processes.given |= arsenal.prepare(own.dir)
        await asyncio.to_thread(processes.start)
        return await _Run(own, options, processes, arsenal, tell).play()
    finally:
        await asyncio.to_thread(processes.stop)
        arsenal.close()


class _Run:
    """One run while it goes on."""

    def __init__(
        self, settings: Settings, options: Options, processes: Processes, arsenal: Arsenal, tell: Tell
    ) -> None:
        self._settings, self._options, self._processes, self._tell = settings, options, processes, tell
        self._arsenal = arsenal
        self._keeper = words.Keeper(settings.dir / "logs", options.folder / "logs")
        self._intents = options.folder / "intents.jsonl"
        self._vault = Vault(settings.dir / "credentials")
        self._run = uuid.uuid5(uuid.NAMESPACE_URL, f"prove/{options.seed}").hex
        self._schemas = files.default_folder(settings.schemas)
        self._land = ground.read(self._schemas)
        self._province = Province(self._land, last_school_day(datetime.now(UTC)), options.seed, _PUPILS, self._run)
        self._stop, self._over = asyncio.Event(), asyncio.Event()
        self._struck: list[Struck] = []
        self._began = 0.0

    async def play(self) -> Result:
        endpoints = self._processes.where()
        assert endpoints is not None
        authors = self._authors()
        sources = frozenset(author.school.participant for author in authors)
        with IntentLog(self._intents) as log, Flow(endpoints.bootstrap, sources, log.handed_in) as flow:
            desks = [self._desk(author, log) for author in authors]
            async with AsyncExitStack() as stack:
                watching = asyncio.create_task(self._watch())
                stack.push_async_callback(self._end, watching)
                self._began = time.time()
                at_work = [asyncio.create_task(d.work(self._stop, self._options.rate, _DRAIN)) for d in desks]
                await self._faults(flow)
                self._stop.set()
                self._tell("load ends, waiting for the last answers")
                await asyncio.gather(*at_work)
                for desk in desks:
                    await asyncio.to_thread(desk.finish, 30.0)
                minutes = (time.time() - self._began) / 60
                drained, book, seen, intents = await self._rest(flow)
            return self._result(minutes, drained, book, seen, intents, flow)

    async def _end(self, watching: "asyncio.Task[None]") -> None:
        self._over.set()
        await watching

    def _authors(self) -> list[Author]:
        owed, contents = Owed(self._schemas), Bodies(self._schemas)
        schools = [s for s in self._land.schools if s.kafka]
        schools += [s for s in self._land.schools if not s.kafka][:_HTTP_PUBLISHERS]
        return [Author(s, self._province, self._run, owed, contents, kafka=s.kafka) for s in schools]

    def _desk(self, author: Author, log: IntentLog) -> Desk:
        held = self._vault.read(author.school.participant)
        cache = self._options.folder / "schema-cache"
        return Desk(author, log, self._processes.where, held, self._schemas, cache)

    async def _watch(self) -> None:
        """Keep logs, and start the supervisor again should it end although nobody asked."""
        while not self._over.is_set():
            self._keeper.look()
            await asyncio.sleep(_LOOK)

    async def _faults(self, flow: Flow) -> None:
        end = time.time() + self._options.minutes * 60
        if await self._recovered(flow, time.time()) is None:
            self._tell("nothing flows although nothing was struck")
        self._tell("everything flows")
        for name, why in self._arsenal.lacking.items():
            self._tell(f"{name} cannot be had here: {why}")
        for fault in self._schedule():
            await asyncio.sleep(fault.pause)
            if time.time() + fault.lasts >= end:
                break
            began = time.time()
            self._tell(f"{began - self._began:6.1f} s  {fault.kind} {' '.join(fault.targets)} {fault.lasts or ''}")
            since = await asyncio.to_thread(self._arsenal.acts[fault.kind], self._processes, fault)
            recovery = await self._recovered(flow, since)
            self._tell(f"{time.time() - self._began:6.1f} s    flows again after {recovery}")
            self._struck.append(Struck(fault.named, fault.targets, began - self._began, since - self._began, recovery))
        await asyncio.sleep(max(0.0, end - time.time()))

    def _schedule(self) -> Iterator[Fault]:
        """The faults of the seed, without those that this machine does not allow."""
        if not self._options.faults or not self._arsenal.acts:
            return iter(())
        drawn = schedule(self._options.seed, self._arsenal.kinds)
        return (fault for fault in drawn if fault.kind in self._arsenal.acts)

    async def _recovered(self, flow: Flow, since: float) -> float | None:
        deadline = time.time() + _RECOVERY
        while time.time() < deadline:
            if await asyncio.to_thread(self._processes.revive):
                self._tell("the supervisor had ended by itself and was started again")
            if (seconds := flow.recovery(since)) is not None:
                return seconds
            await asyncio.sleep(_LOOK)
        return None

    async def _rest(self, flow: Flow) -> tuple[float | None, Meant, Evidence, Sequence[Intent]]:
        """Wait until everything that was taken in is decided and in the ledger, or nothing more happens."""
        began = time.time()
        intents, answers = read_log(self._intents)
        book = meant(intents, answers)
        owed = book.accepted.keys() & book.taken
        while not owed <= flow.keys and time.time() - began < _DRAIN:
            await asyncio.to_thread(self._processes.revive)
            await asyncio.sleep(_LOOK)
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

    def _result(
        self,
        minutes: float,
        drained: float | None,
        book: Meant,
        seen: Evidence,
        intents: Sequence[Intent],
        flow: Flow,
    ) -> Result:
        found = check(book, seen) | {"told": self._told()}
        handed_in = book.taken | book.refused_at_once | {record.publication for record in seen.outbox}
        silent = sum(key not in handed_in for key in (*book.accepted, *book.refused))
        return Result(
            run=self._options.folder.name,
            seed=self._options.seed,
            minutes=minutes,
            intents=Counter(str(intent.fate) for intent in intents),
            unacknowledged=silent,
            deliveries=sum(map(len, seen.inboxes.values())),
            refused=len(seen.quarantine),
            struck=self._struck,
            found=found,
            supervisor_ended=self._processes.ended_by_itself,
            per_second={second - int(self._began): n for second, n in flow.per_second.items()},
            schedule=fingerprint(self._options.seed, self._arsenal.kinds),
            brokers=self._options.brokers,
            lacking=self._arsenal.lacking,
            drained=drained,
            planted={} if any(found.values()) else planted(book, seen, self._options.seed),
        )

    def _told(self) -> list[Found]:
        self._keeper.look()
        endpoints = self._processes.where()
        texts = [*self._keeper.texts(), *words.metrics(endpoints.metrics if endpoints else {})]
        identities = frozenset(p.identity for s in self._land.schools for p in self._province.pupils(s))
        return words.told(texts, identities, self._secrets())

    def _secrets(self) -> Iterable[str]:
        for path in sorted((self._settings.dir / "credentials").glob("*.json")):
            held = self._vault.read(path.stem)
            yield held.password
            yield from (token.secret for token in held.tokens)


def planted(book: Meant, seen: Evidence, seed: int) -> dict[str, bool]:
    """For every kind of fault: whether its checker names it, and it alone, when planted into this very evidence."""
    told = {}
    for name in plant.KINDS:
        try:
            told[name] = plant.named(book, seen, name, seed)
        except plant.Barren:
            continue
    return told
