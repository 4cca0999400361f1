"""How single cells of a row become fields of an event: one function for each way of reading (``layout.READS``)."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from saan.core.calendar import days
from saan.core.organisations import Organisation, Organisations
from saan.core.outcome import Finding
from saan.core.thai import suspicious
from saan.core.world import World
from saan.sources import cells
from saan.sources.codebook import UNKNOWN, Codebook
from saan.sources.places import Places
from saan.sources.said import finding

Cells = tuple[str, ...]
Read = Callable[[Cells, dict[str, Any], list[Finding]], None]
"""Reads its cells of a row into the payload and says what it found."""

Codes = Callable[[str], str | None]
"""The canonical code of a cleaned cell."""

_CODE_SYSTEM_OF_LENGTH = {8: "smis8", 10: "moe10"}
_LONGEST_NAME = 100
_CITIZEN_CARD = "บัตรประจำตัวประชาชน"
_YES = frozenset(("ใช่", "มี", "ได้รับ", "ขาดแคลน", "1", "y", "yes", "true"))
_NO = frozenset(("ไม่ใช่", "ไม่มี", "ไม่ได้รับ", "ไม่ขาดแคลน", "0", "n", "no", "false"))


def codes(world: World, list_name: str, system: str, spoken: Mapping[str, str] | None) -> Codes:
    """Looks up names of a list as the system writes them, spaces and Thai digits aside; remembers what it was asked."""
    book = Codebook(world, list_name, system, spoken)
    return lru_cache(maxsize=5_000)(lambda text: book.code(text) or book.code(cells.digits(text).replace(" ", "")))


def put_school(school: Organisation, data: dict[str, Any]) -> None:
    data["schoolUid"] = school.id
    data["schoolCode10"] = school.codes.get("moe10")
    data["provinceCode"] = school.province


def school(at: int, organisations: Organisations) -> Read:
    @lru_cache(maxsize=5_000)
    def find(cell: str) -> Organisation | None:
        code = cells.digits(cells.text(cell))
        system = _CODE_SYSTEM_OF_LENGTH.get(len(code))
        found = organisations.by_code(system, code) if system else organisations.get(code)
        return found if found and found.kind == "school" else None

    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        named = find(row[at])
        if named:
            put_school(named, data)
        elif cells.text(row[at]):
            found.append(finding("unknown-school", "schoolUid"))

    return read


def identity(number: int | None, kind: int | None, passport: int | None) -> Read:
    """The learner's number. Only a kind of card that is said can make a number of its own kind of it: never its form,
    except for the G that begins a G-code."""
    assert number is not None

    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        value = cells.digits(cells.text(row[number]))
        said = cells.given(row[kind]) if kind is not None else None
        if not value and passport is not None and cells.given(row[passport]) is not None:
            value = cells.digits(cells.text(row[passport])).upper()
            data["idType"] = "PASSPORT"
        elif value.startswith("G"):
            data["idType"] = "G_CODE"
        else:
            data["idType"] = "CITIZEN_ID" if said in (None, _CITIZEN_CARD) else "ALIEN_ID"
        data["idValue"] = value or None

    return read


def address(columns: Mapping[str, tuple[int, str]], places: Places) -> Read:
    """The codes of an address; ``columns`` has position and field of ``province``, ``district`` and ``subdistrict``."""
    ordered = [columns[name] for name in ("province", "district", "subdistrict")]

    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        names = [cells.given(row[at]) for at, _ in ordered]
        place = places.find(*names)
        known = (place.province, place.district, place.subdistrict)
        for (_, field), name, code in zip(ordered, names, known, strict=True):
            data[field] = code
            if name and code is None:
                keep_text(field, name, data, found)
                found.append(finding("unknown-place", field))

    return read


def coded(at: int, field: str, code_of: Codes) -> Read:
    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        text = cells.given(row[at])
        if text is None:
            return
        _code(field, text, code_of, data, found)

    return read


def _code(field: str, text: str, code_of: Codes, data: dict[str, Any], found: list[Finding]) -> None:
    code = code_of(text)
    data[field] = code or UNKNOWN
    if code is None:
        keep_text(field, text, data, found)


def class_and_room(at: int, field: str, code_of: Codes) -> Read:
    """``313/1`` and ``ม.3/1``: the grade level by its code or its name, and the room."""

    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        text = cells.given(row[at])
        if text is None:
            return
        grade, _, room = cells.digits(text).partition("/")
        _code("gradeLevelCode", grade.strip(), code_of, data, found)
        data[field] = room.strip() or None

    return read


def keep_text(field: str, text: str, data: dict[str, Any], found: list[Finding]) -> None:
    """Keeps what could not be mapped, as far as it is text that a person may have written into a list column."""
    if len(text) > _LONGEST_NAME or suspicious(text):
        found.append(finding("no-name", field))
    else:
        data["originalTexts"][field] = text


def _text(at: int, field: str) -> Read:
    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        data[field] = cells.given(row[at])

    return read


def _digits(at: int, field: str) -> Read:
    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        text = cells.given(row[at])
        data[field] = text and cells.digits(text)

    return read


def _number(at: int, field: str) -> Read:
    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        if cells.given(row[at]) is None:
            return
        data[field] = cells.number(row[at])
        if data[field] is None:
            found.append(finding("no-number", field))

    return read


def _whole(at: int, field: str) -> Read:
    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        if cells.given(row[at]) is None:
            return
        value = cells.number(row[at])
        if value is None or value != int(value):
            found.append(finding("no-number", field))
        else:
            data[field] = int(value)

    return read


def _date(at: int, field: str) -> Read:
    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        if cells.given(row[at]) is None:
            return
        day = cells.day(row[at])
        if day is None:
            found.append(finding("no-such-day", field))
            return
        data[field] = days(day.value)
        if day.christian:
            found.append(finding("christian-year", field))

    return read


def _flag(at: int, field: str) -> Read:
    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        text = cells.given(row[at])
        if text is None:
            return
        word = cells.digits(text).lower()
        if word in _YES or word in _NO:
            data[field] = word in _YES
        else:
            found.append(finding("no-flag", field))

    return read


def _mark(at: int, field: str) -> Read:
    def read(row: Cells, data: dict[str, Any], found: list[Finding]) -> None:
        data[field] = cells.given(row[at]) is not None

    return read


PLAIN: Mapping[str, Callable[[int, str], Read]] = {
    "text": _text,
    "digits": _digits,
    "number": _number,
    "count": _whole,
    "year": _whole,
    "date": _date,
    "flag": _flag,
    "mark": _mark,
}
