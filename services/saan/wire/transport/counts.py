"""Partition counts of all topics, kept fresh in the background."""

import asyncio
import logging
from collections.abc import Callable, Mapping

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from saan.wire.transport.errors import MissingTopic, MovedKeys
from saan.wire.transport.settings import TransportSettings

log = logging.getLogger("saan.transport")


class PartitionCounts:
    """Asks for the metadata of all topics at once: naming a topic in such a request could create it.

    `governed` says how many partitions topics should have; of one that has another number nothing is told, so that
    nobody writes to it. Topics that it does not name may have any number.
    """

    def __init__(
        self, settings: TransportSettings, governed: Callable[[], Mapping[str, int]] = dict, *, every: float = 10.0
    ) -> None:
        self._settings, self._governed, self._every = settings, governed, every
        self._counts: Mapping[str, int] = {}
        self._moved: Mapping[str, int] = {}
        self._client: AIOKafkaClient | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._client = AIOKafkaClient(**self._settings.connection())
        await self._client.bootstrap()
        await self.refresh()
        self._task = asyncio.create_task(self._keep_fresh())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    def all(self) -> Mapping[str, int]:
        """Partition counts by topic, Kafka's own topics too."""
        return self._counts

    def of(self, topic: str) -> int:
        """Raises MissingTopic and MovedKeys."""
        try:
            found = self._counts[topic]
        except KeyError:
            raise MissingTopic(topic) from None
        if topic in self._moved:
            raise MovedKeys(topic, self._moved[topic], found)
        return found

    async def refresh(self) -> None:
        if self._client is None:
            raise RuntimeError("start() comes before refresh()")
        cluster = await self._client.fetch_all_metadata()
        self._counts = {topic: len(cluster.partitions_for_topic(topic) or ()) for topic in cluster.topics()}
        self._moved = {
            topic: meant for topic, meant in self._governed().items() if self._counts.get(topic, meant) != meant
        }

    async def _keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.refresh()
            except KafkaError as error:
                log.warning("partition counts are not refreshed, the old ones are used: %r", error)
