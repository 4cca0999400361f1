"""The deliverer as a process: real Kafka, real registry."""

from contextlib import AsyncExitStack

from saan.deliverer.api import application
from saan.deliverer.counts import Counts
from saan.deliverer.cursor import Cursors
from saan.deliverer.handler import Deliverer
from saan.deliverer.opening import Opener
from saan.wire.connection import connection
from saan.wire.credentials import secret_key
from saan.wire.exposing import expose
from saan.wire.governed import Governed
from saan.wire.http.serving import serve
from saan.wire.reading import KafkaInboxes
from saan.wire.registry import Registry
from saan.wire.settings import Settings
from saan.wire.turn import Turn, at_once

_INBOX = "inbox.{participant}"


async def run(settings: Settings, turn: Turn = at_once) -> None:
    """Serve from its turn on until SIGTERM or SIGINT; running requests get their answer first."""
    kafka = connection(settings, "saan-deliverer")
    async with AsyncExitStack() as stack:
        schemas = await stack.enter_async_context(Registry(settings.registry, settings.state / "deliverer" / "schemas"))
        governed = Governed(kafka, settings.environment)
        stack.push_async_callback(governed.stop)
        await governed.start()
        inboxes = KafkaInboxes(kafka)
        stack.push_async_callback(inboxes.stop)
        deliverer = Deliverer(inboxes, Opener(schemas), Cursors(secret_key(settings.gateway_key)), _INBOX)
        counts = Counts()
        app = application(deliverer, governed, counts)
        await turn()
        expose(settings.metrics_port, settings.host, counts.registry)
        await serve(app, settings.host, settings.port)
