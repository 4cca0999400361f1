"""Publishes events straight to Kafka, for participants with an outbox of their own."""

import asyncio
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from saan.client.publisher import Verdict
from saan.core.outcome import Finding
from saan.core.said import finding
from saan.wire.avro import Codec
from saan.wire.record import Headers, cloud_event, frame
from saan.wire.registry import Registry

_NO_ATTRIBUTES: Final = frozenset({"data", "datacontenttype", "specversion"})
_LINGER_MS = 20
_TOO_LARGE: Final = 1_000_000


class _Record(NamedTuple):
    key: bytes
    value: bytes
    headers: Headers


class KafkaPublisher:
    """A publisher with its Kafka user (SASL/SCRAM-SHA-512); the outbox is the topic ``outbox.<participant>``.

    ``bootstrap`` are the servers for participants. ``records`` maps event types to the full names of their Avro
    records, under which ``registry`` knows the schemas; the newest version at the first use is taken. A record's key is
    an HMAC of what identifies its subject under the publisher's own password, so that a subject's events keep their
    order and the key tells nobody who it is.

    ::

        async with KafkaPublisher(servers, "sis-96012001", password, registry, records) as publisher:
            verdicts = await publisher.publish(events)
    """

    def __init__(
        self,
        bootstrap: str,
        participant: str,
        password: str,
        registry: Registry,
        records: Mapping[str, str],
        *,
        security_protocol: str = "SASL_PLAINTEXT",
    ) -> None:
        self._topic = f"outbox.{participant}"
        self._secret = password.encode()
        self._registry = registry
        self._records = records
        self._codecs: dict[str, tuple[int, Codec]] = {}
        self._settings: dict[str, Any] = {
            "bootstrap_servers": bootstrap.split(","),
            "client_id": participant,
            "security_protocol": security_protocol,
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": participant,
            "sasl_plain_password": password,
            "acks": "all",
            "enable_idempotence": True,
            "compression_type": "zstd",
            "linger_ms": _LINGER_MS,
        }
        self._producer: AIOKafkaProducer | None = None

    async def __aenter__(self) -> Self:
        await self._started()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._give_up()

    async def publish(self, events: Iterable[Mapping[str, Any]]) -> list[Verdict]:
        """Publish CloudEvents in their JSON form; one verdict per event, in order, once the broker has acknowledged.

        An event that cannot be written under its schema is ``invalid`` and not sent; one that the broker did not
        acknowledge in time is ``retryable`` under the same id. Raises ``Trouble`` when the registry is away.
        """
        verdicts: list[Verdict] = []
        records: list[tuple[int, _Record]] = []
        for event in events:
            encoded = await self._encode(event)
            if isinstance(encoded, _Record):
                records.append((len(verdicts), encoded))
                verdicts.append(Verdict(str(event["id"]), "accepted"))
            else:
                verdicts.append(_invalid(str(event["id"]), encoded))
        for place in await self._not_taken(records):
            verdicts[place] = Verdict(verdicts[place].id, "retryable", "GW-6")
        return verdicts

    async def _not_taken(self, records: Sequence[tuple[int, _Record]]) -> list[int]:
        """Send the records, in order; the places of those that the broker did not acknowledge.

        After any failure the producer is given up. A batch that was lost on the way leaves a hole in its sequence
        numbers, and the broker would refuse everything that this producer sends from then on.
        """
        sent: list[tuple[int, asyncio.Future[Any]]] = []
        try:
            producer = await self._started()
            for place, record in records:
                future = await producer.send(self._topic, record.value, record.key, headers=list(record.headers))
                sent.append((place, future))
        except KafkaError:
            lost = [place for place, _ in records[len(sent) :]]
        else:
            lost = []
        for place, future in sent:
            try:
                await future
            except KafkaError:
                lost.append(place)
        if lost:
            await self._give_up()
        return lost

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(**self._settings)
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _give_up(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def _encode(self, event: Mapping[str, Any]) -> _Record | tuple[Finding, ...]:
        known = await self._codec(str(event["type"]))
        if known is None:
            return (finding("ENV-1", "type"),)
        id, codec = known
        data = codec.from_json(dict(event["data"]))
        if isinstance(data, tuple):
            return data
        value = frame(id, codec.encode(data))
        if len(value) > _TOO_LARGE:
            return (finding("WIRE-9"),)
        attributes = {name: str(text) for name, text in event.items() if name not in _NO_ATTRIBUTES}
        return _Record(self._key(event["data"]), value, cloud_event(attributes))

    async def _codec(self, type: str) -> tuple[int, Codec] | None:
        if type not in self._codecs:
            found = await self._registry.latest(self._records[type]) if type in self._records else None
            if found is None:
                return None
            self._codecs[type] = found[0], Codec(found[1].schema)
        return self._codecs[type]

    def _key(self, data: Mapping[str, Any]) -> bytes:
        subject = data.get("idValue") or "/".join(str(data.get(name, "")) for name in ("schoolUid", "classroom"))
        return hmac.new(self._secret, str(subject).encode(), hashlib.sha256).hexdigest()[:32].encode()


def _invalid(id: str, findings: Sequence[Finding]) -> Verdict:
    first = findings[0]
    message, hint = {"th": first.th, "en": first.en}, {"th": first.fix_th, "en": first.fix_en}
    return Verdict(id, "invalid", first.code, first.path, message, hint)
