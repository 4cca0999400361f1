"""A deliverer on inboxes in memory: two participants, events of one schema."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from saan.core.participants import Participant
from saan.deliverer.api import application
from saan.deliverer.cursor import Cursors
from saan.deliverer.handler import Deliverer
from saan.deliverer.opening import Opener
from saan.wire.avro import Codec
from saan.wire.http.bearer import digest
from saan.wire.memory import MemoryLog
from saan.wire.record import cloud_event, frame
from saan.wire.registry_types import RegisteredSchema, SchemaUnavailable

SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "StudentEnrolled",
    "namespace": "th.saan.student",
    "fields": [
        {"name": "nameThai", "type": "string"},
        {"name": "entryDate", "type": {"type": "int", "logicalType": "date"}},
    ],
}
CODEC = Codec(SCHEMA)


class Tokens:
    """Every participant's token is ``token-of-<id>``."""

    def participant(self, of: str) -> Participant | None:
        for id in ("office-a", "office-b", "office-new"):
            if of == digest(f"token-of-{id}"):
                return Participant(id, "area-office", {}, frozenset(), frozenset(), ())
        return None


class Schemas:
    """Schema 7 is known, 9 cannot be looked up while ``away``, others do not exist."""

    def __init__(self) -> None:
        self.away = True

    async def ensure(self, ids: Iterable[int]) -> None:
        del ids

    def get(self, schema_id: int) -> RegisteredSchema | None:
        if schema_id == 9 and self.away:
            raise SchemaUnavailable(schema_id)
        return RegisteredSchema("th.saan.student.StudentEnrolled", 1, SCHEMA) if schema_id in (7, 9) else None


@dataclass
class House:
    """Replicas of a deliverer that share nothing but the log and the key."""

    log: MemoryLog
    schemas: Schemas

    def client(self, who: str = "office-a", key: bytes = b"k" * 32) -> httpx.AsyncClient:
        deliverer = Deliverer(self.log, Opener(self.schemas), Cursors(key), "inbox.{participant}")
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(application(deliverer, Tokens())),
            base_url="http://deliverer",
            headers={"Authorization": f"Bearer token-of-{who}"},
        )

    def arrive(self, id: str, subject: str = "st-1", who: str = "office-a", value: bytes | None = None) -> None:
        attributes = {"id": id, "type": "student.enrolled", "source": "sis-1", "subject": subject, "sequence": "7"}
        body = frame(7, CODEC.encode({"nameThai": "ซากี", "entryDate": 20241})) if value is None else value
        self.log.add(f"inbox.{who}", [(subject.encode(), cloud_event(attributes), body)])


@pytest.fixture
def house() -> House:
    return House(MemoryLog({"inbox.office-a": 3, "inbox.office-b": 3}), Schemas())
