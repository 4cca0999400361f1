"""Apicurio Registry on this machine, with its storage in one file.

Its Confluent-compatible API is at ``<base>/apis/ccompat/v7``, its own at ``<base>/apis/registry/v3``.
"""

from __future__ import annotations

from pathlib import Path

from saan.embedded import java, probe
from saan.embedded.ports import HOST

NAME = "registry"
HEAP_MB = 160
LISTENERS = ("http", "management")

_READY = "/apis/registry/v3/search/artifacts?limit=1"  # reads the storage, so it answers only when that is open


def environment(folder: Path, ports: dict[str, int]) -> dict[str, str]:
    """The registry's settings. `folder` keeps the storage and the log."""
    return java.ENVIRONMENT | {
        # Both: the management interface would listen to the whole network by itself.
        "QUARKUS_HTTP_HOST": HOST,
        "QUARKUS_HTTP_PORT": str(ports["http"]),
        "QUARKUS_MANAGEMENT_HOST": HOST,
        "QUARKUS_MANAGEMENT_PORT": str(ports["management"]),
        "APICURIO_STORAGE_KIND": "sql",
        "APICURIO_STORAGE_SQL_KIND": "h2",
        # H2 writes half a second late and reuses space early unless told otherwise: a crash then loses schemas that
        # were acknowledged.
        "APICURIO_DATASOURCE_URL": f"jdbc:h2:file:{folder / 'storage'};WRITE_DELAY=0;RETENTION_TIME=0",
        "APICURIO_DATASOURCE_USERNAME": "sa",
        "APICURIO_DATASOURCE_PASSWORD": "sa",
        "APICURIO_DATASOURCE_JDBC_INITIAL_SIZE": "2",
        "APICURIO_DATASOURCE_JDBC_MIN_SIZE": "2",
        "APICURIO_DATASOURCE_JDBC_MAX_SIZE": "8",
        "APICURIO_RULES_GLOBAL_COMPATIBILITY": "FULL_TRANSITIVE",
        "APICURIO_RULES_GLOBAL_VALIDITY": "FULL",
        "APICURIO_CCOMPAT_MAX_SUBJECTS": "100000",  # the default cuts lists at 1,000 and does not say so
        "QUARKUS_HTTP_ACCESS_LOG_ENABLED": "false",
        "QUARKUS_LOG_LEVEL": "WARN",
        "QUARKUS_LOG_CONSOLE_ENABLED": "false",
        "QUARKUS_LOG_FILE_ENABLED": "true",
        "QUARKUS_LOG_FILE_PATH": str(folder / "registry.log"),
        "QUARKUS_LOG_FILE_ROTATION_MAX_FILE_SIZE": "10M",
        "QUARKUS_LOG_FILE_ROTATION_MAX_BACKUP_INDEX": "3",
    }


def command(app: Path, temporary: Path) -> list[str]:
    """The command line of the registry unpacked in `app`."""
    return java.command(["-jar", str(app / "quarkus-run.jar")], heap_mb=HEAP_MB, temporary=temporary)


def is_ready(ports: dict[str, int]) -> bool:
    """True when it answers from its storage."""
    return probe.answers_http(ports["http"], _READY)


def base_url(ports: dict[str, int]) -> str:
    """Where its APIs begin, without a slash at the end."""
    return f"http://{HOST}:{ports['http']}"
