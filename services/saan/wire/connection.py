"""The arguments that every aiokafka client of a process shares, from its settings."""

from ssl import SSLContext
from typing import Any

from aiokafka.errors import KafkaError, KafkaTimeoutError
from aiokafka.helpers import create_ssl_context

from saan.wire.settings import Settings
from saan.wire.trouble import Trouble


def connection(settings: Settings, client_id: str) -> dict[str, Any]:
    """Servers and, where the cluster asks for them, SASL and TLS.

    Raises ``OSError`` when the password file or the CA file cannot be read.
    """
    arguments: dict[str, Any] = {
        "bootstrap_servers": [server.strip() for server in settings.bootstrap.split(",") if server.strip()],
        "client_id": client_id,
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol.startswith("SASL_"):
        arguments |= {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": password(settings),
        }
    if settings.security_protocol.endswith("SSL"):
        arguments["ssl_context"] = tls(settings)
    return arguments


def administrative(settings: Settings) -> dict[str, str]:
    """The same access under librdkafka's names, for the administrative clients (``wire.cluster``, ``wire.lag``).

    Raises ``OSError`` when the password file cannot be read.
    """
    named = {"security.protocol": settings.security_protocol}
    if settings.security_protocol.startswith("SASL_"):
        named |= {
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": settings.sasl_username,
            "sasl.password": password(settings),
        }
    if settings.security_protocol.endswith("SSL") and settings.ssl_cafile:
        named["ssl.ca.location"] = str(settings.ssl_cafile)
    return named


def password(settings: Settings) -> str:
    """What the password file holds; empty without one. Raises ``OSError`` when it cannot be read."""
    return settings.sasl_password_file.read_text(encoding="utf-8").strip() if settings.sasl_password_file else ""


def tls(settings: Settings) -> SSLContext:
    """A context that trusts the CA file, or the system's authorities without one."""
    context: SSLContext = create_ssl_context(cafile=str(settings.ssl_cafile) if settings.ssl_cafile else None)
    return context


def away(error: KafkaError) -> Trouble:
    """What an error of aiokafka means to people: that Kafka does not answer, or that it refuses this process."""
    cause = type(error).__name__
    if error.retriable or isinstance(error, KafkaTimeoutError):
        return Trouble("cluster.away", cause=cause)
    return Trouble("cluster.refused", action="let this process in", cause=cause)
