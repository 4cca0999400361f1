"""Code lists: values only, with the certainty of each code kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a list. ``note`` keeps provenance and attributes (``points=3.5;score=75-79``) as published."""

    code: str
    th: str
    en: str
    note: str = ""
    valid_from: int | None = None
    valid_to: int | None = None


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list. ``official`` is its name in the standard (``CLS_GRADE``, misspellings kept), ``name`` the file's."""

    name: str
    official: str
    title: Mapping[str, str]
    codes: Mapping[str, Code]
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Another system's codes for a list: ``(list, system, source code or name) -> canonical``; unmapped is absent."""

    pairs: Mapping[tuple[str, str, str], str]

    def canonical(self, official: str, system: str, source: str) -> str | None:
        return self.pairs.get((official, system, source))
