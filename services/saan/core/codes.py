"""Code lists: values only, with the validity and the certainty of each code kept."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

CODE_SHAPE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,39}")
"""What a code looks like in every list; all that can be asked of one whose list has no values yet."""


class Marks(NamedTuple):
    """How sure the Thai name, the English name and the code are: ``F``, ``I``, ``R``, ``M`` or ``P``.

    On a code, an empty mark says that the mark of its list holds.
    """

    names: str = ""
    en: str = ""
    codes: str = ""


_AS_THE_LIST: Final = Marks()


@dataclass(frozen=True, slots=True)
class Code:
    """One code. ``note`` keeps provenance and attributes (``points=3.5;score=75-79``) as published.

    It is valid from ``valid_from`` to before ``valid_to`` (days since 1970-01-01, ``None``: open). A code that was in
    use before, perhaps under another name, keeps those times in ``earlier``.
    """

    code: str
    th: str
    en: str
    note: str = ""
    valid_from: int | None = None
    valid_to: int | None = None
    marks: Marks = _AS_THE_LIST
    earlier: tuple["Code", ...] = ()

    def on(self, day: int) -> "Code | None":
        """The code as it is on this day; ``None`` when it is not valid then."""
        for one in (self, *self.earlier):
            if (one.valid_from is None or one.valid_from <= day) and (one.valid_to is None or day < one.valid_to):
                return one
        return None

    @property
    def always(self) -> bool:
        """Whether the code is valid on every day."""
        return self.valid_from is None and self.valid_to is None


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list. ``official`` is its name in the standard (``CLS_GRADE``, misspellings kept), ``name`` the file's.

    ``version`` counts from 1; ``valid_from`` is the day from which this version is in force (``None``: from the start).
    A list may be empty: then its values are not known yet.
    """

    name: str
    official: str
    title: Mapping[str, str]
    codes: Mapping[str, Code]
    provenance: Mapping[str, str] = field(default_factory=dict)
    version: int = 1
    valid_from: int | None = None


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Another system's codes for a list: ``(list, system, source code or name) -> canonical``; unmapped is absent."""

    pairs: Mapping[tuple[str, str, str], str]

    def canonical(self, official: str, system: str, source: str) -> str | None:
        return self.pairs.get((official, system, source))


def joined(rows: Iterable[Code]) -> dict[str, Code]:
    """Rows as codes by code; of several rows of one code the one that ends last leads, the others are ``earlier``."""
    found: dict[str, Code] = {}
    for row in rows:
        known = found.get(row.code)
        if known is None:
            found[row.code] = row
        else:
            last, *before = sorted((known, *known.earlier, row), key=_end, reverse=True)
            found[row.code] = replace(last, earlier=tuple(replace(one, earlier=()) for one in before))
    return found


def _end(code: Code) -> float:
    return float("inf") if code.valid_to is None else code.valid_to


def in_force(codes: Mapping[str, Code]) -> Callable[[Any, int | None], bool]:
    """Whether something is one of these codes and valid on a day; without a day (``None``), at any time."""
    always = frozenset(code for code, one in codes.items() if one.always)

    def valid(code: Any, day: int | None) -> bool:
        if code in always:
            return True
        found = codes.get(code)
        return found is not None and (day is None or found.on(day) is not None)

    return valid
