"""Regular expressions, as the catalogue writes them, as automata.

Characters of a category (``\\s``, ``\\w``) are taken from ASCII only: the set of texts may be smaller than that of the
expression, never larger. Look-around, back references, anchors and flags other than ``(?s)`` have no compiled form.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

from saan.wire.compiled.automaton import Automaton, Builder, ranges
from saan.wire.compiled.errors import Uncompilable

_EVERY: Final = ((0, 0x10FFFF),)
_NEWLINE: Final = ord("\n")
_ASCII: Final = frozenset(range(128))
_CATEGORIES: Final = {
    c.CATEGORY_SPACE: re.compile(r"\s"),
    c.CATEGORY_DIGIT: re.compile(r"\d"),
    c.CATEGORY_WORD: re.compile(r"\w"),
    c.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    c.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    c.CATEGORY_NOT_WORD: re.compile(r"\W"),
}

Ranges = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Texts of ``least`` to ``most`` characters (``None``: any number) that the automaton accepts."""

    automaton: Automaton
    least: int = 0
    most: int | None = None

    def accepts(self, text: str) -> bool:
        return (
            self.least <= len(text) and (self.most is None or len(text) <= self.most) and self.automaton.accepts(text)
        )


@lru_cache(maxsize=1024)
def compiled(regex: str) -> Pattern:
    """The texts that the whole of which matches ``regex``, or some of them. Raises ``Uncompilable``.

    A repetition of one character (``[0-9a-f]{64}``) becomes a set of characters and a length.
    """
    try:
        parsed = parser.parse(regex)
    except re.error as error:
        raise Uncompilable(f"no regular expression: {error}") from error
    if parsed.state.flags & ~(re.UNICODE | re.DOTALL):
        raise Uncompilable("flags of a regular expression")
    tree, dotall = list(parsed), bool(parsed.state.flags & re.DOTALL)
    build = Builder()
    if len(tree) == 1 and tree[0][0] in _REPEATS and len(tree[0][1][2]) == 1:
        least, most, (inner,) = tree[0][1]
        if (characters := _characters(inner, dotall)) is not None:
            for first, last in characters:
                build.move(build.start, first, last, build.start)
            return Pattern(build.determinise({build.start}), least, None if most is c.MAXREPEAT else most)
    end = _sequence(build, tree, build.start, dotall)
    return Pattern(build.determinise({end}))


_REPEATS: Final = (c.MAX_REPEAT, c.MIN_REPEAT)


def _sequence(build: Builder, items: Iterable[Any], at: int, dotall: bool) -> int:
    """Add the items one after the other from ``at`` on; returns the state behind them."""
    for item in items:
        at = _item(build, item, at, dotall)
    return at


def _item(build: Builder, item: Any, at: int, dotall: bool) -> int:
    kind, value = item
    characters = _characters(item, dotall)
    if characters is not None:
        end = build.state()
        for first, last in characters:
            build.move(at, first, last, end)
        return end
    if kind in _REPEATS:
        return _repeat(build, *value, at=at, dotall=dotall)
    if kind is c.SUBPATTERN and not value[1] and not value[2]:
        return _sequence(build, value[3], at, dotall)
    if kind is c.BRANCH:
        end = build.state()
        for branch in value[1]:
            build.free(_sequence(build, branch, at, dotall), end)
        return end
    raise Uncompilable(f"{kind} in a regular expression")


def _repeat(build: Builder, least: int, most: Any, inner: Iterable[Any], *, at: int, dotall: bool) -> int:
    for _ in range(least):
        at = _sequence(build, inner, at, dotall)
    if most is c.MAXREPEAT:
        loop = build.state()
        build.free(at, loop)
        build.free(_sequence(build, inner, loop, dotall), loop)
        return loop
    end = build.state()
    for _ in range(most - least):
        build.free(at, end)
        at = _sequence(build, inner, at, dotall)
    build.free(at, end)
    return end


def _characters(item: Any, dotall: bool) -> Ranges | None:
    """The characters of an item that takes exactly one; ``None`` for any other item."""
    kind, value = item
    if kind is c.LITERAL:
        return ((value, value),)
    if kind is c.NOT_LITERAL:
        return _all_but([(value, value)])
    if kind is c.ANY:
        return _EVERY if dotall else _all_but([(_NEWLINE, _NEWLINE)])
    return _of_class(value) if kind is c.IN else None


def _of_class(items: Iterable[Any]) -> Ranges:
    taken: list[tuple[int, int]] = []
    negated = ascii_only = False
    for kind, value in items:
        if kind is c.NEGATE:
            negated = True
        elif kind is c.LITERAL:
            taken.append((value, value))
        elif kind is c.RANGE:
            taken.append(value)
        elif kind is c.CATEGORY and value in _CATEGORIES:
            taken.extend(ranges(one for one in _ASCII if _CATEGORIES[value].match(chr(one))))
            ascii_only = True
        else:
            raise Uncompilable(f"{kind} in a class of characters")
    if not negated:
        return taken
    return _all_but([*taken, (0x80, 0x10FFFF)] if ascii_only else taken)


def _all_but(taken: list[tuple[int, int]]) -> Ranges:
    """The characters in none of the ranges."""
    left, start = [], 0
    for first, last in sorted(taken):
        if start < first:
            left.append((start, first - 1))
        start = max(start, last + 1)
    if start <= 0x10FFFF:
        left.append((start, 0x10FFFF))
    return left
