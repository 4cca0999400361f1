"""Validator and router joined in memory: real schemas, rules and routes; Kafka and the registry are dictionaries."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import pytest

from saan.core.calendar import micros
from saan.core.remarks import REJECTED
from saan.core.world import World
from saan.router import app as router_app
from saan.router.handler import Handler as Router
from saan.router.handler import Kept
from saan.router.waiting import Room
from saan.validator.app import Desk as ValidatorDesk
from saan.validator.handler import Handler as Validator
from saan.wire import composing, files, views
from saan.wire import world as worlds
from saan.wire.avro import Codec
from saan.wire.closed import Closed
from saan.wire.linked import Linked
from saan.wire.partition import partition
from saan.wire.record import FRAME_SIZE, cloud_event, frame, schema_id
from saan.wire.registry_types import RegisteredSchema
from saan.wire.settings import Settings

NOW = micros(datetime(2025, 6, 12, 3, tzinfo=UTC))
PARTITIONS = 4
PATIENCE = 72 * 3_600_000_000
OLD, NEW, THIRD = "sis-96022001", "sis-96012007", "sis-96022007"
SCHOOLS = {
    OLD: {"schoolUid": "SC-73ac495accea", "schoolCode10": "1096240352"},
    NEW: {"schoolUid": "SC-ce35ce724f35", "schoolCode10": "1096240356"},
    THIRD: {"schoolUid": "SC-99e6b348832b", "schoolCode10": "1096240363"},
}
KEY = b"a key for tests, of 32 bytes: 32"


@dataclass(frozen=True)
class Record:
    """A record as a consumer sees it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp: int = NOW // 1000

    @property
    def type(self) -> str:
        return dict(self.headers).get("ce_type", b"").decode()

    @property
    def id(self) -> str:
        return dict(self.headers).get("ce_id", b"").decode()


class Registry:
    """Every schema of a world by id, views included. A ``SchemaSource``."""

    def __init__(self, world: World) -> None:
        schemas = {event.record: event.schema for event in world.events.values()}
        schemas |= {view.record: view.schema for view in views.views(world)}
        self.ids = {record: number for number, record in enumerate(sorted(schemas), start=1)}
        self._by_id = {self.ids[record]: RegisteredSchema(record, 1, schema) for record, schema in schemas.items()}

    async def ensure(self, ids: Iterable[int]) -> None:
        del ids

    def get(self, schema_id: int) -> RegisteredSchema | None:
        return self._by_id.get(schema_id)

    def schema_id(self, record: str, version: int | None = None) -> int | None:
        del version
        return self.ids.get(record)

    def decode(self, value: bytes) -> dict[str, Any]:
        id = schema_id(value)
        assert isinstance(id, int)
        data = Codec(self._by_id[id].schema).decode(value[FRAME_SIZE:])
        assert isinstance(data, dict)
        return data


@dataclass
class Log:
    """Topics in memory."""

    topics: dict[str, list[Record]] = field(default_factory=dict)

    def of(self, topic: str) -> list[Record]:
        return self.topics.get(topic, [])

    def append(self, topic: str, number: int | None, key: bytes | None, value: bytes | None, headers: Any) -> int:
        number = partition(key or b"", PARTITIONS) if number is None else number
        there = self.topics.setdefault(topic, [])
        offset = sum(record.partition == number for record in there)
        there.append(Record(topic, number, offset, key, value, tuple(headers)))
        return offset


class Outputs:
    """What a handler wants written; ``commit`` writes it and runs what was to follow."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.puts: list[tuple[str, int | None, Any, Any, Any]] = []
        self._after: list[Any] = []
        self.outcomes: dict[str, int] = {}

    def put(self, topic: str, number: int | None, key: Any, value: Any, headers: Any = (), at: Any = None) -> None:
        del at
        self.puts.append((topic, number, key, value, headers))

    def count(self, outcome: str, n: int = 1) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + n

    def after_commit(self, action: Any) -> None:
        self._after.append(action)

    def commit(self, *, remember: bool = True) -> None:
        """Without ``remember`` as if the process had died between the commit and what was to follow it."""
        self._ends: dict[tuple[str, int], int] = {}
        for put in self.puts:
            offset = self._log.append(*put)
            last = self._log.of(put[0])[-1]
            self._ends[put[0], last.partition] = offset + 1
        for action in self._after if remember else ():
            action(self)

    def next_offset(self, topic: str, number: int) -> int | None:
        return self._ends.get((topic, number))


class Store:
    """The local store of one partition number."""

    def __init__(self) -> None:
        self.states: dict[bytes, bytes] = {}
        self.offsets: dict[str, int] = {}

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes | None]:
        return {key: self.states.get(key) for key in keys}

    def commit(self, domain: str, overlay: Mapping[bytes, bytes], next_offset: int) -> None:
        self.states.update(overlay)
        self.offsets[domain] = next_offset

    def condemn(self, why: str) -> None:
        raise AssertionError(why)


@dataclass
class Lane:
    log: Log
    topic: str
    partition: int
    state: Any = None
    next: int = 0

    def outputs(self) -> Outputs:
        return Outputs(self.log)


class Exchange:
    """Publishes into an outbox and moves everything on, block by block."""

    def __init__(self, world: World) -> None:
        self.world, self.log, self.registry = world, Log(), Registry(world)
        governed: Any = self.registry
        self.linked = Linked({})
        self.closed = Closed({})

        @lru_cache
        def prepared(closed: frozenset[tuple[str, int]]) -> ValidatorDesk:
            now = world.closing(dict(closed))
            engine = composing.engine(Settings(engine="auto"))(now, self.registry, KEY, links=self.linked.links)
            papers = composing.papers("validator", world, governed)
            return ValidatorDesk(now, engine, papers, composing.notices("validator", world, governed, REJECTED))

        self.desk = router_app.desk_for(world, governed, governed)
        self.stores = [Store() for _ in range(PARTITIONS)]
        self._validator = Validator(lambda: prepared(frozenset(self.closed.days.items())), self.registry, lambda: NOW)
        self.now = NOW
        self.router = Router(lambda: self.desk, self.registry, lambda: self.now, PATIENCE)
        self.rooms: dict[tuple[str, int], Room] = {}
        self._read: dict[tuple[str, int], int] = {}

    def publish(self, source: str, type: str, data: Mapping[str, Any], **attributes: str) -> str:
        """Put one event into the shared outbox as the gateway does; its id."""
        event = self.world.events[type]
        codec = Codec(event.schema)
        encoded = codec.from_json(data)
        assert isinstance(encoded, dict), encoded
        told = {"id": str(uuid.uuid4()), "type": type, "source": source, "time": "2025-06-10T02:00:00Z", **attributes}
        value = frame(self.registry.ids[event.record], codec.encode(encoded))
        self.log.append("outbox.gateway", None, told["id"].encode(), value, cloud_event(told))
        return told["id"]

    async def run(self) -> None:
        """Let both stations work off what waits, the validator first, until nothing is left."""
        await self.validate()
        domains = sorted({event.domain for event in self.world.events.values() if not event.control}, reverse=True)
        while any([await self.route(domain) for domain in domains]):
            pass

    async def validate(self) -> None:
        await self._work("outbox.gateway", self._validator)

    async def route(self, domain: str, *, commit: bool = True) -> list[Any]:
        """Let the router work; without ``commit`` as if it died before. What it wanted written."""
        puts = await self._work(f"checked.{domain}", self.router, commit=commit)
        told: list[Any] = self.log.of("links")
        for record in told:
            self.linked.take(record)
        self.closed.begin()
        closings: list[Any] = self.log.of("closings")
        for record in closings:
            self.closed.take(record)
        await self.closed.at_end()
        return puts

    async def _work(self, topic: str, handler: Any, *, commit: bool = True) -> list[Any]:
        puts: list[Any] = []
        for number in range(PARTITIONS):
            waiting = [r for r in self.log.of(topic) if r.partition == number][self._read.get((topic, number), 0) :]
            if waiting:
                outputs = await handler(self.lane(topic, number), waiting)
                puts += outputs.puts
                if commit:
                    outputs.commit()
                    self._read[topic, number] = waiting[-1].offset + 1
        return puts

    def lane(self, topic: str, number: int) -> Any:
        room = self.rooms.setdefault((topic, number), Room())
        kept: Any = Kept(self.stores[number], room)
        return Lane(self.log, topic, number, kept, self._read.get((topic, number), 0))

    async def idle(self) -> None:
        """Let the router's lanes write what falls due by itself."""
        for topic, number in list(self.rooms):
            if topic.startswith("checked."):
                outputs: Any = await self.router.idle(self.lane(topic, number))
                if outputs is not None:
                    outputs.commit()

    def inbox(self, participant: str) -> list[Record]:
        """What arrived, receipts left out."""
        return [r for r in self.log.of(f"inbox.{participant}") if r.type != "receipt.issued"]

    def receipts(self, participant: str) -> list[dict[str, Any]]:
        there = self.log.of(f"inbox.{participant}")
        return [self.registry.decode(r.value or b"") for r in there if r.type == "receipt.issued"]

    def ledger(self, station: str) -> Sequence[dict[str, Any]]:
        entries = [self.registry.decode(r.value or b"") for r in self.log.of("ledger")]
        return [entry for entry in entries if entry["station"] == station]


@pytest.fixture(scope="session")
def world() -> World:
    return worlds.build(files.read(files.default_folder()).entities())


@pytest.fixture
def exchange(world: World) -> Exchange:
    return Exchange(world)


@pytest.fixture
def say(exchange: Exchange, world: World) -> Any:
    """Publishes an event of a learner for one of the ``SCHOOLS``; its id."""

    def publish(type: str, school: str, sequence: int | None = None, **data: Any) -> str:
        identity = {"idType": "CITIZEN_ID", "idValue": data.pop("idValue", "9900007680665")}
        known = {field["name"] for field in world.events[type].schema["fields"]}
        own = {name: value for name, value in SCHOOLS[school].items() if name in known}
        attributes = {} if sequence is None else {"sequence": str(sequence)}
        return exchange.publish(school, type, example(world, type) | own | identity | data, **attributes)

    return publish


def example(world: World, type: str, number: int = 0) -> dict[str, Any]:
    return dict(world.events[type].examples["accepted"][number]["data"])
