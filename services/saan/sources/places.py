"""Names of province, district and subdistrict -> their codes, each looked for below the one above it."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from saan.core.thai import normalise
from saan.core.world import World

_TITLES = ("จังหวัด", "อำเภอ", "เขต", "ตำบล", "แขวง")


@dataclass(frozen=True, slots=True)
class Place:
    """The codes of an address; ``None`` where the name was empty or is in no list."""

    province: str | None
    district: str | None
    subdistrict: str | None


class Places:
    """Finds the codes of an address by its three cleaned names.

    A name that exists only elsewhere is given its code elsewhere, so that the nesting rule can say so. A name that
    is nowhere, or in several places of which none lies below the name above, has no code: it is not guessed.
    """

    def __init__(self, world: World) -> None:
        self._lists = [_by_name(world, name) for name in ("province", "district", "subdistrict")]
        self.find = lru_cache(maxsize=20_000)(self._find)

    def _find(self, province: str | None, district: str | None, subdistrict: str | None) -> Place:
        above: str | None = None
        found: list[str | None] = []
        for known, name in zip(self._lists, (province, district, subdistrict), strict=True):
            code = _below(above, _candidates(known, name))
            found.append(code)
            above = code or above
        return Place(*found)


def _by_name(world: World, list_name: str) -> dict[str, list[str]]:
    by_name: dict[str, list[str]] = defaultdict(list)
    for code in world.codes[list_name].codes.values():
        by_name[normalise(code.th)].append(code.code)
    return dict(by_name)


def _candidates(known: dict[str, list[str]], name: str | None) -> list[str]:
    if not name:
        return []
    if name in known:
        return known[name]
    for title in _TITLES:
        if name.startswith(title):
            return known.get(name.removeprefix(title).strip(), [])
    return []


def _below(above: str | None, candidates: list[str]) -> str | None:
    if above is None:
        return candidates[0] if len(candidates) == 1 else None
    below = [code for code in candidates if code.startswith(above)]
    if len(below) > 1:
        return None
    # With none below, any of them breaks the nesting in the same way.
    return next(iter(below or candidates), None)
