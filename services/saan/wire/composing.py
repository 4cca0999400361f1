"""What composition roots of stations share: from settings to the parts they put together."""

import time
from pathlib import Path
from ssl import SSLContext

from aiokafka.helpers import create_ssl_context

from saan.core.world import World
from saan.wire.avro import Codec
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
        session_timeout=settings.session_timeout,
        transaction_timeout=settings.tx_timeout,
        sasl=_sasl(settings),
        tls=_tls(settings),
    )


def papers(station: str, world: World, governed: Governed) -> Papers:
    """The papers of ``station`` under the registered schemas of receipts and ledger entries."""
    codecs = {}
    for name in (RECEIPT, LEDGER):
        event = world.events[name]
        id = governed.schema_id(event.record)
        if id is None:
            raise LookupError(f"{event.record} is not registered; run `saan apply`")
        codecs[name] = Codec(event.schema), id
    return Papers(station, codecs, world.participants)


def schema_ids(governed: Governed) -> set[int]:
    """Every schema id that governance knows."""
    return set(governed.schema_ids.values())


def _sasl(settings: Settings) -> Sasl | None:
    if not settings.security_protocol.startswith("SASL_"):
        return None
    password = settings.sasl_password_file.read_text(encoding="utf-8").strip() if settings.sasl_password_file else ""
    return Sasl(settings.sasl_username, password, protocol=settings.security_protocol)


def _tls(settings: Settings) -> SSLContext | None:
    if not settings.security_protocol.endswith("SSL"):
        return None
    context: SSLContext = create_ssl_context(cafile=str(settings.ssl_cafile) if settings.ssl_cafile else None)
    return context
