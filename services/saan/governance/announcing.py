"""Telling of new versions of code lists: what changed between governed records, and the records that say so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from saan.core.calendar import rfc3339
from saan.core.code_changes import CodeChange, changes
from saan.core.codes import CodeList
from saan.core.subscribers import subscribers
from saan.wire import world
from saan.wire.avro import Codec
from saan.wire.log import Outgoing
from saan.wire.record import cloud_event, frame

EVENT: Final = "code-list.published"
CODES: Final = "codes/"
SOURCE: Final = "apply"
MOST: Final = 2_000
"""How many changes one record carries; beyond that, take the list itself."""


@dataclass(frozen=True, slots=True)
class News:
    """A version of a list that comes into force, and whom to tell."""

    before: CodeList
    after: CodeList
    recipients: tuple[str, ...]
    now: int


def version_of(entity: Any) -> int:
    """The version that the governed record of a list states; 0 where it states none."""
    found = entity.get("version") if isinstance(entity, dict) else None
    return found if isinstance(found, int) else 0


def list_changes(key: str, before: Any, value: Any) -> list[CodeChange]:
    """What is different in the codes of a list, from its governed record before and after."""
    old, new = _list(key, before), _list(key, value)
    return changes(old.codes if old else {}, new.codes if new else {})


def news(records: Mapping[str, Any], entities: Mapping[str, Any], now: int) -> list[News]:
    """The lists whose version is higher than in the records in force. A list that is new there is no news.

    ``now`` is in microseconds since the epoch.
    """
    higher = [key for key in entities if key.startswith(CODES) and version_of(entities[key]) > _in_force(records, key)]
    if not higher:
        return []
    told = subscribers(world.build(entities), EVENT, now)
    pairs = ((_list(key, records[key]), _list(key, entities[key])) for key in higher)
    return [News(old, new, told, now) for old, new in pairs if told and old is not None and new is not None]


def records(one: News, codec: Codec, id: int) -> Iterator[Outgoing]:
    """One record for the inbox of each recipient. Its event id follows from list and version."""
    new = one.after
    value = frame(id, codec.encode(_data(one)))
    headers = cloud_event(
        {
            "id": f"{SOURCE}:{CODES}{new.name}:{new.version}",
            "type": EVENT,
            "source": SOURCE,
            "subject": new.official,
            "time": rfc3339(one.now),
        }
    )
    for recipient in one.recipients:
        yield Outgoing(f"inbox.{recipient}", new.official.encode(), value, headers)


def _in_force(records: Mapping[str, Any], key: str) -> int | float:
    """A list that was in force without a version is as good as new: nobody was told of it."""
    return version_of(records.get(key)) or float("inf")


def _list(key: str, entity: Any) -> CodeList | None:
    """``None`` for a record that no list can be read from: nobody can say what changed since."""
    try:
        return world.code_list(key.removeprefix(CODES), entity)
    except (KeyError, TypeError, ValueError):
        return None


def _data(one: News) -> dict[str, Any]:
    old, new = one.before, one.after
    return {
        "list": new.official,
        "file": new.name,
        "titleTh": new.title["th"],
        "titleEn": new.title["en"],
        "version": new.version,
        "previousVersion": old.version,
        "validFrom": new.valid_from,
        "rows": sum(1 + len(code.earlier) for code in new.codes.values()),
        "publishedAt": one.now,
        "changes": [_change(change) for change in changes(old.codes, new.codes)[:MOST]],
    }


def _change(change: CodeChange) -> dict[str, Any]:
    code = change.after or change.before
    assert code is not None  # a change is of a code that is or was there
    return {
        "code": change.code,
        "change": change.what.name,
        "nameTh": code.th,
        "nameEn": code.en,
        "validFrom": code.valid_from,
        "validTo": code.valid_to,
    }
