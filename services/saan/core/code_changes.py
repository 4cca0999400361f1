"""What is different between two states of one code list, code by code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from saan.core.codes import Code


class What(StrEnum):
    """One kind of difference. A code may differ in several ways."""

    ADDED = "added"
    RETIRED = "retired"
    """It got a last day."""
    VALIDITY = "validity"
    """It is valid at other times than before, and not merely retired."""
    RENAMED = "renamed"
    """Its Thai or English name is another."""
    NOTE = "note"
    """Its note is another: rules read points and scores there."""
    GONE = "gone"
    """It is not there any more, as if it had never been: retained records that carry it lose its meaning."""


LOSING = frozenset((What.RETIRED, What.VALIDITY, What.NOTE, What.GONE))
"""The differences by which a record that was right may come to be refused."""


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One difference; ``before`` and ``after`` are the code as it was and as it is, ``None`` where it is not there."""

    code: str
    what: What
    before: Code | None
    after: Code | None


def changes(before: Mapping[str, Code], after: Mapping[str, Code]) -> list[CodeChange]:
    """Every difference, in the order of the codes."""
    return [
        one for code in sorted(before.keys() | after.keys()) for one in _of(code, before.get(code), after.get(code))
    ]


def _of(code: str, old: Code | None, new: Code | None) -> Iterator[CodeChange]:
    if old is None or new is None:
        yield CodeChange(code, What.ADDED if old is None else What.GONE, old, new)
        return
    if _periods(old) != _periods(new):
        yield CodeChange(code, What.RETIRED if _retired(old, new) else What.VALIDITY, old, new)
    if (old.th, old.en) != (new.th, new.en):
        yield CodeChange(code, What.RENAMED, old, new)
    if old.note != new.note:
        yield CodeChange(code, What.NOTE, old, new)


def _retired(old: Code, new: Code) -> bool:
    return (
        old.valid_to is None
        and new.valid_to is not None
        and new.valid_from == old.valid_from
        and _periods(old) - {(old.valid_from, None)} == _periods(new) - {(new.valid_from, new.valid_to)}
    )


def _periods(code: Code) -> frozenset[tuple[int | None, int | None]]:
    return frozenset((one.valid_from, one.valid_to) for one in (code, *code.earlier))
