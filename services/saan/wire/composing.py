"""What composition roots of stations share: from settings to the parts they put together."""

import time
from pathlib import Path

from saan.core.world import World
from saan.wire.avro import Codec
from saan.wire.connection import password, tls
from saan.wire.governed import Governed
from saan.wire.papers import LEDGER, RECEIPT, Papers
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


def papers(station: str, world: World, governed: Governed) -> Papers:
    """The papers of ``station`` under the registered schemas of receipts and ledger entries."""
    return Papers(station, control(world, governed, RECEIPT, LEDGER), world.participants)


def control(world: World, governed: Governed, *names: str) -> dict[str, tuple[Codec, int]]:
    """Codec and registered schema id of control types, by name. Raises ``LookupError`` for one that is not there."""
    codecs = {}
    for name in names:
        event = world.events.get(name)
        id = governed.schema_id(event.record) if event else None
        if event is None or id is None:
            raise LookupError(f"{name} is not registered; run `saan apply`")
        codecs[name] = Codec(event.schema), id
    return codecs


def schema_ids(governed: Governed) -> set[int]:
    """Every schema id that governance knows."""
    return set(governed.schema_ids.values())


def _sasl(settings: Settings) -> Sasl | None:
    if not settings.security_protocol.startswith("SASL_"):
        return None
    return Sasl(settings.sasl_username, password(settings), protocol=settings.security_protocol)
