"""Clients that share no code with Saan read what a subscriber reads, with the subscriber's own credentials."""

import re
import uuid
from pathlib import Path
from typing import Any

import confluent_kafka
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

from saan.embedded.tool import CONSOLE_CONSUMER, run_tool
from saan.wire import files

from .conftest import SCHOOL, Running, event, eventually, example, header

READERS = ("peo-96", "eef", SCHOOL)
"""Original records, projections, and receipts."""

STANDARD = files.read(files.default_folder())

FIELDS = {
    kind: {field["name"] for field in STANDARD.schemas[entry.schema_file]["fields"]}
    for kind, entry in STANDARD.events.items()
}


@pytest.fixture(scope="module")
def inboxes(exchange: Running) -> dict[str, list[confluent_kafka.Message]]:
    """Some events in every reader's inbox, read with that reader's own Kafka user."""
    sent = [event("student.enrolled", SCHOOL, example("student.enrolled")) for _ in range(20)]
    exchange.publish(SCHOOL, *sent)
    eventually(lambda: all(exchange.arrived("eef")[one["id"]] for one in sent))
    eventually(lambda: len(exchange.read(f"inbox.{SCHOOL}")) > 0)
    return {reader: exchange.read_as(reader, f"inbox.{reader}") for reader in READERS}


@pytest.mark.parametrize("reader", READERS)
def test_the_stock_avro_deserializer_reads_every_record(
    exchange: Running, inboxes: dict[str, list[confluent_kafka.Message]], reader: str
) -> None:
    context = SerializationContext(f"inbox.{reader}", MessageField.VALUE)

    with SchemaRegistryClient({"url": f"{exchange.endpoints.registry}/apis/ccompat/v7"}) as registry:
        deserialize = AvroDeserializer(registry)
        read: list[dict[str, Any]] = [deserialize(m.value(), context) for m in inboxes[reader]]

    assert read
    for message, data in zip(inboxes[reader], read, strict=True):
        assert data.keys() <= FIELDS[header(message, "ce_type")]
        assert data.get("participant", reader) == reader
        assert data.get("schoolUid", "SC-").startswith("SC-")


@pytest.mark.parametrize("reader", READERS)
def test_the_cloudevents_sdk_parses_every_record(
    inboxes: dict[str, list[confluent_kafka.Message]], reader: str
) -> None:
    parsed = [
        from_binary_event(KafkaMessage(headers=dict(m.headers() or ()), key=m.key(), value=m.value()))
        for m in inboxes[reader]
    ]

    assert parsed
    for one in parsed:
        assert one.get_specversion() == "1.0"
        assert one.get_id()
        assert one.get_time() is not None
        assert one.get_type() in FIELDS
    assert {"receipt.issued" if reader == SCHOOL else "student.enrolled"} <= {one.get_type() for one in parsed}


def test_kafkas_own_console_consumer_counts_the_same(
    exchange: Running, inboxes: dict[str, list[confluent_kafka.Message]], tmp_path: Path, engine_cache: Path | None
) -> None:
    held = exchange.credentials("peo-96")
    login = "org.apache.kafka.common.security.scram.ScramLoginModule"
    settings = tmp_path / "client.properties"
    settings.write_text(
        "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nisolation.level=read_committed\n"
        f'sasl.jaas.config={login} required username="{held.user}" password="{held.password}";\n'
        f"group.id=peo-96.console-{uuid.uuid4().hex[:8]}\nauto.offset.reset=earliest\n",
        encoding="ascii",
    )
    settings.chmod(0o600)
    counted = len(exchange.read_as("peo-96", "inbox.peo-96"))
    arguments = ["--bootstrap-server", exchange.endpoints.bootstrap_sasl, "--topic", "inbox.peo-96"]
    arguments += ["--command-config", str(settings), "--timeout-ms", "8000"]
    arguments += ["--formatter-property", "print.value=false", "--formatter-property", "print.key=true"]

    done = run_tool(CONSOLE_CONSUMER, arguments, cache=engine_cache)

    assert len(inboxes["peo-96"]) <= counted
    assert re.findall(r"Processed a total of (\d+) messages", done.stderr) == [str(counted)], done.stderr


def test_a_participant_reads_no_other_inbox(exchange: Running) -> None:
    client = confluent_kafka.Consumer(
        {**exchange.sasl("eef"), "group.id": "eef.other", "auto.offset.reset": "earliest"}
    )
    try:
        client.subscribe(["inbox.peo-96"])
        answers = client.consume(1, timeout=10)
    finally:
        client.close()

    assert [m.error().code() for m in answers] == [confluent_kafka.KafkaError.TOPIC_AUTHORIZATION_FAILED]


def test_a_participant_writes_no_other_outbox(exchange: Running) -> None:
    errors: list[Any] = []
    producer = confluent_kafka.Producer({**exchange.sasl("sis-96012001"), "message.timeout.ms": 6000})
    producer.produce("outbox.sis-96022001", b"x", on_delivery=lambda error, _: errors.append(error))
    producer.flush(15)

    assert [error.code() for error in errors] == [confluent_kafka.KafkaError.TOPIC_AUTHORIZATION_FAILED]
