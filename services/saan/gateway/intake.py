"""Reads what an HTTP request gives: CloudEvents 1.0 HTTP binding in structured, batched and binary mode.

Source: https://github.com/cloudevents/spec, http-protocol-binding and json-format 1.0.2.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

import orjson

from saan.core.outcome import Finding
from saan.core.said import finding
from saan.gateway.said import CONTENT_TYPE, MALFORMED_JSON, NOT_A_CLOUDEVENT, event_finding
from saan.wire.http.faults import Refused

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
JSON: Final = "application/json"
AVRO: Final = frozenset({"application/avro", "avro/binary", "application/vnd.apache.avro+binary"})

_ATTRIBUTE: Final = re.compile(r"[a-z0-9]{1,64}")
_NOT_ATTRIBUTES: Final = frozenset({"data", "data_base64", "datacontenttype"})


@dataclass(frozen=True, slots=True)
class Given:
    """One event as it was given.

    ``attributes`` are CloudEvents attributes by name, as text. Exactly one of these is set: ``data`` (a JSON object),
    ``framed`` (Avro in Confluent wire format), or ``fault`` (why the item cannot be read).
    """

    attributes: Mapping[str, str]
    data: Mapping[str, Any] | None = None
    framed: bytes | None = None
    fault: Finding | None = None

    @property
    def id(self) -> str | None:
        return self.attributes.get("id")


def read(content_type: str, headers: Mapping[str, str], body: bytes) -> list[Given]:
    """The events of one request, in order. ``headers`` are the HTTP headers with lower-case names.

    Raises ``Refused`` when the request as a whole cannot be read (GW-1, GW-2, GW-5).
    """
    media = content_type.partition(";")[0].strip().lower()
    if media == BATCH:
        items = _json(body)
        if not isinstance(items, list) or not items:
            raise Refused(NOT_A_CLOUDEVENT)
        return [_structured(item) for item in items]
    if media == STRUCTURED:
        item = _json(body)
        if not isinstance(item, dict):
            raise Refused(NOT_A_CLOUDEVENT)
        return [_structured(item)]
    if media == JSON or media in AVRO:
        return [_binary(media, headers, body)]
    raise Refused(CONTENT_TYPE)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(MALFORMED_JSON) from error


def _structured(item: Any) -> Given:
    if not isinstance(item, dict):
        return Given({}, fault=event_finding("GW-2"))
    attributes: dict[str, str] = {}
    fault: Finding | None = None
    for name, value in item.items():
        if name in _NOT_ATTRIBUTES or value is None:
            continue
        text = _text(value)
        if text is None or not _ATTRIBUTE.fullmatch(name):
            fault = fault or finding("ENV-11", f"ce_{name}" if _ATTRIBUTE.fullmatch(name) else "")
        else:
            attributes[name] = text
    if fault is not None:
        return Given(attributes, fault=fault)
    return _with_payload(attributes, item)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return value if isinstance(value, str) else None


def _with_payload(attributes: Mapping[str, str], item: Mapping[str, Any]) -> Given:
    if isinstance(item.get("data"), dict):
        return Given(attributes, data=item["data"])
    media = item.get("datacontenttype")
    if isinstance(item.get("data_base64"), str) and isinstance(media, str) and media.lower() in AVRO:
        try:
            return Given(attributes, framed=base64.b64decode(item["data_base64"], validate=True))
        except binascii.Error:
            return Given(attributes, fault=event_finding("GW-2", "data_base64"))
    return Given(attributes, fault=event_finding("GW-2", "data"))


def _binary(media: str, headers: Mapping[str, str], body: bytes) -> Given:
    attributes: dict[str, str] = {}
    for name, value in headers.items():
        if not name.startswith("ce-") or name[3:] in _NOT_ATTRIBUTES:
            continue
        if not _ATTRIBUTE.fullmatch(name[3:]):
            return Given(attributes, fault=finding("ENV-11"))
        try:
            attributes[name[3:]] = unquote(value, errors="strict")
        except UnicodeDecodeError:
            return Given(attributes, fault=finding("ENV-11", f"ce_{name[3:]}"))
    if not attributes:
        raise Refused(NOT_A_CLOUDEVENT)
    if "traceparent" in headers:
        attributes.setdefault("traceparent", headers["traceparent"])
    if media in AVRO:
        return Given(attributes, framed=body)
    data = _json(body)
    return Given(attributes, data=data) if isinstance(data, dict) else Given(attributes, fault=event_finding("GW-2"))
