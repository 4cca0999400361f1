"""Writing to the registry: no change is lost, and none is made twice."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from saan.wire.registrar import Registrar, Version, same
from saan.wire.trouble import Trouble

RECORD = "th.saan.x.Seen"
SCHEMA = {"type": "record", "name": "Seen", "namespace": "th.saan.x", "fields": [{"name": "a", "type": "string"}]}
DOCUMENTED = {**SCHEMA, "doc": "new"}
BASE = "/apis/registry/v3"


@dataclass
class FakeRegistry:
    """Keeps versions like the registry's own API. ``faults`` are met one by one, before or after a write is kept."""

    contents: list[Any] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    rules: dict[str, str] = field(default_factory=dict)
    objection: httpx.Response | None = None
    lose_next_write: bool = False
    lose_next_answer: bool = False
    writes: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(BASE)
        if path.startswith("/admin/rules"):
            return self._rule(request, path)
        if path.startswith("/ids/contentIds/"):
            return httpx.Response(200, json=self.contents[int(path.rsplit("/")[-1])])
        if request.method == "GET":
            return self._list(request)
        return self._write(request, json.loads(request.content))

    def _list(self, request: httpx.Request) -> httpx.Response:
        if not self.versions:
            return httpx.Response(404, json={"detail": "ArtifactNotFoundException"})
        first = int(request.url.params["offset"])
        page = [{"version": str(n + 1), "contentId": id} for n, id in enumerate(self.versions)][first : first + 2]
        return httpx.Response(200, json={"count": len(self.versions), "versions": page})

    def _write(self, request: httpx.Request, body: dict[str, Any]) -> httpx.Response:
        version = body.get("firstVersion", body)
        if self.objection is not None:
            return self.objection
        if "dryRun" in request.url.params:
            return httpx.Response(200, json={})
        self.writes += 1
        if self.lose_next_write:
            self.lose_next_write = False
            raise httpx.ConnectError("refused", request=request)
        if int(version["version"]) != len(self.versions) + 1:
            return httpx.Response(409, json={"detail": "VersionAlreadyExistsException"})
        self.contents.append(json.loads(version["content"]["content"]))
        self.versions.append(len(self.contents) - 1)
        if self.lose_next_answer:
            self.lose_next_answer = False
            raise httpx.ReadTimeout("too late", request=request)
        made = {"version": version["version"], "contentId": len(self.contents) - 1}
        return httpx.Response(200, json={"version": made} if "firstVersion" in body else made)

    def _rule(self, request: httpx.Request, path: str) -> httpx.Response:
        name = path.removeprefix("/admin/rules").strip("/")
        if request.method == "GET":
            return httpx.Response(200, json={"config": self.rules[name]} if name else sorted(self.rules))
        body = json.loads(request.content)
        if request.method == "POST" and body["ruleType"] in self.rules:
            return httpx.Response(409, json={"detail": "RuleAlreadyExistsException"})
        self.rules[body["ruleType"]] = body["config"]
        return httpx.Response(204)


@pytest.fixture
def fake() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def registrar(fake: FakeRegistry) -> Registrar:
    http = httpx.Client(transport=httpx.MockTransport(fake))
    return Registrar("http://registry", http=http, sleep=lambda seconds: None)


def test_a_schema_is_registered_once_however_often_it_is_asked_for(fake: FakeRegistry, registrar: Registrar) -> None:
    turned = dict(reversed(SCHEMA.items()))

    made = [registrar.register(RECORD, schema) for schema in (SCHEMA, SCHEMA, turned)]

    assert made == [Version(1, 0)] * 3
    assert fake.writes == 1


def test_a_changed_doc_makes_a_version(registrar: Registrar) -> None:
    registrar.register(RECORD, SCHEMA)

    assert registrar.register(RECORD, DOCUMENTED) == Version(2, 1)


def test_all_versions_are_listed_over_several_pages(fake: FakeRegistry, registrar: Registrar) -> None:
    for number in range(5):
        registrar.register(RECORD, {**SCHEMA, "doc": str(number)})

    assert [version.number for version in registrar.versions(RECORD)] == [1, 2, 3, 4, 5]
    assert registrar.versions(RECORD)[-1].id == 4


@pytest.mark.parametrize("first", [True, False], ids=["first version", "next version"])
def test_a_write_that_was_carried_out_without_an_answer_is_found_and_not_repeated(
    fake: FakeRegistry, registrar: Registrar, first: bool
) -> None:
    if not first:
        registrar.register(RECORD, SCHEMA)
    before = fake.writes
    fake.lose_next_answer = True

    made = registrar.register(RECORD, DOCUMENTED)

    assert made.number == len(fake.versions)
    assert fake.writes == before + 1


def test_a_write_that_never_arrived_is_repeated(fake: FakeRegistry, registrar: Registrar) -> None:
    fake.lose_next_write = True

    assert registrar.register(RECORD, SCHEMA) == Version(1, 0)
    assert fake.writes == 2


def test_a_refusal_says_the_registrys_reason(fake: FakeRegistry, registrar: Registrar) -> None:
    fake.objection = httpx.Response(400, json={"causes": [{"description": "b", "context": "/fields/1"}]})

    assert registrar.objection(RECORD, SCHEMA) == "b at /fields/1"
    with pytest.raises(Trouble, match=r"registry\.refused.*th\.saan\.x\.Seen: b at /fields/1"):
        registrar.register(RECORD, SCHEMA)


def test_asking_for_objections_writes_nothing(fake: FakeRegistry, registrar: Registrar) -> None:
    assert registrar.objection(RECORD, SCHEMA) is None
    assert fake.writes == 0


def test_a_rule_is_put_in_force_whatever_was_there(fake: FakeRegistry, registrar: Registrar) -> None:
    fake.rules["COMPATIBILITY"] = "NONE"

    registrar.hold_rule("COMPATIBILITY", "FULL_TRANSITIVE")
    registrar.hold_rule("VALIDITY", "FULL")

    assert registrar.rules() == {"COMPATIBILITY": "FULL_TRANSITIVE", "VALIDITY": "FULL"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(500), "registry.away"),
        (httpx.Response(403, json={}), "registry.foreign"),
        (httpx.Response(200, text="<html>"), "registry.foreign"),
    ],
)
def test_an_answer_that_is_no_answer_is_a_coded_trouble(answer: httpx.Response, code: str) -> None:
    registrar = Registrar("http://registry", http=httpx.Client(transport=httpx.MockTransport(lambda _: answer)))

    with pytest.raises(Trouble) as met:
        registrar.rules()

    assert met.value.code == code


def test_schemas_differ_by_what_they_say_and_not_by_the_order_of_keys() -> None:
    assert same({"a": 1, "b": [1, 2]}, {"b": [1, 2], "a": 1})
    assert not same({"b": [1, 2]}, {"b": [2, 1]})
    assert not same({"default": 1}, {"default": True})
