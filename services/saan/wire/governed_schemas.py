"""Schemas for those who decide blocks: what governance names must be known, whatever else may stay unknown."""

from collections.abc import Callable, Iterable, Set

from saan.wire.registry import Registry
from saan.wire.registry_types import SchemaUnavailable
from saan.wire.transport.errors import Unable


class GovernedSchemas:
    """``governed`` tells the ids that are in force now.

    An id that nobody governs and that cannot be looked up costs its own event (it is set aside). One that is governed
    must not: its events are sound, so the process leaves and the block is decided again.
    """

    def __init__(self, registry: Registry, governed: Callable[[], Set[int]]) -> None:
        self._registry, self._governed = registry, governed

    async def ensure(self, ids: Iterable[int]) -> None:
        """Learn what these ids are. Raises ``Unable`` where a governed one cannot be looked up now."""
        wanted = set(ids)
        await self._registry.ensure(wanted)
        for id in wanted & self._governed():
            try:
                self._registry.get(id)
            except SchemaUnavailable as error:
                raise Unable(f"schema {id} is governed, but the registry does not answer") from error
