"""The transactions of one input partition: outputs and offset become visible together, or not at all."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder

from saan.wire.transport.outputs import Committed, Target
from saan.wire.transport.settings import TransportSettings

_LOOK = 0.01


class Transactions:
    """Owns the producer `<group>-<topic>-<partition>`. Whoever starts it fences every older owner."""

    def __init__(self, tp: TopicPartition, settings: TransportSettings) -> None:
        self._tp, self._settings = tp, settings
        self._producer = AIOKafkaProducer(
            transactional_id=f"{settings.group}-{tp.topic}-{tp.partition}",
            transaction_timeout_ms=int(settings.abandoned_after * 1000),
            acks="all",
            max_batch_size=settings.batch_bytes,
            max_request_size=settings.request_bytes,
            **settings.connection(),
        )

    async def start(self) -> None:
        """Fence older owners; what they have left open is committed or aborted when this returns."""
        await self._producer.start()

    async def stop(self) -> None:
        await self._producer.stop()

    async def commit(
        self,
        batches: Mapping[Target, Sequence[BatchBuilder]],
        end: int,
        before_commit: Callable[[Committed], Awaitable[None]],
    ) -> Committed:
        """Send the batches and `end`, the offset of the next input record, in one transaction.

        `before_commit` is told where everything went, when only the commit is missing.

        Raises TimeoutError and aiokafka's errors; after any of them nobody knows whether it was committed.
        """
        async with asyncio.timeout(self._settings.transaction_timeout):
            await self._producer.begin_transaction()
            committed = Committed(await self._send(batches))
            await self._producer.send_offsets_to_transaction({self._tp: end}, self._settings.group)
            await before_commit(committed)
            await self._producer.commit_transaction()
        return committed

    async def settle(self, partitions: Iterable[TopicPartition], *, committed: bool) -> None:
        """Decide about what an older owner has left undecided there, by the marker of an empty transaction.

        Raises TimeoutError and aiokafka's errors.
        """
        async with asyncio.timeout(self._settings.transaction_timeout):
            await self._producer.begin_transaction()
            transaction = self._producer._txn_manager
            for tp in partitions:
                transaction.maybe_add_partition_to_txn(tp)
            while transaction.partitions_to_add():
                await asyncio.sleep(_LOOK)
            await (self._producer.commit_transaction() if committed else self._producer.abort_transaction())

    async def _send(self, batches: Mapping[Target, Sequence[BatchBuilder]]) -> dict[Target, int]:
        """Send all batches, wait for every acknowledgement, and return the offset after the last record by target.

        Only then may the offsets follow: sent side by side, the broker checks a produce request against a
        transaction it does not know yet and refuses it.
        """
        last: dict[Target, tuple[asyncio.Future[Any], int]] = {}
        futures: list[asyncio.Future[Any]] = []
        for turn in range(max((len(queue) for queue in batches.values()), default=0)):
            for (topic, partition), queue in batches.items():
                if turn < len(queue):
                    future = await self._producer.send_batch(queue[turn], topic, partition=partition)
                    futures.append(future)
                    last[topic, partition] = future, queue[turn].record_count()
        await asyncio.gather(*futures)
        return {target: future.result().offset + count for target, (future, count) in last.items()}
