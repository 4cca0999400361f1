"""Sets of texts as automata over UTF-8.

A ``Builder`` takes moves on ranges of characters and empty moves; ``determinise`` makes the table that is walked byte
by byte, with bytes that nothing tells apart in one class. What is no valid UTF-8 is in no such set.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from saan.wire.compiled.errors import Uncompilable

MOST_STATES: Final = 4000
DEAD: Final = 0
START: Final = 1
_LAST: Final = 0x10FFFF
_LENGTHS: Final = ((0, 0x7F), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, _LAST))
"""Characters of one length in UTF-8; the surrogates are left out."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """``moves[state * width + classes[byte]]`` is the next state; ``DEAD`` is left by no byte, ``START`` is first."""

    classes: bytes
    width: int
    moves: tuple[int, ...]
    accepting: bytes

    def accepts(self, text: str) -> bool:
        """Whether the text is in the set."""
        state = START
        for byte in text.encode("utf-8", "surrogatepass"):
            state = self.moves[state * self.width + self.classes[byte]]
        return bool(self.accepting[state])


class Builder:
    """A nondeterministic automaton being put together; states are numbers, the first one is 0."""

    def __init__(self) -> None:
        self._moves: list[list[tuple[int, int, int]]] = []
        self._free: list[list[int]] = []
        self.start = self.state()

    def state(self) -> int:
        """A new state. Raises ``Uncompilable`` when there are too many."""
        if len(self._moves) > 10 * MOST_STATES:
            raise Uncompilable("the set of texts needs too many states")
        self._moves.append([])
        self._free.append([])
        return len(self._moves) - 1

    def free(self, origin: int, target: int) -> None:
        """A move that takes no character."""
        self._free[origin].append(target)

    def move(self, origin: int, first: int, last: int, target: int) -> None:
        """A move that takes one character between two code points, both included."""
        for encoded in _encoded(first, last):
            at = origin
            for low, high in encoded[:-1]:
                between = self.state()
                self._moves[at].append((low, high, between))
                at = between
            low, high = encoded[-1]
            self._moves[at].append((low, high, target))

    def determinise(self, accepting: Iterable[int]) -> Automaton:
        """The table. Raises ``Uncompilable`` when it would be too large."""
        final = frozenset(accepting)
        cuts = sorted({0, 256, *(cut for moves in self._moves for low, high, _ in moves for cut in (low, high + 1))})
        classes = bytes(at for at in range(len(cuts) - 1) for _ in range(cuts[at], cuts[at + 1]))
        start = self._closed({self.start})
        numbers: dict[frozenset[int], int] = {frozenset(): DEAD, start: START}
        waiting, rows = [start], {DEAD: [DEAD] * (len(cuts) - 1)}
        while waiting:
            here = waiting.pop()
            row = []
            for first in cuts[:-1]:
                there = self._closed({t for s in here for low, high, t in self._moves[s] if low <= first <= high})
                if there not in numbers:
                    numbers[there] = len(numbers)
                    waiting.append(there)
                row.append(numbers[there])
            rows[numbers[here]] = row
            if len(numbers) > MOST_STATES:
                raise Uncompilable("the set of texts needs too many states")
        accepts = bytearray(len(numbers))
        for states, number in numbers.items():
            accepts[number] = not final.isdisjoint(states)
        moves = tuple(target for number in range(len(numbers)) for target in rows[number])
        return Automaton(classes, len(cuts) - 1, moves, bytes(accepts))

    def _closed(self, states: set[int]) -> frozenset[int]:
        waiting = list(states)
        while waiting:
            for target in self._free[waiting.pop()]:
                if target not in states:
                    states.add(target)
                    waiting.append(target)
        return frozenset(states)


def ranges(characters: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Code points as the fewest ranges, both ends included."""
    first = last = -2
    for one in sorted(set(characters)):
        if one == last + 1:
            last = one
            continue
        if first >= 0:
            yield first, last
        first = last = one
    if first >= 0:
        yield first, last


def _encoded(first: int, last: int) -> Iterator[list[tuple[int, int]]]:
    """The UTF-8 of a range of characters: sequences of byte ranges."""
    for low, high in _LENGTHS:
        if first <= high and low <= last:
            yield from _split(max(first, low), min(last, high))


def _split(first: int, last: int) -> Iterator[list[tuple[int, int]]]:
    """Cut a range of characters of one length so that each of its bytes runs through a range of its own."""
    for shift in range(6, 6 * len(chr(last).encode()), 6):
        rest = (1 << shift) - 1
        if first & ~rest != last & ~rest:
            if first & rest:
                yield from _split(first, first | rest)
                yield from _split((first | rest) + 1, last)
                return
            if last & rest != rest:
                yield from _split(first, (last & ~rest) - 1)
                yield from _split(last & ~rest, last)
                return
    yield list(zip(chr(first).encode(), chr(last).encode(), strict=True))
