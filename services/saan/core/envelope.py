"""Read the CloudEvents attributes of a record from its headers."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final

from saan.core.calendar import micros, rfc3339
from saan.core.message import Envelope
from saan.core.outcome import Finding
from saan.core.said import finding

MAX_LENGTH: Final = 1000
"""Longest header value, in characters."""

_MANDATORY = ("ce_id", "ce_type", "ce_source", "ce_time")
_OWN = frozenset((*_MANDATORY, "ce_specversion", "ce_subject"))
_NAME = re.compile(r"[a-z0-9_-]{1,64}")
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_CITIZEN_ID = re.compile(r"(?<![0-9A-Fa-f])[0-9]{13}(?![0-9A-Fa-f])")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)")
_DECIMAL = re.compile(r"[0-9]{1,18}")
_WORD = re.compile(r"[A-Za-z0-9._:/-]{1,200}")
_SHAPES: Final = {
    "ce_id": _ID,
    "ce_type": _WORD,
    "ce_source": _WORD,
    "ce_sequence": _DECIMAL,
    "ce_schemaversion": _DECIMAL,
    "ce_testdata": re.compile("true|false"),
    "ce_causationid": _ID,
    "ce_correlationid": _ID,
    "content-type": re.compile(r"application/avro(?:\s*;.*)?"),
}
_NUMBERS = frozenset({"ce_sequence", "ce_time", "ce_recordedtime"})
"""Attributes whose shape is digits; a sequence may well be a time in milliseconds, which has 13 of them."""


def read(headers: Mapping[str, str]) -> Envelope | tuple[Finding, ...]:
    """The envelope, or everything that is wrong with it: ENV-7 (missing), ENV-11 (malformed), ENV-12 (version).

    Header names are as on Kafka (``ce_id``, ``content-type``); headers without the prefix ``ce_`` are no attributes.
    Whether type, source and subject are the right ones is not asked here.
    """
    objections = _objections(headers)
    time = instant(headers.get("ce_time", ""))
    if objections or time is None:
        return tuple(objections) or (finding("ENV-11", "ce_time"),)
    extensions = {name[3:]: value for name, value in headers.items() if name.startswith("ce_") and name not in _OWN}
    return Envelope(
        headers["ce_id"], headers["ce_type"], headers["ce_source"], time, headers.get("ce_subject") or None, extensions
    )


def attributes(envelope: Envelope) -> dict[str, str]:
    """The CloudEvents attributes of a record that is written, by name."""
    named = {"id": envelope.id, "type": envelope.type, "source": envelope.source, "time": rfc3339(envelope.time)}
    return named | ({"subject": envelope.subject} if envelope.subject else {}) | dict(envelope.extensions)


@lru_cache(maxsize=1024)
def instant(text: str) -> int | None:
    """Microseconds since the epoch of an RFC 3339 time with an offset, ``None`` for any other text.

    The last results are remembered: a time is asked for more than once per record, and records share times.
    """
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return micros(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError):
        return None


def repeatable(headers: Mapping[str, str], name: str) -> str | None:
    """``ce_type`` or ``ce_id`` if it is well formed and looks like no citizen ID: only then others may be told it."""
    value = headers.get(name, "")
    return value if _SHAPES[name].fullmatch(value) and not _CITIZEN_ID.search(value) else None


def _objections(headers: Mapping[str, str]) -> list[Finding]:
    found = [finding("ENV-7", name) for name in _MANDATORY if not headers.get(name)]
    version = headers.get("ce_specversion")
    if not version:
        found.append(finding("ENV-7", "ce_specversion"))
    elif version != "1.0":
        found.append(finding("ENV-12", "ce_specversion"))
    malformed = {name for name, shape in _SHAPES.items() if (value := headers.get(name)) and not shape.fullmatch(value)}
    for name in ("ce_time", "ce_recordedtime"):
        if (value := headers.get(name)) and instant(value) is None:
            malformed.add(name)
    whole = " ".join(headers.values())
    if _CITIZEN_ID.search(whole):
        malformed.update(name for name, value in headers.items() if _tells_citizen_id(name, value))
    if len(whole) > MAX_LENGTH or not whole.isprintable():
        malformed.update(name for name, value in headers.items() if name.startswith("ce_") and not _is_plain(value))
    found.extend(finding("ENV-11", name if _NAME.fullmatch(name) else "") for name in sorted(malformed))
    return found


def _tells_citizen_id(name: str, value: str) -> bool:
    """The subject is judged with the record's own identity, later."""
    asked = name.startswith("ce_") and name != "ce_subject" and name not in _NUMBERS
    return asked and _CITIZEN_ID.search(value) is not None


def _is_plain(value: str) -> bool:
    return len(value) <= MAX_LENGTH and value.isprintable()
