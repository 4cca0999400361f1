"""A school year of a province through a whole exchange: duration, events per second, and whether the balance holds.

    python tests/bench/bench_year.py [pupils] [seed]

Starts the embedded engine with all stations, opens the round of 10 June, and publishes the year of `school_year.py` as
the participants do: schools over HTTP or into their own outbox, the office over HTTP, the test body over Kafka. Each
phase is settled, as receipts tell, before the next begins. What each participant is owed is worked out from the files
of `schemas/` alone, what it got is read by another Kafka client. Progress goes to stderr, the figures to stdout.
Ends with 1 unless published = accepted + rejected + parked, everything came out as it was planted, and everybody got
exactly what is owed. 10,000 pupils (the default) make about 480,000 events.
"""

import asyncio
import os
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from school_year import YEAR_BE, Book, Year, examples, points_of_grades, smaller

from saan.demo import ground
from saan.demo.balance import balance
from saan.demo.delivered import Inboxes
from saan.demo.owed import Key, Owed
from saan.demo.planted import Planted
from saan.demo.publishers import Publishers
from saan.demo.settling import Settling
from saan.exchange.applying import applying
from saan.exchange.endpoints import Endpoints
from saan.exchange.run import Exchange
from saan.wire import files, rounds
from saan.wire import world as worlds
from saan.wire.credentials import Vault
from saan.wire.governance_log import GovernanceLog
from saan.wire.settings import Settings

SCHEMAS = files.default_folder()
ROUND = "JUN10"
AT_ONCE, BATCH = 4, 500
PATIENCE = 600.0


class Counting:
    """Follows what is settled, and says so now and then."""

    def __init__(self) -> None:
        self.begun, self.settled, self.published = time.monotonic(), 0, 0
        self.phase, self._said = "", 0.0

    def advance(self, by: int) -> None:
        self.settled += by
        if time.monotonic() - self._said > 5:
            self.say()

    def say(self) -> None:
        self._said, seconds = time.monotonic(), time.monotonic() - self.begun
        rate = self.settled / seconds
        print(
            f"{seconds:7.0f} s  {self.published:9,} published  {self.settled:9,} settled  {rate:7,.0f}/s  {self.phase}",
            file=sys.stderr,
            flush=True,
        )


class Played:
    """What was handed in, and what became of it."""

    def __init__(self, owed: Owed) -> None:
        self.owed, self.counting = owed, Counting()
        self.types: Counter[str] = Counter()
        self.handed_in: set[Key] = set()
        self.at_once: set[Key] = set()
        self.copies: Counter[Key] = Counter()
        self.learners: dict[Key, int] = {}

    async def phase(self, phase: Sequence[Planted], publishers: Publishers, settling: Settling) -> None:
        """Publish a phase, several participants side by side and each in its order, and wait until it is settled."""
        by_publisher: dict[str, list[Planted]] = {}
        for planted in phase:
            self.owed.add(planted)
            by_publisher.setdefault(planted.publisher, []).append(planted)
        turns, open_ = asyncio.Semaphore(AT_ONCE), set[Key]()
        async with asyncio.TaskGroup() as group:
            for name, events in by_publisher.items():
                group.create_task(self._publish(name, events, publishers, turns, open_))
        await settling.wait(open_, self.copies, self.counting)

    async def _publish(
        self, name: str, events: Sequence[Planted], publishers: Publishers, turns: asyncio.Semaphore, open_: set[Key]
    ) -> None:
        for start in range(0, len(events), BATCH):
            batch = events[start : start + BATCH]
            async with turns:
                verdicts = await publishers.publish(name, [planted.event for planted in batch])
            for planted, verdict in zip(batch, verdicts, strict=True):
                key = (name, planted.id)
                self.types[planted.event["type"]] += 1
                self.handed_in.add(key)
                if verdict.word == "invalid":
                    self.at_once.add(key)
                    continue
                self.copies[key] = 1
                open_.add(key)
                if planted.event["type"] == "student.enrolled" and planted.learner is not None:
                    self.learners[key] = planted.learner
            self.counting.published += len(batch)
            self.counting.advance(0)


async def play(endpoints: Endpoints, vault: Vault, folder: Path, pupils: int, seed: int) -> bool:
    land, owed = smaller(ground.read(SCHEMAS), pupils), Owed(SCHEMAS)
    subjects: dict[int, str] = {}
    year = Year(land, examples(SCHEMAS), seed, pupils, uuid.uuid4().hex, subjects, Book(points_of_grades(SCHEMAS)))
    kafka = frozenset(school.participant for school in land.schools if school.kafka)
    kafka |= {land.test_body} if land.test_body_kafka else set()
    played = Played(owed)
    with Inboxes(endpoints.bootstrap, sorted(owed.inboxes), SCHEMAS) as inboxes:
        async with (
            Publishers(endpoints, vault, kafka, SCHEMAS, folder / "schema-cache") as publishers,
            Settling(inboxes, PATIENCE) as settling,
        ):
            for name, phase in year.phases():
                played.counting.phase = name
                await played.phase(phase, publishers, settling)
                told = inboxes.receipts.subjects
                subjects.update((n, told[key]) for key, n in played.learners.items() if key in told)
                played.learners.clear()
            seconds = time.monotonic() - played.counting.begun
        await asyncio.to_thread(inboxes.finish, PATIENCE)
        played.counting.say()
        return told_of(played, inboxes, len(year.people), len(land.schools), seconds)


def told_of(played: Played, inboxes: Inboxes, pupils: int, schools: int, seconds: float) -> bool:
    """Print the figures; whether everything is in balance."""
    receipts, published = inboxes.receipts, played.handed_in
    accepted = receipts.accepted & published
    parked = (receipts.parked & published) - accepted
    rejected = ((receipts.refused.keys() & published) | played.at_once) - accepted - parked
    accounts = balance(played.owed.inboxes, inboxes.delivered, published | played.owed.handed_over)
    owed, got = sum(one.owed for one in accounts), sum(one.got for one in accounts)
    unlike = len(played.owed.accepted ^ accepted) + len(played.owed.refused.keys() ^ rejected)
    whole = len(published) == len(accepted) + len(rejected) + len(parked)
    print(f"{pupils:,} pupils at {schools} schools, {len(played.types)} event types")
    print(f"{len(published):,} events in {seconds:,.0f} s: {len(published) / seconds:,.0f} events/s")
    words = f"{len(accepted):,} accepted + {len(rejected):,} rejected + {len(parked):,} parked"
    print(f"published {len(published):,} {'=' if whole else '≠'} {words}")
    reached = sum(one.owed > 0 for one in accounts)
    print(f"delivered {got:,} {'=' if got == owed else '≠'} owed {owed:,}, to {reached} inboxes")
    print(f"{unlike:,} came out otherwise than planted, {len(receipts.warned & published):,} were flagged")
    for reason, n in Counter(receipts.refused[key] for key in rejected & receipts.refused.keys()).most_common():
        print(f"  {n:9,}  refused for {', '.join(dict.fromkeys(reason))}")
    for one in accounts:
        if not one.balanced:
            print(f"  {one.participant}: {len(one.missing):,} missing, {len(one.surplus):,} too many")
            print(f"    {sorted(one.missing)[:5]} {sorted(one.surplus)[:5]}")
    for type, n in sorted(played.types.items()):
        print(f"  {n:9,}  {type}")
    return whole and not unlike and all(one.balanced for one in accounts)


def open_round(endpoints: Endpoints, entities: dict[str, dict[str, object]]) -> None:
    """The round of 10 June, by order open until tomorrow: the year lies in the past, the clock does not."""
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    window = rounds.moved(worlds.build(entities).rounds.patterns[ROUND].window(YEAR_BE), None, None, tomorrow)
    GovernanceLog(endpoints.bootstrap).write({rounds.key(window): rounds.value(window)})


def main() -> None:
    pupils = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    entities = files.read(SCHEMAS).entities()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(dir=folder)
        exchange = Exchange(settings, applying(entities, settings))
        endpoints = exchange.start()
        loop, stop = asyncio.new_event_loop(), asyncio.Event()
        watching = threading.Thread(target=loop.run_until_complete, args=(exchange.watch(stop),))
        watching.start()
        try:
            open_round(endpoints, entities)
            balanced = asyncio.run(play(endpoints, Vault(folder / "credentials"), folder, pupils, seed))
        finally:
            loop.call_soon_threadsafe(stop.set)
            watching.join()
            exchange.stop()
    raise SystemExit(0 if balanced else 1)


if __name__ == "__main__":
    os.environ.setdefault("SAAN_LOG_LEVEL", "WARNING")
    main()
