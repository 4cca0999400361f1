"""What travels: CloudEvents attributes and Avro data, and nothing about how."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Envelope:
    """The CloudEvents 1.0 attributes of one record (https://github.com/cloudevents/spec, version 1.0.2).

    ``time`` is microseconds since the epoch, UTC (from ``ce_time``). ``extensions`` holds every further attribute by
    its name without the ``ce_`` prefix, as text. ``subject`` is set by the validator and absent before.
    """

    id: str
    type: str
    source: str
    time: int
    subject: str | None
    extensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """One record as the decisions see it.

    ``data`` is the decoded Avro record with logical types left as their Avro primitives: a ``date`` is days since
    1970-01-01 (int), ``timestamp-micros`` is microseconds (int), an enum is its symbol (str).
    """

    envelope: Envelope
    data: Mapping[str, Any]
