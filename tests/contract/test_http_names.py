"""Private names of aiokafka that ``wire.appending`` stands on. When one of these fails after an upgrade, look at
``wire.appending.discard``: a producer must be closable without writing what it still holds.
"""

import inspect

from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import MessageAccumulator, MessageBatch
from aiokafka.producer.sender import Sender, SendProduceReqHandler


async def test_a_producer_has_a_sender_with_one_task_and_an_accumulator() -> None:
    producer = AIOKafkaProducer(bootstrap_servers="127.0.0.1:9", enable_idempotence=True)
    assert isinstance(producer._sender, Sender)
    assert producer._sender.sender_task is None
    assert isinstance(producer._message_accumulator, MessageAccumulator)
    await producer.stop()


async def test_an_accumulator_keeps_batches_by_partition_and_those_on_their_way_apart() -> None:
    producer = AIOKafkaProducer(bootstrap_servers="127.0.0.1:9")
    accumulator = producer._message_accumulator
    assert list(accumulator._batches.values()) == []
    assert list(accumulator._pending_batches) == []
    accumulator.fail_all(RuntimeError())
    await producer.stop()


def test_failing_a_batch_settles_the_future_that_nobody_waits_for() -> None:
    source = inspect.getsource(MessageBatch.failure)
    assert "self._drain_waiter.set_exception" in source


def test_stopping_a_producer_waits_for_its_records_unless_the_sender_has_ended() -> None:
    source = inspect.getsource(AIOKafkaProducer.stop)
    assert "self._message_accumulator.close()" in source
    assert "self._sender.sender_task" in source
    assert "FIRST_COMPLETED" in source


def test_an_idempotent_producer_still_never_gives_a_batch_up_by_itself() -> None:
    """If it does one day, abandoning the producer in ``KafkaLog`` may have become needless."""
    assert "_txn_manager is None and batch.expired()" in inspect.getsource(SendProduceReqHandler._can_retry)
