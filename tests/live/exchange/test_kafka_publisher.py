"""The kit that publishes straight to Kafka goes on after a batch was lost on its way."""

from aiokafka import TopicPartition

from saan.client.kafka import KafkaPublisher
from saan.demo.publishers import record_names
from saan.wire import files
from saan.wire.registry import Registry

from .conftest import Running, event, eventually, example

PUBLISHER = "sis-96022001"


async def test_after_a_hole_in_its_sequence_numbers_a_publisher_asks_once_to_try_again_and_goes_on(
    exchange: Running,
) -> None:
    enrolled = example("student.enrolled")
    told = [event("student.enrolled", PUBLISHER, enrolled) for _ in range(3)]
    at, password = exchange.endpoints, exchange.credentials(PUBLISHER).password
    async with Registry(at.registry, exchange.folder / "kit-schemas") as registry:
        records = record_names(files.default_folder())
        async with KafkaPublisher(at.bootstrap_sasl, PUBLISHER, password, registry, records) as publisher:
            assert [v.word for v in await publisher.publish(told[:1])] == ["accepted"]
            producer = publisher._producer
            assert producer is not None
            producer._txn_manager.increment_sequence_number(TopicPartition(f"outbox.{PUBLISHER}", 0), 5)

            assert [v.word for v in await publisher.publish(told[1:])] == ["retryable", "retryable"]
            assert [v.word for v in await publisher.publish(told[1:])] == ["accepted", "accepted"]

    ids = {one["id"] for one in told}
    eventually(lambda: ids <= exchange.refusals().keys() | exchange.arrived("peo-96").keys())
