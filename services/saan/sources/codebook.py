"""Names and codes of another system -> canonical codes: by the governed crosswalk, else by exactly the same name.

A name that neither knows stays unmapped: no near match, no position in a list. A word that should be mapped is a row
to be added to the crosswalk, not a line of code.
"""

from collections.abc import Mapping

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
        self._codes = {normalise(code.th): code.code for code in codes.codes.values() if code.th}
        for (official, owner, source), canonical in world.crosswalk.pairs.items():
            if (official, owner) == (codes.official, system):
                self._codes[normalise(source)] = canonical
        for short, name in (spoken or {}).items():
            if name in self._codes:
                self._codes[short] = self._codes[name]

    def code(self, cleaned: str) -> str | None:
        """The canonical code of a cleaned cell, ``None`` when it is not mapped."""
        return self._codes.get(cleaned)
