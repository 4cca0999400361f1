"""Opens records of an inbox: Kafka headers and Avro become CloudEvents in JSON.

A record that cannot be decoded is handed over as it is, in ``data_base64``: a subscriber must never be stuck behind it.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog

from saan.core.outcome import Finding
from saan.wire import record
from saan.wire.avro import Codec
from saan.wire.http.ports import Schemas
from saan.wire.log import Arrived

_LOG = structlog.get_logger()
_OTHER_ATTRIBUTES: Final = frozenset({"traceparent", "tracestate"})


class Opener:
    """``schemas`` resolves the ids that the records carry."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._codecs: dict[int, Codec] = {}

    async def open(self, records: Sequence[Arrived]) -> list[dict[str, Any]]:
        """One CloudEvent per record, in order. Raises ``SchemaUnavailable`` when a schema cannot be looked up now."""
        ids = [record.schema_id(arrived.value) for arrived in records]
        await self._schemas.ensure({id for id in ids if isinstance(id, int)})
        return [self._event(arrived, id) for arrived, id in zip(records, ids, strict=True)]

    def _event(self, arrived: Arrived, id: int | Finding) -> dict[str, Any]:
        attributes = _attributes(arrived.headers)
        data = self._data(arrived, id) if isinstance(id, int) else None
        if data is None:
            _LOG.warning("inbox.undecodable", partition=arrived.partition, offset=arrived.offset)
            raw = base64.b64encode(arrived.value).decode()
            return attributes | {"datacontenttype": "application/avro", "data_base64": raw}
        return attributes | {"datacontenttype": "application/json", "data": data}

    def _data(self, arrived: Arrived, id: int) -> Mapping[str, Any] | None:
        codec = self._codecs.get(id)
        if codec is None:
            registered = self._schemas.get(id)
            if registered is None:
                return None
            try:
                codec = self._codecs[id] = Codec(registered.schema)
            except ValueError:
                return None
        data = codec.decode(arrived.value[record.FRAME_SIZE :])
        return None if isinstance(data, Finding) else codec.to_json(data)


def _attributes(headers: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in headers:
        if name.startswith("ce_"):
            found[name[3:]] = value.decode(errors="replace")
        elif name in _OTHER_ATTRIBUTES:
            found[name] = value.decode(errors="replace")
    return found
