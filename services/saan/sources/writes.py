"""How fields of an event become the cells of a file: the inverse of ``reads``, one function for each way of reading.

Cells that a spreadsheet would take for a formula (they begin with ``= + - @``) get an apostrophe before them, which is
how a spreadsheet itself marks text; ``cells`` takes it away again.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from saan.core.calendar import BUDDHIST_ERA
from saan.core.layout import Column
from saan.core.world import World
from saan.sources.codebook import UNKNOWN
from saan.sources.fold import Known
from saan.sources.places import Places

Write = Callable[[Known], str]

_CARDS = {"CITIZEN_ID": "บัตรประจำตัวประชาชน", "G_CODE": "บัตรอื่นๆ", "ALIEN_ID": "บัตรอื่นๆ", "PASSPORT": "บัตรอื่นๆ"}
_FORMULA = ("=", "+", "-", "@")
_PARENT_DIGITS = {"district": 4, "province": 2}
_PLACE_FIELDS = ("province", "district", "subdistrict")


def safe(text: str) -> str:
    """The text in one line, and as no formula."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_FORMULA) else line


def names(world: World, list_name: str, system: str) -> Callable[[str], str]:
    """The name of a code as the system writes it; a code that is in no list stands for itself."""
    codes = world.codes[list_name]
    said = {code.code: code.th for code in codes.codes.values()}
    for (official, owner, source), code in world.crosswalk.pairs.items():
        if (official, owner) == (codes.official, system) and source != code:
            said[code] = source
    return lambda code: said.get(code, code)


def plain(column: Column) -> Write:
    name, form = column.field, _FORMS.get(column.read, str)

    def write(known: Known) -> str:
        value = known.data.get(name)
        return "" if value is None else safe(form(value))

    return write


def coded(column: Column, name_of: Callable[[str], str]) -> Write:
    name = column.field

    def write(known: Known) -> str:
        code = known.data.get(name)
        if code is None or code == UNKNOWN:
            return safe(known.texts.get(name, ""))
        return safe(name_of(code))

    return write


def class_and_room(column: Column) -> Write:
    def write(known: Known) -> str:
        grade, room = known.data.get("gradeLevelCode"), known.data.get(column.field)
        if grade == UNKNOWN:
            grade = known.texts.get("gradeLevelCode")
        return safe("/".join(part for part in (grade or "", room or "") if part))

    return write


def identity(known: Known) -> str:
    return known.data.get("idValue") or "" if known.data.get("idType") in _CARDS.keys() - {"PASSPORT"} else ""


def passport(known: Known) -> str:
    return known.data.get("idValue") or "" if known.data.get("idType") == "PASSPORT" else ""


def card(known: Known) -> str:
    return _CARDS.get(known.data.get("idType") or "", "")


def addresses(columns: list[Column], world: World, places: Places) -> Mapping[str, Write]:
    """One way of writing for each of the three columns of an address, by the list of the column.

    Codes are written as names, each below the name above it. Where that would not lead back to the code, because the
    larger places are missing, they are written too: a code says them.
    """
    of = {column.list: column for column in columns}
    said = {name: names(world, name, "") for name in _PLACE_FIELDS}

    @lru_cache(maxsize=20_000)
    def written(*codes: str | None) -> tuple[str | None, ...]:
        found = [said[name](code) if code else None for name, code in zip(_PLACE_FIELDS, codes, strict=True)]
        back = places.find(*found)
        if (back.province, back.district, back.subdistrict) == codes:
            return tuple(found)
        smallest = next(code for code in reversed(codes) if code)
        above = [smallest[: _PARENT_DIGITS.get(name, len(smallest))] for name in _PLACE_FIELDS]
        wide = [
            said[name](whole) if len(whole) <= len(smallest) and whole in world.codes[name].codes else None
            for name, whole in zip(_PLACE_FIELDS, above, strict=True)
        ]
        return tuple(one or other for one, other in zip(found, wide, strict=True))

    def make(position: int, column: Column) -> Write:
        fields = [of[name].field for name in _PLACE_FIELDS]

        def write(known: Known) -> str:
            codes = tuple(known.data.get(name) for name in fields)
            name = written(*codes)[position] if any(codes) else None
            return safe(name or known.texts.get(column.field, ""))

        return write

    return {name: make(position, of[name]) for position, name in enumerate(_PLACE_FIELDS)}


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _buddhist(value: str) -> str:
    day = date.fromisoformat(value)
    return f"{day.day:02d}/{day.month:02d}/{day.year + BUDDHIST_ERA}"


def _flag(value: bool) -> str:
    return "ใช่" if value else "ไม่ใช่"


_FORMS: Mapping[str, Callable[..., str]] = {
    "number": _number,
    "date": _buddhist,
    "flag": _flag,
    "mark": lambda value: "ใช่" if value else "",
}
