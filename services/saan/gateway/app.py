"""The gateway as a process: real Kafka, real registry, real clock."""

import time
from contextlib import AsyncExitStack

from saan.gateway.api import Limits, application
from saan.gateway.counts import Counts
from saan.gateway.encode import Encoder
from saan.gateway.handler import Gateway
from saan.gateway.rehearse import Engine
from saan.wire import space, topics
from saan.wire.appending import KafkaLog
from saan.wire.connection import connection
from saan.wire.credentials import secret_key
from saan.wire.exposing import expose
from saan.wire.governed import Governed
from saan.wire.http.serving import serve
from saan.wire.reference import MAX_BYTES
from saan.wire.registry import Registry
from saan.wire.settings import Settings
from saan.wire.turn import Turn, at_once

_OUTBOX = topics.name("outbox.gateway")


async def run(settings: Settings, turn: Turn = at_once) -> None:
    """Serve from its turn on until SIGTERM or SIGINT; running requests get their answer first."""
    kafka = connection(settings, "saan-gateway")
    largest = min(settings.max_record, MAX_BYTES)  # what the validator would refuse is refused here
    async with AsyncExitStack() as stack:
        schemas = await stack.enter_async_context(Registry(settings.registry, settings.state / "gateway" / "schemas"))
        governed = Governed(kafka, settings.environment)
        stack.push_async_callback(governed.stop)
        await governed.start()
        log = KafkaLog(kafka, max_record=largest)
        stack.push_async_callback(log.stop)
        gateway = Gateway(
            governance=governed,
            schemas=schemas,
            encoder=Encoder(schemas, secret_key(settings.gateway_key), _OUTBOX, largest),
            log=log,
            rehearsal=lambda world: Engine(world, schemas),
            clock=lambda: time.time_ns() // 1000,
            max_record=largest,
            disk_full=lambda: space.full(settings.dir),
        )
        counts = Counts()
        app = application(gateway, governed, governed, log.ready, Limits(body=settings.max_body), counts)
        await schemas.ensure(governed.schema_ids.values())
        await log.ready()  # connects; a broker that is away is no reason not to serve
        await turn()
        expose(settings.metrics_port, settings.host, counts.registry)
        await serve(app, settings.host, settings.port)
