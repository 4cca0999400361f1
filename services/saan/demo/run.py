"""Plays the demo against a running exchange: rosters, then a school day, then the balance.

Publishers use what participants use (the file reader, the HTTP and Kafka clients, their own credentials); between
phases the demo waits until receipts tell that everything handed in is decided.
"""

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from saan.client import Verdict
from saan.core.world import World
from saan.demo import day, ground, roster
from saan.demo.balance import balance
from saan.demo.delivered import Inboxes
from saan.demo.ground import Ground
from saan.demo.owed import Key, Owed
from saan.demo.planted import Fate, Planted, PlantedRoster, PlantedRow
from saan.demo.progress import Progress, Stage
from saan.demo.province import Province
from saan.demo.publishers import Publishers
from saan.demo.result import Result, Surprise, Tally
from saan.demo.schoolday import last_school_day
from saan.demo.settling import Settling
from saan.exchange.endpoints import Endpoints
from saan.sources import formats
from saan.sources.row import Row, occasion
from saan.wire import files
from saan.wire import world as governed
from saan.wire.credentials import Vault

AT_ONCE: Final = 4
_BATCH = 500
_PHASES = (Stage.MORNING, Stage.NOON, Stage.AFTERNOON)


@dataclass(frozen=True, slots=True)
class Options:
    """``folder`` takes the rosters; ``run`` tells runs on one exchange apart (made up when left out).

    ``patience`` bounds, in seconds, how long the demo waits without any progress before it gives up.
    """

    folder: Path
    pupils: int = 2_000
    seed: int = 2568
    run: str = ""
    patience: float = 120.0


async def play(endpoints: Endpoints, vault: Vault, schemas: Path, options: Options, progress: Progress) -> Result:
    """Play the whole demo; returns when the balance is drawn.

    Raises ``settling.Unsettled``, ``delivered.InboxesSilent``, ``publishers.NotTaken``, and what the clients raise.
    """
    land = ground.read(schemas)
    run = options.run or uuid.uuid4().hex
    province = Province(land, last_school_day(datetime.now(UTC)), options.seed, options.pupils, run)
    owed = Owed(schemas)
    kafka = frozenset(school.participant for school in land.schools if school.kafka) | _test_body(land)
    world = governed.build(files.read(schemas).entities())
    cache = options.folder / "schema-cache"
    with Inboxes(endpoints.bootstrap, sorted(owed.inboxes), schemas) as inboxes:
        async with (
            Publishers(endpoints, vault, kafka, schemas, cache) as publishers,
            Settling(inboxes, options.patience) as settling,
        ):
            played = _Play(province, run, owed, inboxes, publishers, settling, options.folder, progress)
            await played.enrol(world)
            await played.school_day()
        await asyncio.to_thread(inboxes.finish)
        return played.result(endpoints)


def _test_body(land: Ground) -> frozenset[str]:
    return frozenset({land.test_body} if land.test_body_kafka else ())


class _Play:
    """One demo while it plays."""

    def __init__(
        self,
        province: Province,
        run: str,
        owed: Owed,
        inboxes: Inboxes,
        publishers: Publishers,
        settling: Settling,
        folder: Path,
        progress: Progress,
    ) -> None:
        self._province, self._run, self._owed = province, run, owed
        self._inboxes, self._publishers = inboxes, publishers
        self._settling, self._folder, self._progress = settling, folder, progress
        self._tally = Tally()
        self._open: set[Key] = set()
        self._enrolments: dict[int, Key] = {}
        self._started = time.monotonic()

    async def enrol(self, world: World) -> None:
        """Write the rosters and import them, several schools at a time, and wait until they are settled."""
        self._progress.begin(Stage.ROSTERS, len(self._province))
        rosters: list[PlantedRoster] = []
        writing = roster.write(self._province, self._run, self._folder / "rosters")
        while (written := await asyncio.to_thread(next, writing, None)) is not None:
            rosters.append(written)
            self._progress.advance(len(written.rows))
        self._progress.begin(Stage.IMPORT, sum(len(one.rows) for one in rosters))
        await self._side_by_side(partial(self._import, one, world) for one in rosters)
        self._progress.begin(Stage.ENROLMENTS, len(self._open))
        await self._settle()

    async def school_day(self) -> None:
        """Publish the phases of the day, each settled before the next begins."""
        subjects = self._inboxes.receipts.subjects
        known = {learner: subjects[key] for learner, key in self._enrolments.items() if key in subjects}
        phases = await asyncio.to_thread(day.plan, self._province, self._run, self._enrolments, known)
        for stage, phase in zip(_PHASES, phases, strict=True):
            self._progress.begin(stage, len(phase))
            for planted in phase:
                self._owed.add(planted)
            by_publisher: dict[str, list[Planted]] = {}
            for planted in phase:
                by_publisher.setdefault(planted.publisher, []).append(planted)
            await self._side_by_side(partial(self._publish, name, events) for name, events in by_publisher.items())
            self._progress.advance(len(phase) - len(self._open))
            await self._settle()

    async def _side_by_side(self, works: Iterable[Callable[[], Awaitable[None]]]) -> None:
        """Do the works, a few at a time; the first failure ends all of them and is raised."""
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(work: Callable[[], Awaitable[None]]) -> None:
            async with turns:
                await work()

        try:
            async with asyncio.TaskGroup() as group:
                for work in works:
                    group.create_task(one(work))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed

    async def _import(self, planted: PlantedRoster, world: World) -> None:
        """Import one roster as its school does, batch by batch."""
        with open(planted.path, "rb") as file:
            participant = world.participants[planted.participant]
            reading = formats.read(file, participant, world, occasion(self._province.day.day, test_data=True))
            pairs = zip(planted.rows, reading.rows, strict=True)
            while batch := await asyncio.to_thread(lambda: list(islice(pairs, _BATCH))):
                events = [e for expected, row in batch for e in self._events_of(planted.participant, expected, row)]
                await self._publish(planted.participant, events)
                self._progress.advance(len(batch))

    def _events_of(self, school: str, expected: PlantedRow, row: Row) -> list[Planted]:
        """The events of a row, under the ids of this run; none for a refused one."""
        self._tally.rows += 1
        planted = () if expected.event is None else (expected.event, *expected.further)
        if row.outcome.value != expected.fate.value or (expected.rule and expected.rule not in row.rules):
            self._surprise(school, expected, f"{row.outcome.value} {' '.join(row.rules)}")
        elif [one.event["type"] for one in planted] != [event["type"] for event in row.events]:
            self._surprise(school, expected, ", ".join(event["type"] for event in row.events))
        for one in planted:
            self._owed.add(one)
        if expected.event is not None and expected.event.learner is not None:
            self._enrolments[expected.event.learner] = (school, expected.event.id)
        if row.event is None:
            self._tally.rows_refused.update(row.rules[:1])
        ids = {one.event["type"]: one.id for one in planted}
        return [Planted(school, {**event, "id": ids.get(event["type"], event["id"])}) for event in row.events]

    def _surprise(self, school: str, expected: PlantedRow, found: str) -> None:
        planted = f"{expected.fate} {expected.rule}"
        self._tally.surprises.append(Surprise("roster", (school, f"row {expected.number}"), planted, found))

    async def _publish(self, publisher: str, events: Sequence[Planted]) -> None:
        for start in range(0, len(events), _BATCH):
            batch = events[start : start + _BATCH]
            verdicts = await self._publishers.publish(publisher, [planted.event for planted in batch])
            for planted, verdict in zip(batch, verdicts, strict=True):
                self._note((publisher, planted.id), verdict)

    def _note(self, key: Key, verdict: Verdict) -> None:
        again = key in self._tally.handed_in
        self._tally.handed_in.add(key)
        self._tally.repeats += again
        if verdict.word == "invalid":
            self._tally.refused_at_once[key] = verdict.code
        elif verdict.word == "accepted" or not again:
            # A first answer of "duplicate" means that the answer to an earlier try was lost on its way.
            self._tally.copies[key] += 1
            self._open.add(key)

    async def _settle(self) -> None:
        """Wait until receipts tell what became of everything handed in."""
        await self._settling.wait(self._open, self._tally.copies, self._progress)

    def result(self, endpoints: Endpoints) -> Result:
        """Draw the balance; the inboxes are read to their end."""
        self._progress.begin(Stage.BALANCE, len(self._owed.inboxes))
        tally, receipts = self._tally, self._inboxes.receipts
        refused = tally.refused_at_once | {k: codes[0] for k, codes in receipts.refused.items() if k in tally.copies}
        accepted = (receipts.accepted & tally.handed_in) - refused.keys()
        accounts = balance(self._owed.inboxes, self._inboxes.delivered, tally.handed_in | self._owed.handed_over)
        self._progress.advance(len(accounts))
        first = self._inboxes.first
        return Result(
            run=self._run,
            pupils=len(self._province),
            published=len(tally.handed_in),
            accepted=len(accepted),
            rejected=len(refused),
            repeated=tally.repeats,
            warned=len(receipts.warned & tally.handed_in),
            rows=tally.rows,
            rows_refused=tally.rows_refused.total(),
            rejected_by_rule=Counter(refused.values()),
            rows_by_rule=tally.rows_refused,
            accounts=accounts,
            surprises=[*tally.surprises, *self._surprises(accepted, refused)],
            first_delivery_s=None if first is None else first - self._started,
            duration_s=time.monotonic() - self._started,
            kafka=endpoints.bootstrap,
            registry=endpoints.registry,
            console=endpoints.console,
        )

    def _surprises(self, accepted: set[Key], refused: Mapping[Key, str]) -> Iterator[Surprise]:
        """Publications that came out otherwise than planted; of a refusal, one of its codes must be the planted one."""
        codes = self._inboxes.receipts.refused
        for key in sorted(self._owed.accepted - accepted):
            yield Surprise("exchange", key, Fate.ACCEPTED, refused.get(key, "nothing"))
        for key, rule in sorted(self._owed.refused.items()):
            if key not in refused:
                yield Surprise("exchange", key, rule, Fate.ACCEPTED if key in accepted else "nothing")
            elif rule != refused[key] and rule not in codes.get(key, ()):
                yield Surprise("exchange", key, rule, refused[key])
