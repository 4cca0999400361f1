"""The schema registry as stations read it: by id, through the Confluent-compatible API, remembered on disk.

A schema never changes under its id, so an id seen once needs the network never again. A station asks for the ids of
a whole block at once (``await ensure(ids)``); after that, ``get(id)`` is a look-up in a dict.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

import httpx
import structlog

from saan.wire.registry_types import RegisteredSchema, SchemaUnavailable
from saan.wire.schema_cache import SchemaCache
from saan.wire.trouble import Trouble

_UNKNOWN_ID = 40403  # Confluent's error code for "Schema not found"
_ABSENT_FOR = 5.0  # an id that does not exist now may be registered in a moment
_ABSENT_LIMIT = 10_000
_QUIET_AFTER_FAILURE = 1.0
_LOOK_AGAIN = 0.2
_AT_ONCE = 8
_FAILED = (httpx.HTTPError, ValueError, KeyError, TypeError)  # no answer, or one that is not this API's

log = structlog.get_logger()


class Registry:
    """The registry at ``base_url`` (``http://host:port``), remembered in the folder ``cache``.

    The folder belongs to one registry: ids of two registries mean different things. ``patience`` bounds one
    ``ensure`` in seconds. A ``SchemaSource``.
    """

    def __init__(
        self,
        base_url: str,
        cache: Path,
        *,
        patience: float = 4.0,
        http: httpx.AsyncClient | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http or httpx.AsyncClient(timeout=httpx.Timeout(3.0, connect=1.0))
        self._api = f"{base_url.rstrip('/')}/apis/ccompat/v7"
        self._cache = SchemaCache(cache)
        self._known: dict[int, RegisteredSchema] = {}
        self._absent: dict[int, float] = {}
        self._quiet_until = float("-inf")
        self._patience = patience
        self._clock = clock

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    def get(self, schema_id: int) -> RegisteredSchema | None:
        """Return the schema, ``None`` when the registry says there is none; raises ``SchemaUnavailable``."""
        known = self._known.get(schema_id)
        if known is not None:
            return known
        if schema_id in self._absent:
            return None
        kept = self._from_disk(schema_id)
        if kept is None:
            raise SchemaUnavailable(schema_id)
        return kept

    async def ensure(self, ids: Iterable[int]) -> None:
        """Learn what these ids are, as far as that can be known now. Never raises for a registry that is away.

        What stays unknown makes ``get`` raise. After a failure the network is left alone for a second, so that a
        station does not wait for every block while the registry is away.
        """
        now = self._clock()
        missing = [id for id in set(ids) if id not in self._known and self._absent.get(id, now) <= now]
        for id in missing:
            self._absent.pop(id, None)
        missing = [id for id in missing if self._from_disk(id) is None]
        if not missing or now < self._quiet_until:
            return
        turns = asyncio.Semaphore(_AT_ONCE)
        try:
            async with asyncio.timeout(self._patience):
                await asyncio.gather(*(self._learn(id, turns) for id in missing))
        except TimeoutError:
            self._quiet_until = self._clock() + _QUIET_AFTER_FAILURE
            log.warning("registry.slow", ids=len(missing), patience=self._patience)

    async def require(self, ids: Iterable[int], seconds: float = 60.0) -> None:
        """Learn all of these ids before anything is decided. Raises ``Trouble`` (``registry.away``) after ``seconds``.

        A station that served without them would set sound events aside, only because the registry was slow.
        """
        wanted, until = set(ids), self._clock() + seconds
        while True:
            await self.ensure(wanted)
            wanted -= self._known.keys()
            if not wanted:
                return
            if self._clock() > until:
                raise Trouble("registry.away", cause=f"schema {min(wanted)} cannot be had")
            await asyncio.sleep(_LOOK_AGAIN)

    async def latest(self, record: str) -> tuple[int, RegisteredSchema] | None:
        """The newest version of a record with its id; ``None`` when it was never registered.

        Raises ``Trouble`` (``registry.away``).
        """
        try:
            answer = await self._http.get(f"{self._api}/subjects/{record}/versions/latest")
            if answer.status_code == httpx.codes.NOT_FOUND:
                return None
            body = answer.raise_for_status().json()
            return int(body["id"]), RegisteredSchema(record, int(body["version"]), json.loads(body["schema"]))
        except _FAILED as error:
            raise Trouble("registry.away", cause=type(error).__name__) from error

    async def _learn(self, id: int, turns: asyncio.Semaphore) -> None:
        async with turns:
            if self._clock() < self._quiet_until:
                return
            try:
                found = await self._ask(id)
            except _FAILED as error:
                self._quiet_until = self._clock() + _QUIET_AFTER_FAILURE
                log.warning("registry.away", schema_id=id, cause=type(error).__name__)
                return
        if found is None:
            self._forget_absent()
            self._absent[id] = self._clock() + _ABSENT_FOR
        else:
            self._known[id] = found
            self._cache.keep(id, found)

    async def _ask(self, id: int) -> RegisteredSchema | None:
        """``None``: the registry has no such id, or has it but not as a version of the record the schema names."""
        answer = await self._http.get(f"{self._api}/schemas/ids/{id}")
        if answer.status_code == httpx.codes.NOT_FOUND and answer.json().get("error_code") == _UNKNOWN_ID:
            return None
        schema = json.loads(answer.raise_for_status().json()["schema"])
        record = full_name(schema)
        if record is None:
            return None
        answer = await self._http.get(f"{self._api}/schemas/ids/{id}/versions")
        versions = [int(entry["version"]) for entry in answer.raise_for_status().json() if entry["subject"] == record]
        return RegisteredSchema(record, max(versions), schema) if versions else None

    def _from_disk(self, id: int) -> RegisteredSchema | None:
        kept = self._cache.find(id)
        if kept is not None:
            self._known[id] = kept
        return kept

    def _forget_absent(self) -> None:
        if len(self._absent) >= _ABSENT_LIMIT:
            self._absent.clear()


def full_name(schema: Any) -> str | None:
    """The full name of an Avro record schema; ``None`` for anything else."""
    if not isinstance(schema, dict) or schema.get("type") != "record" or not isinstance(schema.get("name"), str):
        return None
    name: str = schema["name"]
    namespace = schema.get("namespace")
    return name if "." in name or not namespace else f"{namespace}.{name}"
