"""Reading the registry: known once, known for ever; and never a guess when it is away."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from saan.wire.governed_schemas import GovernedSchemas
from saan.wire.registry import Registry, full_name
from saan.wire.registry_types import RegisteredSchema, SchemaUnavailable
from saan.wire.transport import Unable
from saan.wire.trouble import Trouble

SCHEMA = {"type": "record", "name": "Seen", "namespace": "th.saan.x", "fields": [{"name": "a", "type": "string"}]}
OTHER = {**SCHEMA, "name": "Other"}


@dataclass
class FakeRegistry:
    """Answers like the Confluent-compatible API; ``fault`` stands in for every answer while it is set."""

    schemas: dict[int, Any] = field(default_factory=dict)
    versions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    fault: Callable[[httpx.Request], httpx.Response] | None = None
    asked: list[str] = field(default_factory=list)

    def add(self, id: int, schema: Any, subject: str, version: int = 1) -> None:
        self.schemas[id] = schema
        self.versions.setdefault(id, []).append({"subject": subject, "version": version})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/apis/ccompat/v7")
        self.asked.append(path)
        if self.fault is not None:
            return self.fault(request)
        match path.strip("/").split("/"):
            case ["schemas", "ids", id] if int(id) in self.schemas:
                return httpx.Response(200, json={"schema": json.dumps(self.schemas[int(id)])})
            case ["schemas", "ids", id, "versions"] if int(id) in self.versions:
                return httpx.Response(200, json=self.versions[int(id)])
            case ["subjects", subject, "versions", "latest"]:
                return self._latest(subject)
        return httpx.Response(404, json={"error_code": 40403, "message": "Schema not found."})

    def _latest(self, subject: str) -> httpx.Response:
        known = [(v["version"], id) for id, vs in self.versions.items() for v in vs if v["subject"] == subject]
        if not known:
            return httpx.Response(404, json={"error_code": 40401, "message": "Subject not found."})
        version, id = max(known)
        return httpx.Response(200, json={"id": id, "version": version, "schema": json.dumps(self.schemas[id])})


def away(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def elsewhere(request: httpx.Request) -> httpx.Response:
    return httpx.Response(404, text="<html>no such page</html>")


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def fake() -> FakeRegistry:
    return FakeRegistry()


def reader(fake: FakeRegistry, folder: Path, clock: Clock | None = None) -> Registry:
    http = httpx.AsyncClient(transport=httpx.MockTransport(fake))
    return Registry("http://registry", folder, http=http, clock=clock or Clock())


async def test_an_id_is_known_by_record_and_version(fake: FakeRegistry, tmp_path: Path) -> None:
    fake.add(7, SCHEMA, "th.saan.x.Seen", 3)
    async with reader(fake, tmp_path) as registry:
        await registry.ensure([7, 7])

        assert registry.get(7) == RegisteredSchema("th.saan.x.Seen", 3, SCHEMA)


async def test_an_id_seen_once_needs_the_registry_never_again(fake: FakeRegistry, tmp_path: Path) -> None:
    fake.add(7, SCHEMA, "th.saan.x.Seen")
    async with reader(fake, tmp_path) as registry:
        await registry.ensure([7])
    fake.fault = away
    fake.asked.clear()

    async with reader(fake, tmp_path) as restarted:
        await restarted.ensure([7])

        assert restarted.get(7) == RegisteredSchema("th.saan.x.Seen", 1, SCHEMA)
    assert fake.asked == []


async def test_an_id_that_the_registry_denies_is_none(fake: FakeRegistry, tmp_path: Path) -> None:
    async with reader(fake, tmp_path) as registry:
        await registry.ensure([9])

        assert registry.get(9) is None


@pytest.mark.parametrize("fault", [away, elsewhere, lambda _: httpx.Response(503), lambda _: httpx.Response(200)])
async def test_no_answer_or_a_foreign_one_is_never_taken_for_a_denial(
    fake: FakeRegistry, tmp_path: Path, fault: Callable[[httpx.Request], httpx.Response]
) -> None:
    fake.fault = fault
    async with reader(fake, tmp_path) as registry:
        await registry.ensure([7])

        with pytest.raises(SchemaUnavailable, match="schema 7"):
            registry.get(7)


async def test_a_registry_that_is_away_is_left_alone_for_a_second(fake: FakeRegistry, tmp_path: Path) -> None:
    clock = Clock()
    fake.fault = away
    async with reader(fake, tmp_path, clock) as registry:
        await registry.ensure([1])
        await registry.ensure([2])
        assert fake.asked == ["/schemas/ids/1"]

        fake.fault = None
        fake.add(2, SCHEMA, "th.saan.x.Seen")
        clock.now = 1.1
        await registry.ensure([2])

        assert registry.get(2) is not None


async def test_an_id_denied_a_while_ago_is_asked_for_again(fake: FakeRegistry, tmp_path: Path) -> None:
    clock = Clock()
    async with reader(fake, tmp_path, clock) as registry:
        await registry.ensure([7])
        fake.add(7, SCHEMA, "th.saan.x.Seen")
        await registry.ensure([7])
        assert registry.get(7) is None

        clock.now = 6.0
        await registry.ensure([7])

        assert registry.get(7) is not None


async def test_a_denial_that_has_grown_old_is_no_answer_while_the_registry_is_away(
    fake: FakeRegistry, tmp_path: Path
) -> None:
    clock = Clock()
    async with reader(fake, tmp_path, clock) as registry:
        await registry.ensure([7])
        fake.fault = away
        clock.now = 6.0
        await registry.ensure([7])

        with pytest.raises(SchemaUnavailable):
            registry.get(7)


async def test_a_schema_outside_its_own_records_subject_is_not_ours(fake: FakeRegistry, tmp_path: Path) -> None:
    fake.add(7, SCHEMA, "some-topic-value")
    fake.add(8, "string", "th.saan.x.Seen")
    async with reader(fake, tmp_path) as registry:
        await registry.ensure([7, 8])

        assert [registry.get(7), registry.get(8)] == [None, None]


async def test_a_broken_cache_file_is_asked_for_again_and_mended(fake: FakeRegistry, tmp_path: Path) -> None:
    fake.add(7, SCHEMA, "th.saan.x.Seen")
    (tmp_path / "7.json").write_text('{"record": "th.sa')
    async with reader(fake, tmp_path) as registry:
        await registry.ensure([7])

        assert registry.get(7) is not None
    assert json.loads((tmp_path / "7.json").read_text())["record"] == "th.saan.x.Seen"
    assert [path.name for path in tmp_path.iterdir()] == ["7.json"]


async def test_the_latest_version_comes_with_its_id(fake: FakeRegistry, tmp_path: Path) -> None:
    fake.add(7, SCHEMA, "th.saan.x.Seen", 1)
    fake.add(9, {**SCHEMA, "doc": "new"}, "th.saan.x.Seen", 2)
    async with reader(fake, tmp_path) as registry:
        found = await registry.latest("th.saan.x.Seen")
        assert found is not None
        assert (found[0], found[1].version) == (9, 2)
        assert await registry.latest("th.saan.x.Nothing") is None

        fake.fault = away
        with pytest.raises(Trouble, match=r"registry\.away"):
            await registry.latest("th.saan.x.Seen")


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        (SCHEMA, "th.saan.x.Seen"),
        ({"type": "record", "name": "a.b.C", "namespace": "x", "fields": []}, "a.b.C"),
        ({"type": "record", "name": "C", "fields": []}, "C"),
        ({"type": "enum", "name": "E", "symbols": ["A"]}, None),
        ("string", None),
        (["null", "string"], None),
        ({"type": "record", "fields": []}, None),
    ],
)
def test_only_a_record_has_a_full_name(schema: Any, name: str | None) -> None:
    assert full_name(schema) == name


async def test_what_is_required_is_asked_for_until_it_is_known(fake: FakeRegistry, tmp_path: Path) -> None:
    asked: list[str] = []

    def slow_at_first(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if len(asked) == 2:
            fake.fault = None
        return httpx.Response(503)

    fake.fault = slow_at_first
    fake.add(7, SCHEMA, "th.saan.x.Seen")
    http = httpx.AsyncClient(transport=httpx.MockTransport(fake))
    async with Registry("http://registry", tmp_path, http=http) as registry:
        await registry.require([7], seconds=30.0)

        assert registry.get(7) is not None


@pytest.mark.parametrize("fault", [None, away])
async def test_what_is_required_and_cannot_be_had_is_a_trouble_that_names_it(
    fake: FakeRegistry, tmp_path: Path, fault: Callable[[httpx.Request], httpx.Response] | None
) -> None:
    fake.fault = fault
    http = httpx.AsyncClient(transport=httpx.MockTransport(fake))
    async with Registry("http://registry", tmp_path, http=http) as registry:
        with pytest.raises(Trouble, match="schema 7"):
            await registry.require([7], seconds=0.0)


async def test_a_governed_schema_that_cannot_be_looked_up_blames_no_event(fake: FakeRegistry, tmp_path: Path) -> None:
    fake.fault = away
    async with reader(fake, tmp_path) as registry:
        schemas = GovernedSchemas(registry, lambda: {7})
        await schemas.ensure([8])

        with pytest.raises(Unable, match="schema 7"):
            await schemas.ensure([7, 8])
