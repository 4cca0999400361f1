"""A small governed world with two event types, and a gateway on a log in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from saan.core.catalogue import EventType
from saan.core.codes import Crosswalk
from saan.core.organisations import Organisations
from saan.core.outcome import Accepted, Finding, Rejected, Severity, Verdict
from saan.core.participants import Participant
from saan.core.world import World
from saan.gateway.api import Limits, application
from saan.gateway.encode import Encoder, Prepared
from saan.gateway.handler import Gateway
from saan.wire.http.bearer import digest
from saan.wire.memory import MemoryLog
from saan.wire.registry_types import RegisteredSchema, SchemaUnavailable

SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "StudentEnrolled",
    "namespace": "th.saan.student",
    "fields": [
        {
            "name": "idType",
            "type": {"type": "enum", "name": "IdType", "symbols": ["UNKNOWN", "CITIZEN_ID"], "default": "UNKNOWN"},
            "label_th": "ประเภทบัตร",
            "label_en": "Type of identity",
            "class": "C2k",
        },
        {"name": "idValue", "type": "string", "class": "C2k"},
        {"name": "entryDate", "type": {"type": "int", "logicalType": "date"}},
        {"name": "note", "type": ["null", "string"], "default": None},
    ],
}
OTHER_SCHEMA = {"type": "record", "name": "Other", "namespace": "th.saan.student", "fields": SCHEMA["fields"]}
SCHEMA_ID, OTHER_ID, AWAY_ID = 7, 8, 9
TOKEN = "saan_token-of-school-a"


def event_type(name: str, *, control: bool = False, record: str = "th.saan.student.StudentEnrolled") -> EventType:
    return EventType(
        name=name,
        record=record,
        schema=SCHEMA,
        domain="student",
        title={"th": "รับนักเรียน", "en": "Enrolled"},
        data_class="C2k",
        publishers=frozenset({"school"}),
        subject_kind="learner",
        subject=("idType", "idValue"),
        school=None,
        concerns=(),
        follows_learner=False,
        history=(),
        rules=(),
        roles=frozenset(),
        retention="register",
        control=control,
    )


@dataclass
class Governance:
    """Governance as a value: one world, known schema ids, one token."""

    world: World
    ids: dict[str | tuple[str, int], int]

    def schema_id(self, record: str, version: int | None = None) -> int | None:
        return self.ids.get(record if version is None else (record, version))

    def participant(self, of: str) -> Participant | None:
        return self.world.participants["school-a"] if of == digest(TOKEN) else None


class Schemas:
    """Schemas by id; id 9 stands for one that cannot be looked up now."""

    known: Mapping[int, RegisteredSchema] = {
        SCHEMA_ID: RegisteredSchema("th.saan.student.StudentEnrolled", 1, SCHEMA),
        OTHER_ID: RegisteredSchema("th.saan.student.Other", 1, OTHER_SCHEMA),
    }

    async def ensure(self, ids: Iterable[int]) -> None:
        del ids

    def get(self, schema_id: int) -> RegisteredSchema | None:
        if schema_id == AWAY_ID:
            raise SchemaUnavailable(schema_id)
        return self.known.get(schema_id)


class Strict:
    """A rehearsal that refuses events whose id starts with ``bad``, fails on ``explode`` and warns about the others."""

    def check(self, participant: Participant, events: Sequence[Prepared], now: int) -> list[Verdict]:
        for event in events:
            if event.id.startswith("explode"):
                raise RuntimeError(f"cannot decide {event.id}")
        said = Finding("V1", "idValue", Severity.REJECT, "ผิด", "Wrong", "แก้", "Mend")
        warned = Finding("V7", "entryDate", Severity.WARN, "เตือน", "Odd")
        return [Rejected((said,)) if e.id.startswith("bad") else Accepted("st-0", (warned,)) for e in events]


@dataclass
class House:
    """A gateway with what stands behind it."""

    log: MemoryLog
    governance: Governance
    app: Any
    limits: Limits
    disks: set[str]
    """The disks of the exchange that are full."""

    def client(self, token: str | None = TOKEN) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://gateway", headers=headers)


@pytest.fixture
def house() -> House:
    events = {
        "student.enrolled": event_type("student.enrolled"),
        "student.unregistered": event_type("student.unregistered", record="th.saan.student.Unregistered"),
        "receipt.issued": event_type("receipt.issued", control=True),
    }
    who = Participant("school-a", "school", {"en": "A"}, frozenset(), frozenset({"student.enrolled"}), ())
    world = World(events, {}, Crosswalk({}), Organisations(()), {"school-a": who})
    governance = Governance(world, {"th.saan.student.StudentEnrolled": SCHEMA_ID})
    log = MemoryLog({"outbox.gateway": 4})
    schemas = Schemas()
    disks: set[str] = set()
    gateway = Gateway(
        governance=governance,
        schemas=schemas,
        encoder=Encoder(schemas, b"k" * 32, "outbox.gateway", 10_000),
        log=log,
        rehearsal=lambda world: Strict(),
        clock=lambda: 0,
        max_record=10_000,
        disk_full=lambda: bool(disks),
    )
    limits = Limits(body=100_000, items=20)
    return House(log, governance, application(gateway, governance, governance, log.ready, limits), limits, disks)


def event(id: str = "e-1", **changed: Any) -> dict[str, Any]:
    """One sound event; attributes can be changed, or left out with ``None``."""
    made = {
        "specversion": "1.0",
        "id": id,
        "type": "student.enrolled",
        "time": "2025-06-02T09:22:07+07:00",
        "data": {"idType": "CITIZEN_ID", "idValue": "9900007680665", "entryDate": "2025-06-02"},
    } | changed
    return {name: value for name, value in made.items() if value is not None}


@pytest.fixture
def sound() -> Any:
    return event
