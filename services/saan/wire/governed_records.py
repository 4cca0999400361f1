"""The records on the topic ``governance``: one per governed entity, compacted, JSON, keyed by the entity's id.

    event/<type>  codes/<list>  organisations/<file>  participant/<id>  …     what ``wire.files`` makes of ``schemas/``
    schema-id/<record>         {"versions": [{"version": 1, "id": 7}, …]}     the ids on the wire
    credential/<participant>   {"token_sha256": [{"hash", "from", "to"}, …]}  instants in microseconds, "to" may be null

A record without a value takes its entity away.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from saan.wire.registrar import Version

TOPIC = "governance"
SCHEMA_ID = "schema-id/"
CREDENTIAL = "credential/"
PARTICIPANT = "participant/"
_OTHER = (SCHEMA_ID, CREDENTIAL)


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token by its SHA-256 (hex): valid from ``start`` to before ``end`` (microseconds, ``None``: open)."""

    digest: str
    start: int
    end: int | None = None

    def valid(self, now: int) -> bool:
        return self.start <= now and (self.end is None or now < self.end)


def entities(records: Mapping[str, Any]) -> dict[str, Any]:
    """Those records that come from ``schemas/``."""
    return {key: value for key, value in records.items() if not key.startswith(_OTHER)}


def participants(records: Iterable[str]) -> frozenset[str]:
    """The participants among the keys of records."""
    return frozenset(key.removeprefix(PARTICIPANT) for key in records if key.startswith(PARTICIPANT))


def versions_value(versions: Iterable[Version]) -> dict[str, Any]:
    return {"versions": [{"version": version.number, "id": version.id} for version in versions]}


def schema_ids(records: Mapping[str, Any]) -> dict[str | tuple[str, int], int]:
    """Ids on the wire: by record for its latest version, by (record, version) for each."""
    found: dict[str | tuple[str, int], int] = {}
    for key, value in records.items():
        if key.startswith(SCHEMA_ID):
            record = key.removeprefix(SCHEMA_ID)
            for entry in sorted(value["versions"], key=lambda entry: int(entry["version"])):
                found[record] = found[record, int(entry["version"])] = int(entry["id"])
    return found


def tokens_value(tokens: Iterable[Token]) -> dict[str, Any]:
    return {"token_sha256": [{"hash": token.digest, "from": token.start, "to": token.end} for token in tokens]}


def tokens(value: Mapping[str, Any]) -> tuple[Token, ...]:
    return tuple(Token(entry["hash"], int(entry["from"]), entry["to"]) for entry in value["token_sha256"])


def tokens_by_digest(records: Mapping[str, Any]) -> dict[str, tuple[str, Token]]:
    """The participant and the token behind each digest."""
    found = {}
    for key, value in records.items():
        if key.startswith(CREDENTIAL):
            for token in tokens(value):
                found[token.digest] = (key.removeprefix(CREDENTIAL), token)
    return found


def encode(value: Any) -> bytes:
    """One value as bytes: equal values are equal bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
