"""The stored form of a ``Learner``: as few bytes as tell all of it, because there is one per learner of the country.

Big-endian. A head of six bytes: version, then how many recent ids, facts, counts, notes and marks follow. Ids take 6.
Schools stand once, in a table: ``SC-`` with 12 hexadecimal digits in 7 bytes, anything else as text. A fact takes 5
bytes: day (3), status, place of its school in the table. A count takes 12: publisher, number. Notes are text. Before
marks stand their term (3) and a table of their codes, as text; a mark takes 7: subject, weight, place of its code.

A state of another version is never trusted: ``decode`` raises, the store is condemned, and the state is made anew from
the log. The log itself holds states that were carried from one pseudonym to another (``core.merging``): whoever makes a
new version lets those of this one still be read there.
"""

import re
import struct
from typing import Final

from saan.core.history import STATUSES, Fact
from saan.core.learner import Learner, Note
from saan.core.marks import ITEM, MARKS, Mark, Term

VERSION: Final = 3

_HEAD = struct.Struct(">BBBBBB")
_TERM = struct.Struct(">HB")
_MARKED = struct.Struct(f">{ITEM}sHB")
_COUNT = struct.Struct(">4sQ")
_MARK: Final = 6
_DAY: Final = 3
_FACT: Final = _DAY + 2
_SCHOOL = re.compile(r"SC-[0-9a-f]{12}")
_PACKED: Final = 0
_PACKED_LENGTH: Final = 6
_RANKS: Final = tuple(range(len(STATUSES)))


def encode(learner: Learner) -> bytes:
    """Compact bytes for a key-value store; ``decode`` is its inverse. Raises for what no event can hold."""
    schools = sorted({fact.school for fact in learner.facts})
    place = {school: n for n, school in enumerate(schools)}
    marks = 0 if learner.term is None else len(learner.term.marks)
    sizes = len(learner.recent), len(learner.facts), len(learner.counts), len(learner.notes), marks
    parts = [_HEAD.pack(VERSION, *sizes), *learner.recent]
    if learner.facts:
        parts += [bytes([len(schools)]), *map(_school, schools)]
        for day, rank, school in learner.facts:
            parts.append(day.to_bytes(_DAY, "big", signed=True) + bytes((rank, place[school])))
    parts += [_COUNT.pack(publisher, number) for publisher, number in learner.counts]
    for name, day, value in learner.notes:
        parts += [_text(name), day.to_bytes(_DAY, "big", signed=True), _text(value)]
    if learner.term is not None:
        parts += _term(learner.term)
    return b"".join(parts)


def decode(stored: bytes | None) -> Learner:
    """The state in ``stored``; ``None`` is a subject never seen. Raises ``ValueError`` for bytes of another shape."""
    if stored is None:
        return Learner()
    try:
        version, ids, facts, counts, notes, marks = _HEAD.unpack_from(stored)
        if version != VERSION:
            raise ValueError(f"learner state has version {version}")
        reader = _Reader(stored, _HEAD.size)
        learner = Learner(
            tuple(reader.take(_MARK) for _ in range(ids)),
            reader.facts(facts),
            tuple(_COUNT.unpack(reader.take(_COUNT.size)) for _ in range(counts)),
            tuple(reader.note() for _ in range(notes)),
            reader.term(marks),
        )
    except (struct.error, IndexError, UnicodeDecodeError) as broken:
        raise ValueError("learner state is not in a shape that this version wrote") from broken
    if reader.at != len(stored):
        raise ValueError("learner state has a wrong length")
    return learner


class _Reader:
    """Takes bytes from the front."""

    def __init__(self, stored: bytes, at: int) -> None:
        self._stored, self.at = stored, at

    def take(self, size: int) -> bytes:
        taken = self._stored[self.at : self.at + size]
        if len(taken) < size:
            raise IndexError
        self.at += size
        return taken

    def day(self) -> int:
        return int.from_bytes(self.take(_DAY), "big", signed=True)

    def text(self) -> str:
        return self.take(self.take(1)[0]).decode()

    def note(self) -> Note:
        return Note(self.text(), self.day(), self.text())

    def term(self, number: int) -> Term | None:
        if not number:
            return None
        year, semester = _TERM.unpack(self.take(_TERM.size))
        values = [self.text() for _ in range(self.take(1)[0])]
        marks = []
        for _ in range(number):
            item, weight, place = _MARKED.unpack(self.take(_MARKED.size))
            marks.append(Mark(item, weight, values[place]))
        if sorted({mark.value for mark in marks}) != values or number > MARKS:
            raise ValueError("learner state has an odd table of marks")
        return Term(year, semester, tuple(marks))

    def facts(self, number: int) -> tuple[Fact, ...]:
        if not number:
            return ()
        schools = [self._school() for _ in range(self.take(1)[0])]
        found = []
        for _ in range(number):
            day, (rank, place) = self.day(), self.take(_FACT - _DAY)
            found.append(Fact(day, _RANKS[rank], schools[place]))
        if sorted({fact.school for fact in found}) != schools:
            raise ValueError("learner state has an odd table of schools")
        return tuple(found)

    def _school(self) -> str:
        length = self.take(1)[0]
        if length == _PACKED:
            return f"SC-{self.take(_PACKED_LENGTH).hex()}"
        school = self.take(length).decode()
        if _SCHOOL.fullmatch(school):
            raise ValueError("learner state has a school in the longer of two forms")
        return school


def _term(term: Term) -> list[bytes]:
    values = sorted({mark.value for mark in term.marks})
    place = {value: n for n, value in enumerate(values)}
    marks = [_MARKED.pack(mark.item, mark.weight, place[mark.value]) for mark in term.marks]
    return [_TERM.pack(term.year, term.semester), bytes([len(values)]), *map(_text, values), *marks]


def _school(id: str) -> bytes:
    if _SCHOOL.fullmatch(id):
        return bytes([_PACKED]) + bytes.fromhex(id[3:])
    return _text(id)


def _text(text: str) -> bytes:
    """Text with its length before it. Raises ``ValueError`` for text of more than 255 bytes."""
    encoded = text.encode()
    return bytes([len(encoded)]) + encoded
