"""The thread in which Faust fetches, with a consumer that reads what transactions have committed."""

from aiokafka import AIOKafkaConsumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from saan.wire.transport.assigning import Range, RoundRobin
from saan.wire.transport.works import Works


class FetchThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]  # Faust is untyped here
    """Faust's consumer thread. The making of the consumer differs, and it stays in the group while lanes open."""

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Open the lanes, with a sign of life meanwhile.

        By itself aiokafka sends the first heartbeat after this. On a starved machine opening takes longer than the
        session; the group would expel the worker, which joins, opens and is expelled again, for ever.
        """
        self._ensure_consumer()._coordinator._start_heartbeat_task()
        await super().on_partitions_assigned(assigned, generation_id)

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        works: Works = transport.works
        settings = works.settings
        # Range deals every topic out in the same way, so equal partition numbers of equally large topics meet in
        # one process. Round robin spreads evenly when topics differ in size.
        self._assignor = Range if works.copartitioned else RoundRobin
        return AIOKafkaConsumer(
            group_id=settings.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",  # Faust itself says read_uncommitted
            partition_assignment_strategy=[self._assignor],
            max_poll_records=None,
            max_partition_fetch_bytes=settings.fetch_bytes,
            fetch_max_wait_ms=100,  # until the pace is known; Faust fixes 1500
            check_crcs=False,
            session_timeout_ms=int(settings.session_timeout * 1000),
            rebalance_timeout_ms=int(settings.opening_timeout * 1000),  # who is dead goes with its session, before
            heartbeat_interval_ms=int(settings.session_timeout * 250),
            **settings.connection(),
        )
