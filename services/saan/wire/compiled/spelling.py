"""Clean text and words of one script, as automata.

Both are made from ``saan.core.thai``, character by character, for the characters of ASCII and Thai; text with any other
character is in neither set.
"""

import unicodedata
from collections.abc import Callable, Hashable
from functools import cache
from typing import Final, TypeVar

from saan.core.thai import PLAIN, SCRIPTS, normalise
from saan.wire.compiled.automaton import Automaton, Builder, ranges

_CHARACTERS: Final = tuple(map(chr, (*range(0x80), *range(0xE00, 0xE80))))
_NIKHAHIT: Final = "\u0e4d"

State = TypeVar("State", bound=Hashable)


@cache
def clean() -> Automaton:
    """Texts that are neither suspicious nor changed by ``normalise``.

    A state is the character before, as far as it matters: a space, an ``เ``, or the class of a combining mark.
    """
    plain = [one for one in _CHARACTERS if PLAIN.fullmatch(one) and one != _NIKHAHIT and _stays(one)]

    def step(before: tuple[str, int], one: str) -> tuple[str, int] | None:
        character, mark = before
        combining = unicodedata.combining(one)
        if one == " ":
            return None if character in ("", " ") else (" ", 0)
        if one == character == "เ" or 0 < combining < mark:
            return None
        return ("เ" if one == "เ" else "x"), combining

    start: tuple[str, int] = ("", 0)
    return _explored(start, plain, step, accepts=lambda state: state[0] != " ")


@cache
def one_script() -> Automaton:
    """Texts no word of which mixes scripts. A state is the script of the word so far."""

    def step(script: int, one: str) -> int | None:
        if one.isspace():
            return -1
        mine = next((at for at, pattern in enumerate(SCRIPTS) if pattern.search(one)), -1)
        if mine < 0 or mine == script:
            return script
        return mine if script < 0 else None

    return _explored(-1, list(_CHARACTERS), step, accepts=lambda _: True)


def _stays(one: str) -> bool:
    return one == " " or normalise(f"ก{one}ก") == f"ก{one}ก"


def _explored(
    start: State,
    alphabet: list[str],
    step: Callable[[State, str], State | None],
    accepts: Callable[[State], bool],
) -> Automaton:
    """The automaton whose states are those that ``step`` reaches from ``start``."""
    build = Builder()
    numbers, waiting = {start: build.start}, [start]
    while waiting:
        here = waiting.pop()
        leads: dict[int, list[int]] = {}
        for one in alphabet:
            there = step(here, one)
            if there is None:
                continue
            if there not in numbers:
                numbers[there] = build.state()
                waiting.append(there)
            leads.setdefault(numbers[there], []).append(ord(one))
        for target, characters in leads.items():
            for first, last in ranges(characters):
                build.move(numbers[here], first, last, target)
    return build.determinise(number for state, number in numbers.items() if accepts(state))
