"""The organisation tree: school -> area office -> head office -> ministry, school -> province -> ministry."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

_REMEMBERED: Final = 100_000
"""Of how many organisations and days it is remembered what lies above them."""


@dataclass(frozen=True, slots=True)
class Parent:
    """A tie to an organisation above, valid from ``start`` to before ``end`` (days since 1970, ``None``: open)."""

    id: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A school or an office. ``codes`` are its aliases by system (``moe10``, ``smis8``).

    ``levels`` are the grade levels taught, empty when not known. ``province`` is the two-digit code.
    """

    id: str
    kind: str
    name: Mapping[str, str]
    parents: tuple[Parent, ...]
    province: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    levels: frozenset[str] = frozenset()
    active_from: int | None = None
    active_to: int | None = None


class Organisations:
    """All organisations by id, with the question that routing asks: what lies above this one on that day?"""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._by_id = {o.id: o for o in organisations}
        self._by_code = {(system, code): o.id for o in self._by_id.values() for system, code in o.codes.items()}
        self._above = lru_cache(_REMEMBERED)(self._climbed)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Organisation]:
        return iter(self._by_id.values())

    def closed(self, days: Mapping[str, int]) -> "Organisations":
        """These organisations, with some of them closed from a day on (days since 1970-01-01) that may be earlier than
        what is known of them; ids that are not known are passed over."""
        known = {id: self._by_id[id] for id in days if id in self._by_id}
        ended = {id: replace(one, active_to=_earlier(one.active_to, days[id])) for id, one in known.items()}
        return Organisations({**self._by_id, **ended}.values()) if ended else self

    def get(self, id: str) -> Organisation | None:
        return self._by_id.get(id)

    def by_code(self, system: str, code: str) -> Organisation | None:
        """The organisation that carries this official code, for example ``("smis8", "96022001")``."""
        found = self._by_code.get((system, code))
        return self._by_id[found] if found else None

    def above(self, id: str, day: int) -> frozenset[str]:
        """``id`` itself and everything above it on that day (days since 1970-01-01); empty for an unknown id."""
        return self._above(id, day)

    def _climbed(self, id: str, day: int) -> frozenset[str]:
        return frozenset(self._climb(id, day, set()))

    def days_under(self, id: str, ids: frozenset[str]) -> tuple[tuple[int | None, int | None], ...]:
        """When one of ``ids`` is this organisation or lies above it: from one day to before another, ``None``: open."""
        turns = sorted(self._turns(id, set()))
        found = []
        for start, end in zip([None, *turns], [*turns, None], strict=True):
            day = start if start is not None else (0 if end is None else end - 1)
            if not ids.isdisjoint(self._climb(id, day, set())):
                found.append((start, end))
        return tuple(found)

    def _turns(self, id: str, seen: set[str]) -> set[int]:
        """The days on which something above the organisation begins or ends."""
        organisation = self._by_id.get(id)
        if organisation is None or id in seen:
            return set()
        seen.add(id)
        turns = {day for parent in organisation.parents for day in (parent.start, parent.end) if day is not None}
        return turns.union(*(self._turns(parent.id, seen) for parent in organisation.parents))

    def _climb(self, id: str, day: int, seen: set[str]) -> set[str]:
        organisation = self._by_id.get(id)
        if organisation is None or id in seen:
            return seen
        seen.add(id)
        for parent in organisation.parents:
            if (parent.start is None or parent.start <= day) and (parent.end is None or day < parent.end):
                self._climb(parent.id, day, seen)
        return seen


def _earlier(known: int | None, told: int) -> int:
    return told if known is None else min(known, told)
