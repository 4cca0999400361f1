"""Deciding again what was decided before, by another state of one code list.

Only rules that look something up in that list can decide otherwise, and they are found by preparing them and watching
where they look: a list that a rule reads without naming it (``nesting``) is found too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from saan.core.catalogue import EventType
from saan.core.codes import CodeList
from saan.core.outcome import Finding
from saan.core.rules import Check, Facts, build
from saan.core.validate import tables_of
from saan.core.world import World


class Reconsidering:
    """What ``after`` in the place of the list of its name finds that ``world`` does not. Raises ``ValueError``."""

    def __init__(self, world: World, after: CodeList) -> None:
        then = replace(world, codes={**world.codes, after.name: after})
        self._checks = {
            event.name: pairs for event in world.events.values() if (pairs := _pairs(event, world, then, after.name))
        }
        self.domains = frozenset(world.events[name].domain for name in self._checks)

    @property
    def events(self) -> frozenset[str]:
        """The event types that use the list."""
        return frozenset(self._checks)

    def newly(self, event: str, data: Mapping[str, Any], facts: Facts) -> tuple[Finding, ...]:
        """What is found in a record of this type by the new list and was not found by the old one."""
        found: tuple[Finding, ...] = ()
        for before, after in self._checks.get(event, ()):
            objections = after(data, facts)
            if objections:
                known = before(data, facts)
                found += tuple(one for one in objections if one not in known)
        return found


def _pairs(event: EventType, world: World, then: World, name: str) -> tuple[tuple[Check, Check], ...]:
    """The rules of one event type that look into the list, prepared before and after."""
    watched = _Watched(world.codes)
    tables, later = replace(tables_of(world, event), codes=watched), tables_of(then, event)
    found: list[tuple[Check, Check]] = []
    for rule in event.rules:
        watched.seen.clear()
        before = build([rule], tables)  # none for a rule that is not decided from the record alone
        if name in watched.seen:
            found += zip(before, build([rule], later), strict=True)
    return tuple(found)


class _Watched(Mapping[str, CodeList]):
    """Code lists that remember which of them were looked at."""

    def __init__(self, codes: Mapping[str, CodeList]) -> None:
        self._codes = codes
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> CodeList:
        self.seen.add(name)
        return self._codes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)
