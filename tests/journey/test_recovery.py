"""What the router remembers after any crash is what a replay of the log gives, and it decides as if there was none."""

import asyncio
import shutil
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saan.core.links import ALIAS
from saan.core.world import World
from saan.router.handler import Kept, fold
from saan.router.waiting import Room
from saan.wire.avro import Codec
from saan.wire.record import cloud_event, frame
from saan.wire.replay import States, fold_in
from saan.wire.store import Store as RocksStore
from saan.wire.store import Stores, key

from .conftest import NOW, Exchange, Lane, Log, Record, Store, example

SCHOOLS = (("SC-ce35ce724f35", "sis-96012007"), ("SC-73ac495accea", "sis-96022001"))
TYPES = (
    "student.enrolled",
    "student.transferred",
    "student.withdrawn",
    "student.profile-changed",
    "grade.finalised",
    "test-result.recorded",
    "student.identity-linked",
)
CRASHES = ("none", "before the commit", "before the write", "after the write", "store lost")


@dataclass(frozen=True)
class Event:
    """One publication; ``again`` repeats the id of the event so many places before it.

    Any may come before its cause, out of its sequence, or not fit at all.
    """

    type: str
    learner: int
    school: int
    day: int
    again: int
    sequence: int | None


@dataclass(frozen=True)
class Block:
    """``hours`` later the router takes up to ``records`` of the lane and then crashes so."""

    domain: str
    records: int
    crash: str
    hours: int = 0


events = st.builds(
    Event,
    st.sampled_from(TYPES),
    st.integers(0, 2),
    st.integers(0, 1),
    st.integers(20_200, 20_260),
    st.sampled_from((0, 0, 0, 1, 2, 5)),
    st.none() | st.integers(1, 4),
)
blocks = st.builds(
    Block,
    st.sampled_from(("student", "student", "learning")),
    st.integers(1, 5),
    st.sampled_from(CRASHES),
    st.sampled_from((0, 0, 0, 40)),
)


@pytest.fixture(scope="module")
def prepared(world: World) -> Exchange:
    return Exchange(world)


class OnePartition(Log):
    """What the router tells itself comes back to the same lane."""

    def append(self, topic: str, number: int | None, *record: Any) -> int:
        return super().append(topic, 0, *record)


class Remembers(States, Protocol):
    def offset(self, domain: str) -> int: ...


class Place(Protocol):
    """Where the router of a run keeps its state."""

    def open(self) -> Remembers: ...

    def close(self) -> None: ...

    def lose(self) -> None: ...


class InMemory(Store):
    """A store and its place in one."""

    def open(self) -> "InMemory":
        return self

    def close(self) -> None: ...

    def lose(self) -> None:
        self.states.clear()
        self.offsets.clear()

    def offset(self, domain: str) -> int:
        return self.offsets.get(domain, 0)


class OnDisk:
    """RocksDB in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stores = folder, Stores(folder, cache_bytes=1 << 20)

    def open(self) -> RocksStore:
        return asyncio.run(self._stores.open(0, "student"))

    def close(self) -> None:
        self._stores.close(0, "student")

    def lose(self) -> None:
        shutil.rmtree(self._folder / "0")


class Run:
    """One router over given checked records of one partition, in blocks, with crashes between them."""

    def __init__(self, exchange: Exchange, history: list[Event], place: Place) -> None:
        self.exchange = copy(exchange)
        self.exchange.log = OnePartition()
        self._clock, self._now = exchange, NOW
        self.rooms = {domain: Room() for domain in ("student", "learning")}
        self._place, self.store = place, place.open()
        self._read = {"student": 0, "learning": 0}
        for number, event in enumerate(history):
            self._put(event, f"id-{number - event.again}")

    def _put(self, event: Event, id: str) -> None:
        type = self.exchange.world.events[event.type]
        (school, source), (other, _) = SCHOOLS[event.school], SCHOOLS[1 - event.school]
        moved = {"fromSchoolUid": other, "toSchoolUid": school, "leaveDate": event.day, "entryDate": event.day}
        changes = {"schoolUid": school, "exitDate": event.day, **moved}
        codec = Codec(type.schema)
        data = codec.from_json(example(self.exchange.world, event.type))
        assert isinstance(data, dict)
        value = frame(self.exchange.registry.ids[type.record], codec.encode(data | _known(type.schema, changes)))
        told = {"id": id, "type": event.type, "source": source, "time": "2025-06-10T02:00:00Z"}
        subject = f"st-{event.learner}"
        numbered = {} if event.sequence is None else {"sequence": str(event.sequence)}
        alias = {ALIAS: f"st-{(event.learner + 1 + event.school) % 3}"} if type.links else {}
        headers = cloud_event(told | {"subject": subject} | numbered | alias)
        self.exchange.log.append(f"checked.{type.domain}", 0, subject.encode(), value, headers)

    def take(self, block: Block, crash: str) -> None:
        topic = f"checked.{block.domain}"
        begin = self._read[block.domain]
        records = self.exchange.log.of(topic)[begin : begin + block.records]
        self._now += block.hours * 3_600_000_000
        if not records:
            self._idle(topic, crash)
            return
        outputs = self._decide(topic, records)
        if crash == "before the commit":
            self.recover()
            outputs = self._decide(topic, records)
        outputs.commit(remember=crash != "before the write")
        self._read[block.domain] += len(records)

    def _idle(self, topic: str, crash: str) -> None:
        outputs: Any = self._decide(topic, None)
        if outputs is not None and crash != "before the commit":
            outputs.commit(remember=crash != "before the write")
        elif outputs is not None:
            self.recover()
            self._idle(topic, "none")

    def _decide(self, topic: str, records: Any) -> Any:
        self._clock.now = self._now
        domain = topic.removeprefix("checked.")
        lane: Any = Lane(self.exchange.log, topic, 0, Kept(self.store, self.rooms[domain]), self._read[domain])
        router = self.exchange.router
        return asyncio.run(router.idle(lane) if records is None else router(lane, records))

    def recover(self, *, lost: bool = False) -> None:
        """Begin again as the process does: the store is opened and brought up to the log, enrolments first."""
        self._place.close()
        if lost:
            self._place.lose()
        self.store = self._place.open()
        for domain in ("student", "learning"):
            behind = self.log(domain)[self.store.offset(domain) :]
            for place in range(0, len(behind), 3):
                fold_in(self.store, domain, behind[place : place + 3], fold(self.exchange.desk))
            self.rooms[domain] = self.room(domain)

    def room(self, domain: str) -> Room:
        """What waits, by the log."""
        room: Any = Room()
        for record in self.exchange.log.of(f"parked.{domain}"):
            room.replay(record)
        return room

    def log(self, domain: str) -> list[Record]:
        return self.exchange.log.of(f"record.{domain}")

    def close(self) -> None:
        self._place.close()


def _known(schema: Any, changes: dict[str, Any]) -> dict[str, Any]:
    return {field["name"]: changes[field["name"]] for field in schema["fields"] if field["name"] in changes}


def remembered(run: Run) -> dict[bytes, bytes | None]:
    return dict(run.store.get([key(d, f"st-{n}".encode()) for d in ("student", "learning") for n in range(3)]))


def replayed(run: Run) -> dict[bytes, bytes | None]:
    """The log folded from nothing."""
    after, states = fold(run.exchange.desk), dict.fromkeys(remembered(run))
    for domain in ("student", "learning"):
        for record in run.log(domain):
            name = key(domain, record.key or b"")
            states[name] = after(states[name], record)
    return states


def play(run: Run, plan: list[Block], *, crashes: bool) -> None:
    for block in plan:
        crash = block.crash if crashes else "none"
        run.take(block, crash)
        if crash not in ("none", "before the commit"):
            run.recover(lost=crash == "store lost")
        assert remembered(run) == replayed(run)
        assert run.rooms == {domain: run.room(domain) for domain in run.rooms}


def compare(exchange: Exchange, history: list[Event], plan: list[Block], place: Place) -> None:
    """The same blocks with the crashes of ``plan`` and without: the same state, the same topics."""
    rest = [Block(domain, len(history), "none") for domain in ("student", "learning")]
    plan = [*plan, *rest * 4]  # what the router tells itself is taken as well
    crashed, calm = Run(exchange, history, place), Run(exchange, history, InMemory())
    play(calm, plan, crashes=False)
    play(crashed, plan, crashes=True)

    assert remembered(crashed) == remembered(calm)
    assert crashed.exchange.log.topics == calm.exchange.log.topics
    crashed.close()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(events, min_size=1, max_size=20), st.lists(blocks, max_size=8))
def test_after_any_crash_the_state_is_a_replay_of_the_log_and_decisions_are_those_without_a_crash(
    prepared: Exchange, history: list[Event], plan: list[Block]
) -> None:
    compare(prepared, history, plan, InMemory())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(events, min_size=1, max_size=20), st.lists(blocks, min_size=2, max_size=6))
def test_the_same_holds_for_state_on_disk(prepared: Exchange, history: list[Event], plan: list[Block]) -> None:
    with TemporaryDirectory() as folder:
        compare(prepared, history, plan, OnDisk(Path(folder)))
