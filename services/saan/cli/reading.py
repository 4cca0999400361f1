"""Reading a topic for a person: everything committed, from the oldest kept record on, decoded."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

from saan.deliverer.opening import Opener
from saan.exchange.endpoints import Endpoints
from saan.wire.connection import connection
from saan.wire.log import Arrived
from saan.wire.reading import KafkaInboxes
from saan.wire.registry import Registry
from saan.wire.settings import Settings

_AT_ONCE = 500
_SHORT = 0.5
_LONG = 30.0


def at(settings: Settings, endpoints: Endpoints) -> Settings:
    """The settings of a client of the running exchange."""
    places = {"bootstrap": endpoints.bootstrap, "registry": endpoints.registry}
    return settings.model_copy(update=places)


async def records(settings: Settings, topic: str, *, follow: bool = False) -> AsyncIterator[Arrived]:
    """Records of ``topic`` in order per partition; ends at the end of the log unless ``follow``."""
    inboxes = KafkaInboxes(connection(settings, "saan-cli"))
    try:
        positions: dict[int, int] = {}
        while True:
            page = await inboxes.read("saan-cli", topic, positions, _AT_ONCE, _LONG if follow else _SHORT)
            for record in page.records:
                yield record
            positions = dict(page.after)
            if not page.records and not follow:
                return
    finally:
        await inboxes.stop()


async def events(settings: Settings, topic: str, *, follow: bool = False) -> AsyncIterator[dict[str, Any]]:
    """The same as CloudEvents in JSON."""
    async with AsyncExitStack() as stack:
        opener = Opener(await stack.enter_async_context(Registry(settings.registry, settings.schema_cache)))
        async for record in records(settings, topic, follow=follow):
            yield (await opener.open([record]))[0]
