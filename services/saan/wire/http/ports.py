"""What HTTP stations need from the world around them, besides the log."""

from collections.abc import Iterable
from typing import Protocol

from saan.core.participants import Participant
from saan.wire.registry_types import SchemaSource


class Tokens(Protocol):
    """Knows the bearer tokens that are valid now."""

    def participant(self, digest: str) -> Participant | None:
        """The participant whose live token has this SHA-256 digest (hex)."""
        ...


class Schemas(SchemaSource, Protocol):
    """Schemas by id, with a step ahead that may use the network."""

    async def ensure(self, ids: Iterable[int]) -> None:
        """Learn what these ids are, as far as that can be known now."""
        ...
