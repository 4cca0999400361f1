"""The arguments that every aiokafka client of a process shares, from its settings."""

from typing import Any

from aiokafka.helpers import create_ssl_context

from saan.wire.settings import Settings


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
        password = settings.sasl_password_file.read_text().strip() if settings.sasl_password_file else ""
        arguments |= {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": password,
        }
    if settings.security_protocol.endswith("SSL"):
        arguments["ssl_context"] = create_ssl_context(cafile=str(settings.ssl_cafile) if settings.ssl_cafile else None)
    return arguments


def administrative(settings: Settings) -> dict[str, str]:
    """The same access under librdkafka's names, for the administrative clients (``wire.cluster``, ``wire.lag``).

    Raises ``OSError`` when the password file cannot be read.
    """
    named = {"security.protocol": settings.security_protocol}
    if settings.security_protocol.startswith("SASL_"):
        password = settings.sasl_password_file.read_text().strip() if settings.sasl_password_file else ""
        named |= {
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": settings.sasl_username,
            "sasl.password": password,
        }
    if settings.security_protocol.endswith("SSL") and settings.ssl_cafile:
        named["ssl.ca.location"] = str(settings.ssl_cafile)
    return named
