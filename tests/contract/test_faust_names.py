"""The private doors of Faust and aiokafka that the transport goes through are still where they were.

Both libraries are pinned. When an upgrade breaks a test here, read the sentence in its name and the module it
mentions, and run tests/live/transport before anything else.
"""

import asyncio
import inspect
from importlib.metadata import version
from typing import Any

import aiokafka
import faust
import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer.consumer import AIOKafkaConsumer
from aiokafka.consumer.fetcher import Fetcher as KafkaFetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.producer import sender
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.producer.producer import AIOKafkaProducer
from aiokafka.producer.transaction_manager import TransactionManager
from aiokafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder
from faust.serializers import codecs
from faust.transport import consumer as faust_consumer
from faust.transport.drivers import aiokafka as driver
from faust.types import ConsumerMessage

from saan.wire.transport import app as transport_app


def source(thing: Any) -> str:
    return inspect.getsource(thing)


def parameters(thing: Any) -> list[str]:
    return list(inspect.signature(thing).parameters)


def test_the_versions_are_the_ones_that_were_read_line_by_line() -> None:
    assert version("faust-streaming") == "0.15.3"
    assert version("aiokafka") == "0.14.0"


def test_faust_makes_its_fetch_thread_through_new_consumer_thread_see_consumer() -> None:
    assert "self._new_consumer_thread()" in source(faust_consumer.ThreadDelegateConsumer.__init__)
    assert "AIOKafkaConsumerThread(self, loop=self.loop, beacon=self.beacon)" in source(
        driver.Consumer._new_consumer_thread
    )


def test_the_thread_makes_its_consumer_through_create_worker_consumer_see_fetch() -> None:
    assert "self._create_worker_consumer(transport)" in source(driver.AIOKafkaConsumerThread._create_consumer)
    assert parameters(driver.AIOKafkaConsumerThread._create_worker_consumer) == ["self", "transport"]


def test_the_thread_may_send_signs_of_life_while_lanes_open_see_fetch() -> None:
    assert "self._heartbeat_task is None" in source(GroupCoordinator._start_heartbeat_task)
    assert "._start_heartbeat_task()" in source(GroupCoordinator.ensure_active_group)
    assert parameters(driver.AIOKafkaConsumerThread.on_partitions_assigned) == ["self", "assigned", "generation_id"]


def test_the_thread_subscribes_with_the_listener_that_calls_our_rebalance_methods_see_consumer() -> None:
    assert "listener=self._rebalance_listener" in source(driver.AIOKafkaConsumerThread.subscribe)
    listener = source(driver.ConsumerRebalanceListener)
    assert "app.consumer_generation_id = generation" in listener
    assert "on_partitions_assigned(ensure_TPset(assigned), generation)" in listener
    assert parameters(driver.Consumer.on_partitions_assigned) == ["self", "assigned", "generation_id"]
    assert parameters(driver.Consumer.on_partitions_revoked) == ["self", "revoked"]


def test_faust_fetches_by_calling_drain_messages_with_its_fetcher_see_consumer() -> None:
    assert "await consumer._drain_messages(self)" in source(faust_consumer.Fetcher)
    assert parameters(driver.Consumer._drain_messages) == ["self", "fetcher"]


def test_wait_next_records_returns_lists_by_partition_for_the_partitions_not_held_back_see_consumer() -> None:
    waiting = source(driver.Consumer._wait_next_records)
    assert "return records, active_partitions" in waiting
    assert "self._get_active_partitions()" in waiting
    assert "can_resume_flow" in waiting
    assert "fetcher.fetched_records" in source(driver.AIOKafkaConsumerThread._fetch_records)


def test_full_buffers_take_a_partition_out_of_the_fetch_and_put_it_back_see_consumer() -> None:
    assert "_buffered_partitions.add(tp)" in source(driver.Consumer.on_buffer_full)
    assert "_buffered_partitions" in source(driver.Consumer.on_buffer_drop)


def test_the_flow_is_stopped_by_an_event_and_a_flag_see_consumer() -> None:
    stopping = source(driver.Consumer.stop_flow)
    assert "self.flow_active = False" in stopping
    assert "self.suspend_flow.set()" in stopping


def test_offsets_are_committed_only_through_commit_which_we_replace_see_consumer() -> None:
    assert "await self._commit(committable_offsets)" in source(driver.Consumer._commit_offsets)


def test_faust_alarms_about_missing_commits_through_verify_event_path_which_we_replace_see_consumer() -> None:
    assert parameters(driver.Consumer.verify_event_path) == ["self", "now", "tp"]
    assert "self.verify_event_path(now, tp)" in source(faust_consumer.Consumer.verify_all_partitions_active)


def test_a_message_goes_down_the_stream_through_callback_see_consumer() -> None:
    assert "callback = self.callback" in source(faust_consumer.Consumer._drain_messages)
    assert "self.callback = callback" in source(faust_consumer.Consumer.__init__)


def test_consumer_and_fetcher_say_by_stopped_that_the_fetch_loop_shall_end_see_consumer() -> None:
    loop = source(faust_consumer.Consumer._drain_messages)
    assert "cast(Service, self)._stopped.is_set" in loop
    assert "cast(Service, fetcher)._stopped.is_set" in loop


def test_seeking_waits_for_the_position_in_the_thread_of_the_consumer_see_consumer() -> None:
    assert "self.call_thread(self._seek_wait, consumer, partitions)" in source(driver.AIOKafkaConsumerThread.seek_wait)
    assert "consumer.position(tp)" in source(driver.AIOKafkaConsumerThread._seek_wait)
    assert "self._thread.seek_wait(" in source(faust_consumer.ThreadDelegateConsumer.seek_wait)


def test_giving_partitions_back_stops_the_flow_before_our_lanes_are_closed_see_consumer() -> None:
    assert "self._on_partitions_revoked" in source(faust_consumer.Consumer.on_partitions_revoked)
    assert "consumer.stop_flow)()" in source(faust.App._on_partitions_revoked)


def test_a_consumer_keeps_its_fetcher_by_that_name_and_the_fetcher_its_task_see_consumer_and_pace() -> None:
    assert "self._fetcher = Fetcher(" in source(AIOKafkaConsumer.start)
    assert "self._fetch_task = " in source(KafkaFetcher.__init__)
    assert "self._fetch_max_wait_ms = " in source(KafkaFetcher.__init__)
    assert "self._fetch_min_bytes = " in source(KafkaFetcher.__init__)


@pytest.mark.parametrize("assignor", [RangePartitionAssignor, RoundRobinPartitionAssignor])
def test_the_leader_of_a_group_deals_out_by_assign_of_the_class_and_the_cluster_it_knows_see_assigning(
    assignor: Any,
) -> None:
    assert "assignor.assign(self._cluster, member_metadata)" in source(GroupCoordinator._perform_assignment)
    assert parameters(assignor.assign) == ["cluster", "members"]
    assert "cluster.partitions_for_topic(topic)" in source(assignor.assign)
    assert ".subscription" in source(assignor.assign)


def test_a_topic_that_grows_makes_the_group_deal_out_again_see_counts() -> None:
    assert "self._metadata_snapshot != metadata_snapshot" in source(GroupCoordinator._handle_metadata_update)


def test_calls_reach_the_consumer_through_its_thread_see_watch_and_consumer() -> None:
    assert parameters(driver.AIOKafkaConsumerThread.call_thread)[:2] == ["self", "fun"]
    assert "return self._consumer" in source(driver.AIOKafkaConsumerThread._ensure_consumer)


def test_faust_waits_for_no_topic_to_be_made_and_makes_none_see_app() -> None:
    assert "topic_allow_declare" in source(driver.Consumer.create_topic)
    assert "topic_allow_declare" in source(driver.Producer.create_topic)


def test_a_message_takes_a_block_as_its_value_see_consumer() -> None:
    assert parameters(ConsumerMessage.__init__)[:14] == [
        *("self", "topic", "partition", "offset", "timestamp", "timestamp_type", "headers", "key", "value"),
        *("checksum", "serialized_key_size", "serialized_value_size", "tp", "time_in"),
    ]
    assert "generation_id" in parameters(ConsumerMessage.__init__)


def test_a_registered_codec_hands_objects_through_untouched_see_app() -> None:
    assert transport_app.codecs is codecs
    thing = object()
    assert codecs.loads("block", codecs.dumps("block", thing)) is thing


async def test_an_app_takes_a_transport_of_our_own_see_app() -> None:
    app = faust.App("names", store="memory://", broker="kafka://localhost:1")
    transport = driver.Transport([], app)
    app.transport = transport
    assert app.transport is transport
    assert asyncio.iscoroutinefunction(app.wait_until_stopped)


def test_aiokafka_reads_the_wait_of_a_fetch_anew_for_every_request_see_pace() -> None:
    requests = source(KafkaFetcher._get_actions_per_node)
    assert "self._fetch_max_wait_ms" in requests
    assert "self._fetch_min_bytes" in requests


def test_a_transaction_takes_partitions_without_records_and_tells_the_coordinator_first_see_transactions() -> None:
    assert "self._pending_txn_partitions.add(tp)" in source(TransactionManager.maybe_add_partition_to_txn)
    assert "return self._pending_txn_partitions" in source(TransactionManager.partitions_to_add)
    work = source(sender.Sender._maybe_do_transactional_request)
    assert work.index("partitions_to_add()") < work.index("needs_transaction_commit()")
    assert "self._txn_manager" in source(AIOKafkaProducer.begin_transaction)


def test_aiokafka_asks_the_coordinator_for_a_committed_offset_and_no_cache_see_lane() -> None:
    assert "self._coordinator.fetch_committed_offsets([partition])" in source(AIOKafkaConsumer.committed)


def test_aiokafka_reads_the_backoff_between_transactions_from_its_module_see_app() -> None:
    assert sender.BACKOFF_OVERRIDE == 0.002
    assert "return BACKOFF_OVERRIDE" in source(sender)


def test_starting_a_transactional_producer_waits_until_older_ones_are_fenced_see_lane() -> None:
    assert "await self._sender.start()" in source(AIOKafkaProducer.start)
    assert "await self._maybe_wait_for_pid()" in source(sender.Sender.start)


def test_all_metadata_is_asked_for_without_naming_a_topic_because_naming_can_create_one_see_counts() -> None:
    assert "_metadata_update(cluster_md, None)" in source(AIOKafkaClient.fetch_all_metadata)


def test_a_consumer_learns_all_leaders_at_once_see_undecided() -> None:
    assert "self._client = AIOKafkaClient(" in source(AIOKafkaConsumer.__init__)
    assert "if not topics" in source(AIOKafkaClient.set_topics)
    assert "MetadataRequest(list(topics) if topics else None)" in source(AIOKafkaClient._metadata_update)
    assert "cluster.leader_for_partition(partition)" in source(KafkaFetcher._proc_offset_requests)


def test_a_batch_is_built_outside_of_a_producer_and_given_to_it_closed_see_outputs() -> None:
    assert parameters(BatchBuilder.__init__)[:4] == ["self", "batch_size", "compression_type", "is_transactional"]
    assert parameters(BatchBuilder.append) == ["self", "timestamp", "key", "value", "headers"]
    assert parameters(AIOKafkaProducer.send_batch) == ["self", "batch", "topic", "partition"]
    batch = BatchBuilder(1000, DefaultRecordBatch.CODEC_NONE, is_transactional=True)
    assert batch.append(timestamp=1, key=b"k", value=b"v", headers=[("a", None)]) is not None
    batch.close()
    assert batch.append(timestamp=1, key=b"k", value=b"v") is None
    assert batch.record_count() == 1


@pytest.mark.parametrize(
    ("name", "number"), [("CODEC_GZIP", 1), ("CODEC_SNAPPY", 2), ("CODEC_LZ4", 3), ("CODEC_ZSTD", 4)]
)
def test_the_numbers_of_the_codecs_are_those_of_the_protocol_see_outputs(name: str, number: int) -> None:
    assert getattr(DefaultRecordBatch, name) == number


def test_the_size_of_a_record_is_estimated_from_above_see_outputs() -> None:
    estimate = DefaultRecordBatchBuilder.estimate_size_in_bytes(b"k", b"v" * 100, [("h", b"x")])
    batch = BatchBuilder(estimate, 0, is_transactional=True)
    assert batch.append(timestamp=1, key=b"k", value=b"v" * 100, headers=[("h", b"x")]) is not None
    assert batch.size() <= estimate


def test_the_name_aiokafka_gives_to_a_record_is_public_see_block() -> None:
    assert {"topic", "partition", "offset", "timestamp", "key", "value", "headers"} <= set(
        aiokafka.ConsumerRecord.__dataclass_fields__
    )
