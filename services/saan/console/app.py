"""The console as a process: real Kafka, real registry."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from typing import Any

import httpx
import structlog

from saan.console.api import application
from saan.console.board import FIRST, LAST
from saan.console.counts import registry
from saan.console.handler import Ledger
from saan.console.health import Watch
from saan.console.picture import Picture, picture
from saan.core.participants import Participant
from saan.wire import space
from saan.wire.composing import now
from saan.wire.connection import administrative, connection
from saan.wire.exposing import expose
from saan.wire.governed import Governed
from saan.wire.http.serving import serve
from saan.wire.lag import LagMeter
from saan.wire.reading import KafkaInboxes
from saan.wire.registry import Registry
from saan.wire.settings import Settings
from saan.wire.trouble import Trouble
from saan.wire.turn import Turn, at_once

_LOG = structlog.get_logger()
_PATIENCE = 4.0
_AGAIN_AFTER = 1.0
_NO_SCHEMA = "/apis/ccompat/v7/schemas/ids/0"
"""An address whose answer needs the registry's storage: "not found" is a sign of health."""


async def run(settings: Settings, turn: Turn = at_once) -> None:
    """Serve from its turn on until SIGTERM or SIGINT. A broker or registry that is away is shown and waited for."""
    kafka = connection(settings, "saan-console")
    async with AsyncExitStack() as stack:
        schemas = await stack.enter_async_context(Registry(settings.registry, settings.state / "console" / "schemas"))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=settings.registry, timeout=_PATIENCE))
        governed = Governed(kafka, settings.environment)
        stack.push_async_callback(governed.stop)
        inboxes = KafkaInboxes(kafka, group="saan-{reader}")
        stack.push_async_callback(inboxes.stop)
        ledger = Ledger(inboxes, schemas)
        meter = LagMeter(settings.bootstrap, administrative(settings), timeout=_PATIENCE)
        watch = Watch(meter, lambda: _answers(http), (FIRST, LAST))

        def look() -> Picture:
            return picture(
                ledger.board,
                watch.health,
                _participants(governed),
                now(),
                caught_up=ledger.caught_up,
                lag_alarm_s=settings.lag_alarm_seconds,
            )

        await turn()
        expose(settings.metrics_port, settings.host, registry(look, lambda: space.rooms(settings.dir)))
        closing = asyncio.Event()
        app = application(look, inboxes.ready, closing)
        await _beside(
            serve(app, settings.host, settings.port, closing=closing), ledger.follow(), watch.run(), _govern(governed)
        )


async def _beside(main: Coroutine[Any, Any, None], *others: Coroutine[Any, Any, None]) -> None:
    """Run ``main`` to its end with the others beside it; the failure of any of them ends them all."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(other) for other in others]
        await main
        for task in tasks:
            task.cancel()


async def _govern(governed: Governed) -> None:
    """Follow governance from whenever there is any; until then the page shows ids instead of names."""
    while True:
        try:
            return await governed.start()
        except Trouble as missing:
            _LOG.warning("governance.missing", code=missing.code)
            await asyncio.sleep(_AGAIN_AFTER)


def _participants(governed: Governed) -> Mapping[str, Participant]:
    try:
        return governed.world.participants
    except Trouble:
        return {}


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        return not (await http.get(_NO_SCHEMA)).is_server_error
    except httpx.HTTPError:
        return False
