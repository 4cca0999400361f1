"""The router as a process: the only file here that names settings and concrete parts."""

from functools import cache

from saan.core.duplicates import DETECTED, RESOLVED
from saan.core.merging import MERGED
from saan.core.remarks import FLAGGED, REJECTED
from saan.core.route import Routes
from saan.core.world import World
from saan.router.desk import Desk
from saan.router.handler import STATION, Handler
from saan.router.keeping import Keeper
from saan.wire import composing, transport, views
from saan.wire.avro import Codec
from saan.wire.connection import connection
from saan.wire.exposing import expose
from saan.wire.governed import Governed
from saan.wire.governed_schemas import GovernedSchemas
from saan.wire.notices import Notices
from saan.wire.registry import Registry
from saan.wire.settings import Settings
from saan.wire.slot import Slot
from saan.wire.store import Stores
from saan.wire.turn import Turn, at_once

_CHECKED = "checked."
_HOUR = 3_600_000_000  # microseconds


def inputs(world: World) -> list[str]:
    """The topics to read: one per domain of events that are not control events."""
    return sorted({f"{_CHECKED}{event.domain}" for event in world.events.values() if not event.control})


def desk_for(world: World, governed: Governed, registry: Registry) -> Desk:
    """Everything the router looks up, prepared for one state of governance."""

    @cache
    def codec(id: int) -> Codec:
        registered = registry.get(id)
        if registered is None:
            raise LookupError(f"schema {id} is not registered")
        return Codec(registered.schema)

    own = composing.types(world, DETECTED, RESOLVED, REJECTED, FLAGGED, MERGED)
    handed_over = [event for event in world.events.values() if event.hands_over]
    schemas = {view.record: view.schema for view in views.views(world)}
    written = composing.written(governed, schemas | {one.record: one.schema for one in (*own, *handed_over)})
    routes = Routes(world, views.by_agreement(world))
    papers = composing.papers(STATION, world, governed)
    notices = Notices(STATION, world, routes, written)
    return Desk(world, routes, papers, notices, registry, written, codec)


async def run(settings: Settings, turn: Turn = at_once, hooks: transport.Hooks | None = None) -> int:
    """Serve from its turn on until SIGTERM; the exit code says why it ended (``saan.wire.transport.Exit``)."""
    governed = Governed(connection(settings, f"saan-{STATION}"), settings.environment)
    async with Registry(settings.registry, settings.schema_cache) as registry:
        await governed.start()
        await registry.require(composing.schema_ids(governed))

        def prepared(world: World) -> Desk:
            try:
                return desk_for(world, governed, registry)
            except (LookupError, ValueError) as error:
                transport.leave(transport.Exit.UNABLE, f"what was governed cannot be decided by: {error}")

        desk = prepared(governed.world)

        def renew(world: World) -> None:
            nonlocal desk
            desk = prepared(world)

        governed.on_change = renew
        await turn()
        expose(settings.metrics_port, settings.host)
        slot, topics = Slot(settings.state, STATION), inputs(governed.world)
        kafka = composing.transport(settings, STATION, slot.path)
        keeper = Keeper(Stores(slot.path / "learners"), lambda: desk, kafka)

        async def prepare(lane: transport.Lane) -> None:
            await registry.require(composing.schema_ids(governed))
            await keeper.open(lane, lane.topic.removeprefix(_CHECKED))

        def close(lane: transport.Lane) -> None:
            keeper.close(lane, lane.topic.removeprefix(_CHECKED))

        schemas = GovernedSchemas(registry, lambda: composing.schema_ids(governed))
        handler = Handler(lambda: desk, schemas, composing.now, int(settings.patience_hours * _HOUR))
        app = transport.build(
            kafka,
            station=STATION,
            topics=topics,
            decide=handler,
            prepare=prepare,
            on_close=close,
            idle=handler.idle,
            copartitioned=True,
            partitions=lambda: governed.partitions(settings.profile),
            hooks=hooks,
        )

        def follow(world: World) -> None:
            if inputs(world) != topics:
                transport.retire(app, transport.Exit.TOPICS_CHANGED, "domains came or went")
            renew(world)

        governed.on_change = follow
        try:
            return await transport.run(app)
        finally:
            await governed.stop()
