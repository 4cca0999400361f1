"""Reads the topics to their end with librdkafka, committed records only, and decodes them with fastavro."""

import io
import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import fastavro
import httpx
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, TopicPartition
from confluent_kafka.admin import AdminClient

from saan.prove import bodies
from saan.prove.evidence import REJECTED, Entry, Evidence, Notice, Receipt, Record

_FRAME: Final = 5
_AT_ONCE: Final = 2_000
_PATIENCE: Final = 60.0
_RECEIPT: Final = "receipt.issued"
_NOTICES: Final = (REJECTED, "data-quality.flagged")


class Unread(Exception):
    """A topic could not be read to its end in time."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"อ่าน {topic} ไม่ถึงปลายภายในเวลา · {topic} could not be read to its end in time")


class Schemas:
    """Registered schemas by id, asked of the registry's Confluent-compatible API."""

    def __init__(self, registry: str) -> None:
        self._address = f"{registry}/apis/ccompat/v7/schemas/ids"
        self._raw: dict[int, Any] = {}
        self._parsed: dict[int, Any] = {}

    def decode(self, value: bytes) -> tuple[Any, dict[str, Any]]:
        """The schema and the fields of a framed value."""
        id = int.from_bytes(value[1:_FRAME], "big")
        if id not in self._raw:
            answer = httpx.get(f"{self._address}/{id}", timeout=10)
            answer.raise_for_status()
            self._raw[id] = json.loads(answer.json()["schema"])
            self._parsed[id] = fastavro.parse_schema(self._raw[id])
        read = fastavro.schemaless_reader(io.BytesIO(value[_FRAME:]), self._parsed[id], None)
        assert isinstance(read, dict)
        return self._raw[id], read


def committed(bootstrap: str, topics: Mapping[str, Iterable[int]]) -> Iterator[Message]:
    """Every committed record of these topics and partitions, in log order per partition. Raises ``Unread``."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"saan-prove-{uuid.uuid4()}",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "reconnect.backoff.max.ms": 1000,
            "fetch.wait.max.ms": 50,
            "log_level": 0,
        }
    )
    try:
        open_ones = {(topic, number) for topic, numbers in topics.items() for number in numbers}
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for topic, number in sorted(open_ones)])
        deadline = time.monotonic() + _PATIENCE
        while open_ones:
            if time.monotonic() > deadline:
                raise Unread(min(topic for topic, _ in open_ones))
            for message in consumer.consume(_AT_ONCE, 0.2):
                deadline = time.monotonic() + _PATIENCE
                if message.error() is None:
                    yield message
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    open_ones.discard((message.topic(), message.partition()))
    finally:
        consumer.close()


def gather(bootstrap: str, registry: str) -> Evidence:
    """Everything that is committed now. Raises ``Unread``."""
    schemas, seen = Schemas(registry), Evidence()
    there = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0}).list_topics(timeout=20).topics
    topics = {name: topic.partitions for name, topic in there.items() if name.partition(".")[0] in _ROOMS}
    seen.inboxes = {name.removeprefix("inbox."): [] for name in sorted(topics) if name.startswith("inbox.")}
    for message in committed(bootstrap, topics):
        _ROOMS[message.topic().partition(".")[0]](seen, schemas, message)
    return seen


def _outbox(seen: Evidence, schemas: Schemas, message: Message) -> None:
    own = message.topic().removeprefix("outbox.")
    record = _record(message)
    source = record.source if own == "gateway" else own
    seen.outbox.append(_record(message, source=source))


def _checked(seen: Evidence, schemas: Schemas, message: Message) -> None:
    seen.checked.append(_record(message))


def _log(seen: Evidence, schemas: Schemas, message: Message) -> None:
    schema, data = schemas.decode(message.value())
    fields = bodies.filled(data, schema)
    seen.log.append(_record(message, body=bodies.digest(data, schema), fields=fields))


def _inbox(seen: Evidence, schemas: Schemas, message: Message) -> None:
    schema, data = schemas.decode(message.value())
    type, owner = _headers(message).get("ce_type", ""), message.topic().removeprefix("inbox.")
    if type == _RECEIPT:
        refused = tuple(dict.fromkeys(one["eventId"] for one in data["refused"]))
        accepted = tuple(one["eventId"] for one in data["accepted"])
        seen.receipts.append(
            Receipt(data["participant"], data["station"], accepted, tuple(data["duplicates"]), refused)
        )
    elif type in _NOTICES:
        seen.notices.append(Notice(owner, type, data["publisher"], data["records"]))
    else:
        seen.inboxes[owner].append(_record(message, fields=bodies.filled(data, schema)))


def _quarantine(seen: Evidence, schemas: Schemas, message: Message) -> None:
    headers = _headers(message)
    source = (message.key() or b"").decode(errors="replace")
    told = {name: headers.get(f"saan_{name}", "") for name in ("origin", "code", "verdict")}
    seen.quarantine.append(_record(message, source=source, **told))


def _parked(seen: Evidence, schemas: Schemas, message: Message) -> None:
    seen.parked.append(_record(message, origin=_headers(message).get("saan_origin", "")))


def _ledger(seen: Evidence, schemas: Schemas, message: Message) -> None:
    _, e = schemas.decode(message.value())
    seen.ledger.append(
        Entry(
            e["station"],
            e["topic"],
            e["partition"],
            e["firstOffset"],
            e["lastOffset"],
            e["records"],
            e["outcomes"],
            e["delivered"],
        )
    )


_ROOMS: Final = {
    "outbox": _outbox,
    "checked": _checked,
    "record": _log,
    "inbox": _inbox,
    "quarantine": _quarantine,
    "parked": _parked,
    "ledger": _ledger,
}


def _headers(message: Message) -> Mapping[str, str]:
    return {name: (value or b"").decode(errors="replace") for name, value in message.headers() or ()}


def _record(message: Message, *, source: str | None = None, **more: Any) -> Record:
    headers = _headers(message)
    return Record(
        topic=message.topic(),
        partition=message.partition(),
        offset=message.offset(),
        key=message.key() or b"",
        source=headers.get("ce_source", "") if source is None else source,
        id=headers.get("ce_id", ""),
        type=headers.get("ce_type", ""),
        subject=headers.get("ce_subject", ""),
        value=message.value() or b"",
        sequence=int(headers["ce_sequence"]) if headers.get("ce_sequence", "").isdecimal() else None,
        **more,
    )
