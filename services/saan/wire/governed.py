"""What is governed, followed: the topic ``governance`` as one consistent world, renewed while a station runs.

Every change that is applied stands in one transaction; a new world is made only from a log read to its committed end,
so no decision ever sees half a change. A record or a world that cannot be read leaves the last good one in force.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import structlog
from aiokafka import ConsumerRecord

from saan.core.participants import Participant
from saan.core.world import World
from saan.wire import topics
from saan.wire import world as worlds
from saan.wire.following import Followed
from saan.wire.governed_records import TOPIC, Token, entities, schema_ids, tokens_by_digest
from saan.wire.trouble import Trouble

log = structlog.get_logger()


class Governed(Followed):
    """Follows governance. ``connection`` holds aiokafka's arguments (``bootstrap_servers``, SASL).

    ``on_change`` is called in the event loop with every new world after the first. ``build`` makes a world of governed
    records; it runs in a thread, because a country's organisations take a moment.
    """

    topic: ClassVar = TOPIC

    def __init__(
        self,
        connection: Mapping[str, Any],
        environment: str = "sandbox",
        *,
        on_change: Callable[[World], None] | None = None,
        build: Callable[[Mapping[str, Any], str], World] = worlds.build,
        clock: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        super().__init__(connection)
        self._environment = environment
        self._build = build
        self._clock = clock
        self.on_change = on_change
        self._records: dict[str, Any] = {}
        self._read: dict[str, Any] = {}
        self._reached = False  # that a broker answered at all
        self._world: World | None = None
        self._schema_ids: Mapping[str | tuple[str, int], int] = {}
        self._tokens: Mapping[str, tuple[str, Token]] = {}

    @property
    def world(self) -> World:
        """What is in force now. Take it once per decision or block: the next access may give the next world."""
        if self._world is None:
            raise Trouble("cluster.no-governance")
        return self._world

    @property
    def schema_ids(self) -> Mapping[str | tuple[str, int], int]:
        """Ids on the wire: by record for its latest version, by (record, version) for each."""
        return self._schema_ids

    @property
    def credentials(self) -> Mapping[str, tuple[str, Token]]:
        """Participant and validity of each known token, by the token's SHA-256 (hex)."""
        return self._tokens

    def schema_id(self, record: str, version: int | None = None) -> int | None:
        """The id of a registered version of an Avro record, of the latest one when no version is named."""
        return self._schema_ids.get(record if version is None else (record, version))

    def participant(self, digest: str) -> Participant | None:
        """The participant whose token of this SHA-256 (hex) is valid now."""
        name, token = self._tokens.get(digest, (None, None))
        if name is None or token is None or not token.valid(self._clock()):
            return None
        return self.world.participants.get(name)

    def partitions(self, profile: str) -> dict[str, int]:
        """How many partitions every topic has by governance, which is not what the cluster may have been given."""
        return {topic.name: topic.partitions for topic in topics.topics(self._records["topics"], self.world, profile)}

    async def ready(self, patience: float = 30.0) -> None:
        """Wait for the first world. Raises ``Trouble`` after ``patience`` seconds: ``cluster.away`` when no broker
        answered, ``cluster.no-governance`` when one did."""
        if self._task is None:
            raise Trouble("cluster.no-governance")
        first = asyncio.create_task(self._ready.wait())
        await asyncio.wait({first, self._task}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        first.cancel()
        if not self._ready.is_set():
            ended = self._task if self._task.done() else None
            await self.stop()
            if ended is not None and not ended.cancelled():
                ended.result()
            raise Trouble("cluster.no-governance") if self._reached else Trouble("cluster.away", cause="no connection")

    def begin(self) -> None:
        """See ``Follower``."""
        self._reached, self._read = True, {}

    def take(self, record: ConsumerRecord) -> bool:
        """See ``Follower``. A record that cannot be read changes nothing."""
        try:
            key = record.key.decode()
            value = None if record.value is None else json.loads(record.value)
        except (AttributeError, ValueError) as error:
            log.error("governance.unreadable", offset=record.offset, cause=type(error).__name__)
            return False
        if value is None:
            return self._read.pop(key, None) is not None
        changed: bool = self._read.get(key) != value
        self._read[key] = value
        return changed

    async def at_end(self) -> None:
        """See ``Follower``."""
        if self._read:
            await self._renew(dict(self._read))

    async def _renew(self, records: dict[str, Any]) -> None:
        if records == self._records:
            return
        try:
            ids, tokens = schema_ids(records), tokens_by_digest(records)
            made = await asyncio.to_thread(self._build, entities(records), self._environment)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with what was governed must not stop a station
            log.error("governance.refused", cause=f"{type(error).__name__}: {error}", kept=self._world is not None)
            return
        first = self._world is None
        self._records, self._schema_ids, self._tokens, self._world = records, ids, tokens, made
        log.info("governance.in-force", events=len(made.events), participants=len(made.participants))
        self._ready.set()
        if self.on_change is not None and not first:
            self.on_change(made)
