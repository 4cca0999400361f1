"""A participant's own Kafka client reaches the participant's own topics and nothing else."""

import asyncio
import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)
from confluent_kafka import Consumer, KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from saan.governance.rotate import rotate

PUBLISHER = "niets"
OTHER = "sis-96012001"


@asynccontextmanager
async def producer(connection: dict[str, Any], **settings: Any) -> AsyncIterator[AIOKafkaProducer]:
    client = AIOKafkaProducer(**connection, **settings)
    await client.start()
    try:
        yield client
    finally:
        await client.stop()


async def read_one(connection: dict[str, Any], topic: str, group: str) -> bytes | None:
    """The first record of a topic, read through a group; what the broker refuses is raised."""
    client = AIOKafkaConsumer(topic, **connection, group_id=group, auto_offset_reset="earliest")
    try:
        async with asyncio.timeout(20):
            await client.start()
            return (await client.getone()).value
    finally:
        await client.stop()


def refusal(connection: dict[str, Any], topic: str) -> str:
    """What the broker answers to a read of a topic in the user's own group."""
    consumer = Consumer(
        {
            "bootstrap.servers": connection["bootstrap_servers"],
            "security.protocol": connection["security_protocol"],
            "sasl.mechanism": connection["sasl_mechanism"],
            "sasl.username": connection["sasl_plain_username"],
            "sasl.password": connection["sasl_plain_password"],
            "group.id": connection["sasl_plain_username"],
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "log_level": 0,
        }
    )
    consumer.subscribe([topic])
    try:
        answer = consumer.poll(20)
        assert answer is not None
        assert answer.error() is not None, "it was read"
        return str(answer.error().name())
    finally:
        consumer.close()


@pytest.mark.parametrize("idempotent", [True, False])
async def test_it_writes_its_own_outbox(place: Any, idempotent: bool) -> None:
    async with producer(place.sasl(PUBLISHER), enable_idempotence=idempotent) as own:
        sent = await own.send_and_wait(f"outbox.{PUBLISHER}", b"x", key=b"k")

    assert sent.topic == f"outbox.{PUBLISHER}"


@pytest.mark.parametrize("topic", [f"outbox.{OTHER}", "outbox.gateway", "inbox.eef", "record.student", "governance"])
async def test_it_writes_no_other_topic(place: Any, topic: str) -> None:
    async with producer(place.sasl(PUBLISHER)) as own:
        with pytest.raises(TopicAuthorizationFailedError):
            await own.send_and_wait(topic, b"x", key=b"k")


@pytest.mark.parametrize("group", [PUBLISHER, f"{PUBLISHER}.analysis"])
async def test_it_reads_its_own_inbox_in_its_own_groups(place: Any, group: str) -> None:
    async with producer(place.connection) as station:
        await station.send_and_wait(f"inbox.{PUBLISHER}", b"for you", key=b"k")

    assert await read_one(place.sasl(PUBLISHER), f"inbox.{PUBLISHER}", group) == b"for you"


@pytest.mark.parametrize("topic", [f"inbox.{OTHER}", f"outbox.{PUBLISHER}", "record.student", "ledger", "governance"])
def test_it_reads_no_other_topic(place: Any, topic: str) -> None:
    assert refusal(place.sasl(PUBLISHER), topic) == "TOPIC_AUTHORIZATION_FAILED"


@pytest.mark.parametrize("group", [OTHER, f"{PUBLISHER}2", f"{PUBLISHER}-x", "saan-validator"])
async def test_it_joins_no_group_of_others_even_if_the_name_begins_like_its_own(place: Any, group: str) -> None:
    with pytest.raises(GroupAuthorizationFailedError):
        await read_one(place.sasl(PUBLISHER), f"inbox.{PUBLISHER}", group)


async def test_it_opens_no_transaction_that_could_hold_up_readers(place: Any) -> None:
    client = AIOKafkaProducer(**place.sasl(PUBLISHER), transactional_id="saan-validator-x-0")
    with pytest.raises(TransactionalIdAuthorizationFailed):
        await client.start()
    await client.stop()


def test_it_creates_no_topic_and_sees_only_its_own(place: Any) -> None:
    credentials = place.site.vault.read(PUBLISHER)
    admin = AdminClient(
        {
            "bootstrap.servers": place.engine.endpoints.bootstrap_sasl,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": credentials.user,
            "sasl.password": credentials.password,
        }
    )

    with pytest.raises(KafkaException, match="AUTHORIZATION_FAILED"):
        admin.create_topics([NewTopic("mine", 1, 1)])["mine"].result(10)
    assert set(admin.list_topics(timeout=10).topics) == {f"outbox.{PUBLISHER}", f"inbox.{PUBLISHER}"}


async def test_a_participant_without_a_kafka_client_has_no_outbox(place: Any) -> None:
    assert "outbox.eef" not in place.site.cluster.topics()
    async with producer(place.sasl("eef")) as own:
        with pytest.raises(TopicAuthorizationFailedError):
            await own.send_and_wait("outbox.gateway", b"x")


async def test_a_wrong_password_opens_nothing(place: Any) -> None:
    wrong = {**place.sasl(PUBLISHER), "sasl_plain_password": "wrong"}
    client = AIOKafkaProducer(**wrong)
    with pytest.raises((KafkaConnectionError, SaslAuthenticationFailed)):
        await client.start()
    await client.stop()


async def test_a_rotated_password_opens_and_the_old_one_does_not(place: Any) -> None:
    old = place.sasl(PUBLISHER)

    fresh = rotate(PUBLISHER, place.site)

    async with producer(place.sasl_of(fresh)) as own:
        await own.send_and_wait(f"outbox.{PUBLISHER}", b"x")
    client = AIOKafkaProducer(**old)
    with pytest.raises((KafkaConnectionError, SaslAuthenticationFailed)):
        await client.start()
    await client.stop()
    assert place.look() == []


async def test_access_that_is_withdrawn_ends_for_a_client_that_is_connected(place: Any) -> None:
    entities = copy.deepcopy(place.entities)
    entities.pop(f"participant/{PUBLISHER}")
    async with producer(place.sasl(PUBLISHER)) as own:
        await own.send_and_wait(f"outbox.{PUBLISHER}", b"x")
        place.apply(entities)
        with pytest.raises(TopicAuthorizationFailedError):
            await own.send_and_wait(f"outbox.{PUBLISHER}", b"x")
    place.apply()
