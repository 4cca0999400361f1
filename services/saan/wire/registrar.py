"""The schema registry as governance writes it: Apicurio's own API, version 3.

Its Confluent-compatible API is not used for writing: there, a schema that differs only in a ``doc``, an alias or an
enum default gets the old id and no version. One group (``default``), one artifact per Avro record, named by the
record's full name; the id on the wire is Apicurio's content id.

A write that is not answered in time may still be carried out later. Every write therefore names the version it
makes, so that carrying it out twice cannot make two versions, and is looked up before it is tried again.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import httpx

from saan.wire.trouble import Trouble

RULES = {"COMPATIBILITY": "FULL_TRANSITIVE", "VALIDITY": "FULL"}
_ATTEMPTS = 4
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record's schema: ``number`` counts from 1, ``id`` is the one on the wire."""

    number: int
    id: int


class Registrar:
    """Registers schemas at ``base_url`` (``http://host:port``). Every call may raise ``Trouble`` (``registry.*``)."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 10.0,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http or httpx.Client(timeout=timeout)
        self._api = f"{base_url.rstrip('/')}/apis/registry/v3"
        self._artifacts = f"{self._api}/groups/default/artifacts"
        self._contents: dict[int, dict[str, Any]] = {}
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def rules(self) -> dict[str, str]:
        """The global rules in force, by name."""
        names = self._json(self._call("GET", f"{self._api}/admin/rules"))
        return {name: self._json(self._call("GET", f"{self._api}/admin/rules/{name}"))["config"] for name in names}

    def hold_rule(self, name: str, config: str) -> None:
        """Put one global rule in force, whatever was there before."""
        body = {"ruleType": name, "config": config}
        created = self._call("POST", f"{self._api}/admin/rules", body)
        if created.status_code == httpx.codes.CONFLICT:
            created = self._call("PUT", f"{self._api}/admin/rules/{name}", body)
        self._sound(created)

    def versions(self, record: str) -> tuple[Version, ...]:
        """All versions of a record, oldest first; empty when it was never registered."""
        found: list[Version] = []
        while True:
            page = {"limit": _PAGE, "offset": len(found), "orderby": "globalId", "order": "asc"}
            answer = self._call("GET", f"{self._artifacts}/{record}/versions", params=page)
            if answer.status_code == httpx.codes.NOT_FOUND:
                return ()
            listed = self._json(answer)
            found += [Version(int(entry["version"]), int(entry["contentId"])) for entry in listed["versions"]]
            if len(found) >= int(listed["count"]) or not listed["versions"]:
                return tuple(sorted(found, key=lambda version: version.number))

    def content(self, id: int) -> dict[str, Any]:
        """The schema behind an id. It never changes, so it is asked for once."""
        if id not in self._contents:
            self._contents[id] = self._json(self._call("GET", f"{self._api}/ids/contentIds/{id}"))
        return self._contents[id]

    def objection(self, record: str, schema: Mapping[str, Any]) -> str | None:
        """Why the registry would refuse this schema as the next version; ``None`` when it would take it."""
        answer = self._propose(record, schema, self.versions(record), params={"dryRun": "true"})
        return None if answer.is_success else _objection(answer)

    def register(self, record: str, schema: Mapping[str, Any]) -> Version:
        """Make this schema the newest version of its record, if it is not that already."""
        cause = "no answer"
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._sleep(min(4.0, 0.5 * 2**attempt))
            had = self.versions(record)
            if had and same(self.content(had[-1].id), schema):
                return had[-1]
            try:
                answer = self._propose(record, schema, had)
            except Trouble as trouble:
                cause = trouble.said_en
                continue
            if answer.is_success:
                made = self._json(answer)
                made = made.get("version") if isinstance(made.get("version"), dict) else made
                return Version(int(made["version"]), int(made["contentId"]))
            if answer.status_code != httpx.codes.CONFLICT:
                raise Trouble("registry.refused", record=record, cause=_objection(answer))
            cause = "somebody else made a version at the same time"
        raise Trouble("registry.away", cause=cause)

    def _propose(
        self,
        record: str,
        schema: Mapping[str, Any],
        had: tuple[Version, ...],
        params: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        content = {"content": json.dumps(schema, ensure_ascii=False), "contentType": "application/json"}
        version = {"version": str(had[-1].number + 1 if had else 1), "content": content}
        if had:
            return self._call("POST", f"{self._artifacts}/{record}/versions", version, params)
        artifact = {"artifactId": record, "artifactType": "AVRO", "firstVersion": version}
        return self._call("POST", self._artifacts, artifact, params)

    def _call(
        self, method: str, url: str, body: Mapping[str, Any] | None = None, params: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        try:
            answer = self._http.request(method, url, json=body, params=params)
        except httpx.HTTPError as error:
            raise Trouble("registry.away", cause=type(error).__name__) from error
        if answer.is_server_error:
            raise Trouble("registry.away", cause=f"HTTP {answer.status_code}")
        return answer

    def _sound(self, answer: httpx.Response) -> httpx.Response:
        if not answer.is_success:
            raise Trouble("registry.foreign", cause=f"HTTP {answer.status_code} {_objection(answer)}")
        return answer

    def _json(self, answer: httpx.Response) -> Any:
        try:
            return self._sound(answer).json()
        except ValueError as error:
            raise Trouble("registry.foreign", cause="not JSON") from error


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two schemas say the same, in whatever order their keys stand."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _objection(answer: httpx.Response) -> str:
    """The registry's own reason in one line, without its class names."""
    try:
        body = answer.json()
    except ValueError:
        return f"HTTP {answer.status_code}"
    causes = [f"{cause.get('description')} at {cause.get('context')}" for cause in body.get("causes") or ()]
    return "; ".join(causes) or str(body.get("detail") or body.get("title") or f"HTTP {answer.status_code}")
