"""A record on Kafka: CloudEvents 1.0 Kafka protocol binding in binary mode, Confluent wire format in the value.

Sources: https://github.com/cloudevents/spec (kafka-protocol-binding 1.0.2, section 3.2) and Confluent's wire format:
one zero byte, the schema id as four bytes big-endian, then the Avro body.
"""

import struct
from collections.abc import Iterable, Mapping
from typing import Final

from saan.core.outcome import Finding
from saan.core.said import finding

Headers = tuple[tuple[str, bytes], ...]

CONTENT_TYPE: Final = ("content-type", b"application/avro")
_TRAVELLING: Final = frozenset({"content-type", "traceparent", "tracestate"})
_FRAME = struct.Struct(">BI")
FRAME_SIZE: Final = _FRAME.size


def text(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str] | Finding:
    """Headers as text by name; of a repeated header the last one counts. Bytes that are not UTF-8 are a finding."""
    read: dict[str, str] = {}
    for name, value in headers:
        try:
            read[name] = (value or b"").decode()
        except UnicodeDecodeError:
            return finding("ENV-11", name)
    return read


def schema_id(value: bytes | None) -> int | Finding:
    """The schema id in front of the Avro body."""
    if value is None or len(value) < FRAME_SIZE:
        return finding("WIRE-1")
    magic, id = _FRAME.unpack_from(value)
    return int(id) if magic == 0 else finding("WIRE-1")


def frame(id: int, body: bytes) -> bytes:
    """An Avro body in Confluent wire format."""
    return _FRAME.pack(0, id) + body


def travelling(headers: Iterable[tuple[str, bytes]], changed: Mapping[str, str | None]) -> Headers:
    """The headers with which a record goes on: CloudEvents attributes, content type and trace context.

    Those in ``changed`` are set anew, at the end, or left out (``None``). Whatever else a publisher's client wrote
    stays behind, because every recipient would get it, whatever its agreement grants.
    """
    kept = tuple((n, v) for n, v in headers if n not in changed and (n.startswith("ce_") or n in _TRAVELLING))
    return (*kept, *((name, value.encode()) for name, value in changed.items() if value is not None))


def cloud_event(attributes: Mapping[str, str]) -> Headers:
    """Kafka headers of CloudEvents attributes (names without ``ce_``), with the content type of Avro."""
    named = {"specversion": "1.0", **attributes}
    return (CONTENT_TYPE, *((f"ce_{name}", value.encode()) for name, value in named.items()))
