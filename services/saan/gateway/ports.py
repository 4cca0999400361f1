"""What the gateway needs from governance."""

from typing import Protocol

from saan.core.world import World


class Governance(Protocol):
    """The governed state in force now."""

    @property
    def world(self) -> World: ...

    def schema_id(self, record: str, version: int | None = None) -> int | None:
        """The id of a registered version of an Avro record, of the latest one when no version is named."""
        ...
