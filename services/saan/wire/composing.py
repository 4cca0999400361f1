"""What composition roots of stations share: from settings to the parts they put together."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from saan.core.catalogue import EventType
from saan.core.route import Routes
from saan.core.world import World
from saan.wire import views
from saan.wire.avro import Codec
from saan.wire.compiled.building import is_built, native
from saan.wire.compiled.engine import Compiled
from saan.wire.connection import password, tls
from saan.wire.governed import Governed
from saan.wire.notices import Notices
from saan.wire.papers import LEDGER, RECEIPT, Papers
from saan.wire.reference import Reference
from saan.wire.settings import Settings
from saan.wire.transport import Sasl, TransportSettings


def now() -> int:
    """Microseconds since the epoch, UTC."""
    return time.time_ns() // 1000


def transport(settings: Settings, station: str, folder: Path) -> TransportSettings:
    """How this process of a station talks to Kafka; ``folder`` is its own (see ``wire.slot``)."""
    return TransportSettings(
        bootstrap=settings.bootstrap,
        group=f"saan-{station}",
        client_id=f"saan-{station}",
        data=folder,
        positions=settings.state / "positions" / station,
        session_timeout=settings.session_timeout,
        transaction_timeout=settings.tx_timeout,
        sasl=_sasl(settings),
        tls=tls(settings) if settings.security_protocol.endswith("SSL") else None,
    )


def engine(settings: Settings) -> type[Reference] | type[Compiled]:
    """What decides records here. Raises ``LookupError`` when it is to be the compiled engine and was not built."""
    if settings.engine == "reference" or (settings.engine == "auto" and not is_built()):
        return Reference
    native()
    return Compiled


def papers(station: str, world: World, governed: Governed) -> Papers:
    """The papers of ``station`` under the registered schemas of receipts and ledger entries."""
    events = types(world, RECEIPT, LEDGER)
    codecs = written(governed, {event.record: event.schema for event in events})
    return Papers(station, {event.name: codecs[event.record] for event in events}, world.participants)


def notices(station: str, world: World, governed: Governed, *names: str) -> Notices:
    """The notices of ``station``, of the event types ``names``, under the registered schemas of these and of views."""
    schemas = {event.record: event.schema for event in types(world, *names)}
    schemas |= {view.record: view.schema for view in views.views(world) if view.event in names}
    return Notices(station, world, Routes(world, views.by_agreement(world)), written(governed, schemas))


def types(world: World, *names: str) -> list[EventType]:
    """The event types of these names. Raises ``LookupError`` for one that is not there."""
    for name in names:
        if name not in world.events:
            raise LookupError(f"{name} is not registered; run `saan apply`")
    return [world.events[name] for name in names]


def written(governed: Governed, schemas: Mapping[str, Any]) -> dict[str, tuple[Codec, int]]:
    """Codec and registered id of what a station writes itself, by full record name.

    Raises ``LookupError`` for a schema that is not registered.
    """
    codecs = {}
    for record, schema in schemas.items():
        id = governed.schema_id(record)
        if id is None:
            raise LookupError(f"{record} is not registered; run `saan apply`")
        codecs[record] = Codec(schema), id
    return codecs


def schema_ids(governed: Governed) -> set[int]:
    """Every schema id that governance knows."""
    return set(governed.schema_ids.values())


def _sasl(settings: Settings) -> Sasl | None:
    if not settings.security_protocol.startswith("SASL_"):
        return None
    return Sasl(settings.sasl_username, password(settings), protocol=settings.security_protocol)
