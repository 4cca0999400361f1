"""The place that governance is applied to: one cluster, one registry, one folder of secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from saan.governance.wanted import Wanted
from saan.wire.cluster import Cluster, Grant, Topic
from saan.wire.credentials import Vault
from saan.wire.governance_log import GovernanceLog
from saan.wire.governed_records import TOPIC, Token
from saan.wire.registrar import Registrar, Version, same


@dataclass(frozen=True, slots=True)
class Live:
    """What is there now.

    ``versions`` and ``schemas`` (the newest of each) are by record name; ``objections`` says why the registry would
    refuse a schema that is to change. ``access`` is ``None`` on a cluster that checks no permissions. ``records`` are
    the governance records in force; ``held`` are the credentials in the folder, as governance may know them.
    """

    rules: Mapping[str, str]
    versions: Mapping[str, tuple[Version, ...]]
    schemas: Mapping[str, Mapping[str, Any]]
    objections: Mapping[str, str]
    topics: Mapping[str, Topic]
    access: frozenset[Grant] | None
    users: frozenset[str]
    records: Mapping[str, Any]
    held: Mapping[str, tuple[Token, ...]]


@dataclass(frozen=True, slots=True)
class Site:
    """The ways in. Every call may raise ``Trouble``; close it when done, or use it as a context."""

    cluster: Cluster
    registrar: Registrar
    log: GovernanceLog
    vault: Vault

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.registrar.close()

    def look(self, wanted: Wanted) -> Live:
        """Read everything that a plan compares; changes nothing."""
        topics = self.cluster.topics()
        access = self.cluster.grants()
        versions = {record: self.registrar.versions(record) for record in wanted.schemas}
        schemas = {record: self.registrar.content(had[-1].id) for record, had in versions.items() if had}
        return Live(
            rules=self.registrar.rules(),
            versions=versions,
            schemas=schemas,
            objections=self._objections(wanted, schemas),
            topics=topics,
            access=access,
            users=self.cluster.users() if access is not None else frozenset(),
            records=self.log.read() if TOPIC in topics else {},
            held={name: self.vault.read(name).governed() for name in sorted(wanted.participants) if name in self.vault},
        )

    def _objections(self, wanted: Wanted, schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
        found = {}
        for record, schema in wanted.schemas.items():
            if record in schemas and same(schemas[record], schema):
                continue
            objection = self.registrar.objection(record, schema)
            if objection is not None:
                found[record] = objection
        return found


def site(bootstrap: str, registry: str, credentials: Path, security: Mapping[str, str] | None = None) -> Site:
    """``bootstrap`` and ``registry`` as in the settings; ``credentials`` is the folder of credentials files.

    ``security`` holds librdkafka's names (``security.protocol``, ``sasl.username`` …) of an administrator.
    """
    return Site(
        cluster=Cluster(bootstrap, security),
        registrar=Registrar(registry),
        log=GovernanceLog(bootstrap, security),
        vault=Vault(credentials),
    )
