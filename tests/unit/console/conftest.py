"""A console on a ledger in memory, with the ledger's real schema."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from saan.console.api import application
from saan.console.entry import Entry, read
from saan.console.handler import Ledger
from saan.console.health import Health
from saan.console.picture import Picture, picture
from saan.core.participants import Participant
from saan.wire.avro import Codec
from saan.wire.files import default_folder
from saan.wire.memory import MemoryLog
from saan.wire.record import frame
from saan.wire.registry_types import RegisteredSchema, SchemaUnavailable

SCHEMA: dict[str, Any] = json.loads((default_folder() / "avro" / "ledger.posted.avsc").read_text(encoding="utf-8"))
CODEC = Codec(SCHEMA)
NOW = 1_780_000_000_000_000
"""Microseconds since the epoch: the clock of these tests."""


def data(station: str = "validator", at: int = NOW, **fields: Any) -> dict[str, Any]:
    """What a station posts about a block; counts that are not given are empty."""
    counts = ("outcomes", "published", "accepted", "rejected", "parked", "duplicates", "delivered", "types", "rules")
    return {
        "station": station,
        "topic": "t",
        "partition": 0,
        "firstOffset": 0,
        "lastOffset": 0,
        "records": sum(fields.get("published", {}).values()),
        "postedAt": at,
        "oldest": at,
        **{name: {} for name in counts},
        "refusals": [],
        "sketchIn": bytes(8),
        "sketchOut": bytes(8),
        **fields,
    }


def entry(station: str = "validator", at: int = NOW, **fields: Any) -> Entry:
    return read(data(station, at, **fields))


def refusal(participant: str = "sis-1", **fields: str) -> dict[str, str]:
    said = {"code": "V4", "path": "gradeLevelCode", "th": "รหัสชั้นไม่มีในรายการ", "en": "No such grade."}
    named = {"participant": participant, "eventId": "e-1", "eventType": "student.enrolled"}
    return {**named, **said, "fixTh": "ใช้รหัสตามรายการ", "fixEn": "Use a code of the list.", **fields}


def participant(id: str, kind: str = "school", **name: str) -> Participant:
    return Participant(id, kind, name, frozenset(), frozenset(), ())


class Schemas:
    """Schema 1 is the ledger's, 2 is another record's, 3 cannot be looked up while ``away``."""

    def __init__(self) -> None:
        self.away = False

    async def ensure(self, ids: Iterable[int]) -> None:
        del ids

    def get(self, schema_id: int) -> RegisteredSchema | None:
        if self.away:
            raise SchemaUnavailable(schema_id)
        other = {"type": "record", "name": "Other", "fields": [{"name": "station", "type": "string"}]}
        return {
            1: RegisteredSchema("th.saan.control.LedgerPosted", 1, SCHEMA),
            2: RegisteredSchema("Other", 1, other),
        }.get(schema_id)


@dataclass
class House:
    """A console and the world around it."""

    log: MemoryLog = field(default_factory=lambda: MemoryLog({"ledger": 1}))
    schemas: Schemas = field(default_factory=Schemas)
    health: Health = field(default_factory=Health)
    participants: dict[str, Participant] = field(default_factory=dict)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.log, self.schemas)

    def post(self, station: str = "validator", at: int = NOW, **fields: Any) -> None:
        self.put(frame(1, CODEC.encode(data(station, at, **fields))))

    def put(self, value: bytes) -> None:
        self.log.add("ledger", [(b"validator", (), value)])

    def look(self) -> Picture:
        return picture(self.ledger.board, self.health, self.participants, NOW, caught_up=self.ledger.caught_up)

    def browser(self) -> httpx.AsyncClient:
        app = application(self.look, self.log.ready, self.closing)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console")


@pytest.fixture
def house() -> House:
    return House()
