"""Reads and writes the topic ``governance`` whole, for administration. Stations follow it with ``wire.governed``."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from saan.wire.cluster import client_settings, translated
from saan.wire.governed_records import TOPIC, encode
from saan.wire.log import Outgoing
from saan.wire.trouble import Trouble

_LARGEST = 16 * 1024 * 1024
_FENCED = (KafkaError._FENCED, KafkaError.INVALID_PRODUCER_EPOCH, KafkaError.PRODUCER_FENCED)
_READING = {
    "group.id": "saan-admin",  # never joined: partitions are assigned by hand and nothing is committed
    "enable.auto.commit": False,
    "enable.partition.eof": True,
    "isolation.level": "read_committed",
    "auto.offset.reset": "earliest",
}


class GovernanceLog:
    """The governance records behind ``bootstrap``. Every call may raise ``Trouble`` (``cluster.*``)."""

    def __init__(self, bootstrap: str, security: Mapping[str, str] | None = None, *, timeout: float = 20.0) -> None:
        self._settings = client_settings(bootstrap, security or {})
        self._timeout = timeout

    def read(self) -> dict[str, Any]:
        """Every entity in force, by key. The topic must exist. A record that is not JSON reads as ``None``."""
        consumer = Consumer({**self._settings, **_READING, "fetch.message.max.bytes": _LARGEST})
        try:
            consumer.assign([TopicPartition(TOPIC, 0, 0)])
            return self._collect(consumer)
        except KafkaException as error:
            raise translated("read governance", error) from error
        finally:
            consumer.close()

    def write(self, changes: Mapping[str, Any], told: Sequence[Outgoing] = ()) -> None:
        """Put these values in force together, in one transaction; ``None`` takes an entity away.

        ``told`` are records for other topics that belong to it: they are there exactly when the values are in force.

        Whoever starts writing last wins: an apply that was at work before is fenced off and raises
        ``cluster.fenced``, so that two of them cannot interleave their records.
        """
        if not changes:
            return
        producer = Producer(
            {
                **self._settings,
                "transactional.id": "saan-apply",
                "transaction.timeout.ms": int(self._timeout * 1000),
                "message.max.bytes": _LARGEST,
                "partitioner": "murmur2_random",  # as everybody else: see wire.partition
                "compression.type": "zstd",
            }
        )
        try:
            producer.init_transactions(self._timeout)
            producer.begin_transaction()
            for key, value in changes.items():
                producer.produce(TOPIC, None if value is None else encode(value), key.encode(), partition=0)
                producer.poll(0)
            for one in told:
                producer.produce(one.topic, one.value, one.key, headers=list(one.headers))
                producer.poll(0)
            producer.commit_transaction(self._timeout)
        except KafkaException as error:
            if error.args[0].code() in _FENCED:
                raise Trouble("cluster.fenced") from error
            raise translated("write governance", error) from error

    def _collect(self, consumer: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        deadline = time.monotonic() + self._timeout
        while time.monotonic() < deadline:
            record = consumer.poll(0.5)
            if record is None:
                continue
            fault = record.error()
            if fault is not None and fault.code() == KafkaError._PARTITION_EOF:
                return found
            if fault is not None:
                raise KafkaException(fault)
            key = (record.key() or b"").decode(errors="replace")
            if record.value() is None:
                found.pop(key, None)
            else:
                found[key] = _value(record.value())
        raise Trouble("cluster.away", cause="timed out")


def _value(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
