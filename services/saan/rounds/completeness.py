"""How far the schools below each office are with a round: final, partial or silent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from saan.core.calendar import rfc3339
from saan.core.organisations import Organisation
from saan.core.rounds import Pattern, Window
from saan.core.world import World
from saan.rounds.saying import context


class Progress(StrEnum):
    """How far one school is."""

    FINAL = "final"
    """Its director has certified."""
    PARTIAL = "partial"
    """The exchange knows learners of it, and no certificate."""
    SILENT = "silent"
    """Nobody has told the exchange of a learner of it."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """The schools below one office, by how far they are; ``learners`` is the sum of their certificates."""

    office: Organisation
    schools: Mapping[str, Progress]
    learners: int

    def of(self, progress: Progress) -> list[str]:
        return sorted(school for school, one in self.schools.items() if one is progress)

    def data(self, window: Window, pattern: Pattern | None, now: int) -> dict[str, Any]:
        """The data of ``round.completeness-reported``."""
        return {
            **context(self.office, window, pattern),
            "officeUid": self.office.id,
            "expected": len(self.schools),
            **{progress.value: len(self.of(progress)) for progress in Progress},
            "learners": self.learners,
            "partialSchools": self.of(Progress.PARTIAL),
            "silentSchools": self.of(Progress.SILENT),
            "countedAt": rfc3339(now),
        }


def expected(world: World) -> frozenset[str]:
    """The schools that take part: those that a school's own system speaks for."""
    found = {id for p in world.participants.values() if p.kind == "school" for id in p.speaks_for}
    return frozenset(id for id in found if (one := world.organisations.get(id)) is not None and one.kind == "school")


def progress(school: str, certificates: Collection[str], heard_of: Collection[str]) -> Progress:
    if school in certificates:
        return Progress.FINAL
    return Progress.PARTIAL if school in heard_of else Progress.SILENT


def completeness(
    world: World, day: int, certificates: Mapping[str, int], heard_of: Collection[str]
) -> list[Completeness]:
    """One per office that has taking-part schools below it on ``day``, by the office's key.

    ``certificates`` are the learners certified, by school; ``heard_of`` the schools of which learners are known.
    """
    below: dict[str, dict[str, Progress]] = {}
    for school in expected(world):
        for office in world.organisations.above(school, day) - {school}:
            below.setdefault(office, {})[school] = progress(school, certificates, heard_of)
    found = []
    for id, schools in sorted(below.items()):
        above = world.organisations.get(id)
        if above is not None:
            learners = sum(certificates.get(school, 0) for school in schools)
            found.append(Completeness(above, schools, learners))
    return found
