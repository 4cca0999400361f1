"""Names and codes of another system -> canonical codes: by the governed crosswalk, else by exactly the same name.

A name that neither knows stays unmapped: no near match, no position in a list. A word that should be mapped is a row
to be added to the crosswalk, not a line of code.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from saan.core.codes import Code
from saan.core.thai import normalise
from saan.core.world import World

UNKNOWN = "UNKNOWN"
"""The canonical code of what could not be mapped; the text as found travels beside it."""


class Codebook:
    """The codes of one list for one source system (``OBEC-DMC``).

    ``spoken`` maps the system's short forms to the names that crosswalk and list use (``ญ`` -> ``หญิง``).
    """

    def __init__(self, world: World, list_name: str, system: str, spoken: Mapping[str, str] | None = None) -> None:
        codes = world.codes[list_name]
        self._codes = _by_name(codes.codes.values())
        for (official, owner, source), canonical in world.crosswalk.pairs.items():
            if (official, owner) == (codes.official, system):
                self._codes[normalise(source)] = canonical
        for short, name in (spoken or {}).items():
            if name in self._codes:
                self._codes[short] = self._codes[name]

    def code(self, cleaned: str) -> str | None:
        """The canonical code of a cleaned cell, ``None`` when it is not mapped."""
        return self._codes.get(cleaned)


def _by_name(codes: Iterable[Code]) -> dict[str, str]:
    """Codes by every name they have or had. A name that two codes bear now stands for neither of them."""
    bearers: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for code in codes:
        for one in (*code.earlier, code):
            if one.th:
                bearers[normalise(one.th)][code.code] = one.valid_to is None
    return {name: only for name, known in bearers.items() if (only := _only(known)) is not None}


def _only(known: Mapping[str, bool]) -> str | None:
    """The one code among those in use, or among all when none is in use any more."""
    wanted = [code for code, in_use in known.items() if in_use] or list(known)
    return wanted[0] if len(wanted) == 1 else None
