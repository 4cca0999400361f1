"""What the gateway's own page shows is true: its examples pass every governed rule, and its answers look as shown."""

from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from saan.core.participants import Participant
from saan.core.world import World
from saan.gateway.api import Limits, application
from saan.gateway.encode import Encoder
from saan.gateway.examples import REQUEST, RESPONSES
from saan.gateway.handler import Gateway
from saan.gateway.rehearse import Engine
from saan.wire import files, world
from saan.wire.http.bearer import digest
from saan.wire.memory import MemoryLog
from saan.wire.registry_types import RegisteredSchema

RECEIVED = 1_748_833_620_000_000
"""2025-06-02T03:07:00Z in microseconds: shortly after the example happened."""


class Governed:
    """The demo province; every participant's token is its own id."""

    def __init__(self, made: World) -> None:
        self.world = made
        self.records = {event.record: id for id, event in enumerate(made.events.values(), 1)}

    def schema_id(self, record: str, version: int | None = None) -> int | None:
        return self.records.get(record)

    def participant(self, of: str) -> Participant | None:
        return next((who for id, who in self.world.participants.items() if digest(id) == of), None)

    async def ensure(self, ids: Iterable[int]) -> None:
        del ids

    def get(self, schema_id: int) -> RegisteredSchema | None:
        for event in self.world.events.values():
            if self.records[event.record] == schema_id:
                return RegisteredSchema(event.record, 1, event.schema)
        return None


@pytest.fixture(scope="module")
def made() -> World:
    return world.build(files.read(files.default_folder()).entities())


@pytest.fixture
def client(made: World) -> httpx.AsyncClient:
    governed = Governed(made)
    log = MemoryLog({"outbox.gateway": 4})
    gateway = Gateway(
        governance=governed,
        schemas=governed,
        encoder=Encoder(governed, b"k" * 32, "outbox.gateway", 1_000_000),
        log=log,
        rehearsal=lambda state: Engine(state, governed),
        clock=lambda: RECEIVED,
        max_record=1_000_000,
    )
    app = application(gateway, governed, governed, log.ready, Limits())
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://gateway",
        headers={"Authorization": "Bearer sis-96012007"},
    )


SHOWN = [
    (media, example["value"])
    for media, kind in REQUEST["content"].items()
    for example in kind.get("examples", {}).values()
]


@pytest.mark.parametrize(("media", "value"), SHOWN, ids=[media for media, _ in SHOWN])
@pytest.mark.parametrize("dry_run", [True, False])
async def test_every_example_of_the_page_is_accepted_without_a_warning(
    client: httpx.AsyncClient, media: str, value: Any, dry_run: bool
) -> None:
    answer = await client.post(
        "/v1/events", json=value, headers={"Content-Type": media}, params={"dry_run": str(dry_run).lower()}
    )
    assert answer.status_code == (200 if dry_run else 202)
    assert all(set(row) == {"id", "verdict"} and row["verdict"] == "accepted" for row in answer.json()["results"])


async def test_the_mixed_answer_of_the_page_is_what_the_gateway_says(client: httpx.AsyncClient) -> None:
    shown = RESPONSES[207]["content"]["application/json"]["example"]
    batch = SHOWN[-1][1]
    lame = batch[1] | {"data": {name: value for name, value in batch[1]["data"].items() if name != "idValue"}}
    answer = await client.post(
        "/v1/events", json=[batch[0], lame], headers={"Content-Type": "application/cloudevents-batch+json"}
    )
    assert (answer.status_code, answer.json()) == (207, shown)


async def test_every_event_type_of_the_catalogue_is_described_with_labels_and_a_complete_example(
    client: httpx.AsyncClient, made: World
) -> None:
    listed = (await client.get("/v1/event-types")).json()["event_types"]
    assert {row["type"] for row in listed} == {name for name, event in made.events.items() if not event.control}
    for row in listed:
        told = (await client.get(f"/v1/event-types/{row['type']}")).json()
        assert all(field["label"]["th"] and field["label"]["en"] and field["class"] for field in told["fields"])
        mandatory = {field["name"] for field in told["fields"] if field["mandatory"]}
        assert told["examples"]
        assert mandatory <= set(told["examples"][0])
