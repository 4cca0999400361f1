"""Tables with one learner in each row: what the layout's columns say, turned into the events of that learner.

The layout (``schemas/files/<format>.csv``) names event and field of each column; nothing here knows an event type by
name. The event with the learner's identity is the main one. The others follow it where a row fills any of their
columns, and then carry the same identity and school, and ``changedFields`` where their schema has it.
"""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from saan.core.calendar import days
from saan.core.layout import Column, Layout
from saan.core.outcome import Finding
from saan.core.world import World
from saan.sources import reads
from saan.sources.cells import given, has_invisible
from saan.sources.judge import Draft
from saan.sources.places import Places
from saan.sources.reads import Read
from saan.sources.row import Occasion
from saan.sources.said import finding

_SHARED = ("schoolUid", "schoolCode10", "provinceCode", "idType", "idValue")
"""What the events of one row have in common and only the main one reads."""

_IDENTITIES = ("identity", "identity-kind", "passport")
_STUDYING = "001"


Columns = list[tuple[int, Column]]


class Sheet:
    """Turns rows of one format into drafts; everything that a row does not change is prepared once.

    ``system`` names the rows of the crosswalk that speak this format's words, ``spoken`` its short forms per list.
    """

    def __init__(
        self,
        layout: Layout,
        world: World,
        occasion: Occasion,
        system: str,
        spoken: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._world, self._system, self._spoken = world, system, spoken
        self._places = Places(world)
        columns = tuple(enumerate(layout.columns))
        self._names = [(at, column.field) for at, column in columns if column.field]
        carried = [(at, column) for at, column in columns if column.event]
        told: dict[tuple[str, str], Columns] = {}
        for at, column in carried:
            told.setdefault((column.event, column.aspect), []).append((at, column))
        main = next(key for key, own in told.items() if any(column.read == "identity" for _, column in own))
        self._main = self._told(main, told.pop(main), occasion)
        self._mandatory = _optional_here(carried, main, world)
        self._others = [(self._told(key, own, occasion), [at for at, _ in own]) for key, own in told.items()]
        self.events = tuple(dict.fromkeys((main[0], *(key[0] for key in told))))

    def draft(self, row: tuple[str, ...]) -> Draft:
        """What a row says, and what there was to mend or to object to in its cells."""
        found = self._invisible(row) if has_invisible("".join(row)) else []
        main = self._main.read(row, found)
        for at, field in self._mandatory:
            if given(row[at]) is None:
                found.append(finding("left-empty", field))
        told = [(self._main.event, main)]
        for other, positions in self._others:
            if any(row[at] and given(row[at]) for at in positions):
                told.append((other.event, other.read(row, found, main)))
        return Draft(tuple(told), tuple(found))

    def _invisible(self, row: tuple[str, ...]) -> list[Finding]:
        return [finding("invisible", field) for at, field in self._names if has_invisible(row[at])]

    def _told(self, key: tuple[str, str], columns: Columns, occasion: Occasion) -> "_Told":
        return _Told(key, columns, self._reads(columns), self._blank(key, occasion))

    def _blank(self, key: tuple[str, str], occasion: Occasion) -> dict[str, Any]:
        event, aspect = key
        blank: dict[str, Any] = dict.fromkeys(field["name"] for field in self._world.events[event].schema["fields"])
        known = {
            "academicYearBE": occasion.academic_year_be,
            "semester": occasion.semester,
            "effectiveDate": days(occasion.today),
            "entryDate": days(occasion.entry),
            "date": days(occasion.today),
            "entryType": "new",
            "statusCode": _STUDYING,
            **({"part": aspect} if aspect else {}),
        }
        blank |= {name: value for name, value in known.items() if name in blank}
        school = self._world.organisations.get(occasion.school) if occasion.school else None
        if school is not None:
            reads.put_school(school, blank)
        return blank

    def _reads(self, columns: Columns) -> list[Read]:
        made: list[Read] = []
        for address, cells in groupby(columns, key=lambda pair: pair[1].read == "place"):
            own = list(cells)
            if address:
                made.extend(self._addresses(own))
            else:
                made.extend(self._read(at, column) for at, column in own if column.read not in _IDENTITIES)
        by_read = {column.read: at for at, column in columns}
        if "identity" in by_read:
            made.append(reads.identity(*(by_read.get(name) for name in _IDENTITIES)))
        return made

    def _addresses(self, columns: Columns) -> list[Read]:
        """The three columns of each address; a run may hold several addresses."""
        ordered = [columns[at : at + 3] for at in range(0, len(columns), 3)]
        return [reads.address({c.list: (at, c.field) for at, c in three}, self._places) for three in ordered]

    def _read(self, at: int, column: Column) -> Read:
        match column.read:
            case "school":
                return reads.school(at, self._world.organisations)
            case "code":
                return reads.coded(at, column.field, self._book(column.list))
            case "class":
                return reads.class_and_room(at, column.field, self._book(column.list))
            case read:
                return reads.PLAIN[read](at, column.field)

    def _book(self, list_name: str) -> reads.Codes:
        return reads.codes(self._world, list_name, self._system, self._spoken.get(list_name))


class _Told:
    """One event of a row."""

    def __init__(self, key: tuple[str, str], columns: Columns, own: list[Read], blank: dict[str, Any]) -> None:
        self.event = key[0]
        self._own = own
        self._fields = list(dict.fromkeys(field for _, column in columns for field in column.fields))
        self._blank = blank
        self._shared = [name for name in _SHARED if name in blank]
        self._keeps_texts = "originalTexts" in blank
        self._tells_changes = "changedFields" in blank

    def read(self, row: tuple[str, ...], found: list[Finding], main: Mapping[str, Any] | None = None) -> dict[str, Any]:
        data = {**self._blank, "originalTexts": {}}
        if main is not None:
            for name in self._shared:
                data[name] = main[name]
        for read in self._own:
            read(row, data, found)
        if not self._keeps_texts:
            del data["originalTexts"]
        if self._tells_changes:
            data["changedFields"] = [name for name in self._fields if data[name] is not None]
        return data


def _optional_here(carried: Columns, main: tuple[str, str], world: World) -> list[tuple[int, str]]:
    """Columns that the format wants filled although the learner's event can do without."""
    demanded = {field["name"] for field in world.events[main[0]].schema["fields"] if "default" not in field}
    return [
        (at, column.field)
        for at, column in carried
        if column.mandatory and (column.event != main[0] or column.field not in demanded)
    ]
