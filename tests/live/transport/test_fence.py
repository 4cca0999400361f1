"""Who takes a partition over first fences the older owner and only then reads where it stopped."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from tests.live.transport.conftest import Cluster

from saan.wire.transport import Hooks, Lane, Outputs, TransportSettings
from saan.wire.transport.counts import PartitionCounts
from saan.wire.transport.positions import Start


class Nothing:
    """Decides that nothing is to be written."""

    def __call__(self, lane: Lane, records: Sequence[ConsumerRecord]) -> Outputs:
        return lane.outputs()

    def poison(self, lane: Lane, record: ConsumerRecord, error: Exception) -> Outputs:
        return lane.outputs()


class Takeover:
    """An older owner of a partition with its transactional producer, and a new lane that takes over."""

    def __init__(self, cluster: Cluster) -> None:
        self.settings = TransportSettings(cluster.bootstrap, cluster.group, Path("unused"))
        self.tp = TopicPartition(cluster.topic("in"), 0)
        self.output = cluster.topic("out")
        self.old = AIOKafkaProducer(
            bootstrap_servers=cluster.bootstrap, transactional_id=f"{cluster.group}-{self.tp.topic}-0"
        )
        self.consumer = AIOKafkaConsumer(
            bootstrap_servers=cluster.bootstrap, group_id=cluster.group, enable_auto_commit=False
        )
        self.lane = Lane(
            self.tp,
            1,
            settings=self.settings,
            station="copy",
            decide=Nothing(),
            counts=PartitionCounts(self.settings),
            hooks=Hooks(),
        )

    async def __aenter__(self) -> "Takeover":
        await self.old.start()
        await self.consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.lane.close(None)
        await self.consumer.stop()
        await self.old.stop()

    async def start_of(self, tp: TopicPartition) -> Start:
        return Start(await self.consumer.committed(tp))

    async def begin(self, offset: int) -> None:
        """Let the old owner write a record and an offset, without committing."""
        await self.old.begin_transaction()
        await self.old.send_and_wait(self.output, b"x", partition=0)
        await self.old.send_offsets_to_transaction({self.tp: offset}, self.settings.group)


async def test_a_position_read_before_the_fence_can_be_stale_and_a_lane_does_not_use_it(cluster: Cluster) -> None:
    async with Takeover(cluster) as takeover:
        await takeover.begin(100)
        await takeover.old.commit_transaction()
        await takeover.begin(200)
        early = await takeover.consumer.committed(takeover.tp)
        await takeover.old.commit_transaction()
        await takeover.lane.fence(takeover.start_of)
        assert early == 100
        assert takeover.lane.next == 200


async def test_an_open_transaction_of_the_old_owner_is_aborted_and_the_old_owner_is_fenced(cluster: Cluster) -> None:
    async with Takeover(cluster) as takeover:
        await takeover.begin(100)
        await takeover.old.commit_transaction()
        await takeover.begin(200)
        await takeover.lane.fence(takeover.start_of)
        assert takeover.lane.next == 100
        with pytest.raises(KafkaError, match=r"(?i)fence|epoch"):
            await takeover.old.commit_transaction()
        assert cluster.values(takeover.output) == [b"x"]
