"""The console as a process."""

from prometheus_client import CollectorRegistry

from saan.console.api import application
from saan.wire.connection import connection
from saan.wire.http.serving import serve
from saan.wire.reading import KafkaInboxes
from saan.wire.settings import Settings


async def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    inboxes = KafkaInboxes(connection(settings, "saan-console"))
    try:
        await serve(application(inboxes.ready, CollectorRegistry()), settings.host, settings.port)
    finally:
        await inboxes.stop()
