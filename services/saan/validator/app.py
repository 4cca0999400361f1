"""The validator as a process: the only file here that names settings and concrete parts."""

import asyncio
from dataclasses import dataclass

from saan.core.remarks import REJECTED
from saan.core.world import World
from saan.validator.handler import SHARED_OUTBOX, STATION, Engine, Handler
from saan.wire import composing, transport
from saan.wire.closed import Closed
from saan.wire.connection import connection
from saan.wire.credentials import secret_key
from saan.wire.exposing import expose
from saan.wire.governed import Governed
from saan.wire.governed_schemas import GovernedSchemas
from saan.wire.linked import Linked
from saan.wire.notices import Notices
from saan.wire.papers import Papers
from saan.wire.registry import Registry
from saan.wire.settings import Settings
from saan.wire.slot import Slot
from saan.wire.turn import Turn, at_once


@dataclass(frozen=True, slots=True)
class Desk:
    """One state of governance, prepared for deciding."""

    world: World
    engine: Engine
    papers: Papers
    notices: Notices


def outboxes(world: World) -> list[str]:
    """The topics to read: the shared outbox and that of every participant that has one of its own."""
    return [SHARED_OUTBOX, *sorted(f"outbox.{p.id}" for p in world.participants.values() if p.kafka)]


async def run(settings: Settings, turn: Turn = at_once, hooks: transport.Hooks | None = None) -> int:
    """Serve from its turn on until SIGTERM; the exit code says why it ended (``saan.wire.transport.Exit``)."""
    key = secret_key(settings.pseudonym_key)
    place = connection(settings, f"saan-{STATION}")
    governed, linked, closed = Governed(place, settings.environment), Linked(place), Closed(place)
    async with Registry(settings.registry, settings.schema_cache) as registry:
        await asyncio.gather(governed.start(), linked.start(), closed.start())
        await registry.ensure(composing.schema_ids(governed))

        def prepare(world: World) -> Desk:
            world = world.closing(closed.days)
            try:
                engine = composing.engine(settings)(
                    world, registry, key, max_bytes=settings.max_record, links=linked.links
                )
                papers = composing.papers(STATION, world, governed)
                return Desk(world, engine, papers, composing.notices(STATION, world, governed, REJECTED))
            except (LookupError, ValueError) as error:
                transport.leave(transport.Exit.UNABLE, f"what was governed cannot be decided by: {error}")

        desk = prepare(governed.world)

        def renew(world: World) -> None:
            nonlocal desk
            desk = prepare(world)

        governed.on_change = renew
        closed.on_change = lambda: renew(governed.world)
        await turn()
        expose(settings.metrics_port, settings.host)
        slot, topics = Slot(settings.state, STATION), outboxes(governed.world)
        schemas = GovernedSchemas(registry, lambda: composing.schema_ids(governed))
        handler = Handler(lambda: desk, schemas, composing.now, max_record=settings.max_record)
        kafka = composing.transport(settings, STATION, slot.path)
        app = transport.build(
            kafka,
            station=STATION,
            topics=topics,
            decide=handler,
            partitions=lambda: governed.partitions(settings.profile),
            hooks=hooks,
        )

        def follow(world: World) -> None:
            if outboxes(world) != topics:
                transport.retire(app, transport.Exit.TOPICS_CHANGED, "participants came or went")
            renew(world)

        governed.on_change = follow
        try:
            return await transport.run(app)
        finally:
            await governed.stop()
            await linked.stop()
            await closed.stop()
