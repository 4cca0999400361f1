"""What the columns of a school's file mean, in both directions: read into events, and written from them."""

from collections.abc import Mapping
from dataclasses import dataclass

GRADE = "gradeLevelCode"
"""The field of a grade level."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``name`` is the file's own, ``also`` other spellings of it, ``part`` the file of a bundle that it stands in.
    ``event`` and ``field`` say where its value travels, both empty for what no event carries yet; an event's
    ``aspect`` is its field ``part`` where one type tells several (``family`` of a changed profile). ``read`` is one of
    ``READS``; ``list`` names the code list, the place (``province``), the tokens or the part that it refers to.
    """

    name: str
    read: str
    event: str = ""
    aspect: str = ""
    field: str = ""
    list: str = ""
    part: str = ""
    standard: str = ""
    mandatory: bool = False
    also: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the cell fills: the grade level too where it names class and room."""
        if not self.field:
            return ()
        return (self.field, GRADE) if self.read == "class" else (self.field,)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one format, in the order of the file."""

    name: str
    columns: tuple[Column, ...]

    def headers(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


READS: Mapping[str, str] = {
    "unread": "known, and said better by another column",
    "school": "an official code of a school, or its key in the exchange",
    "identity": "the learner's number; a G-code begins with G",
    "identity-kind": "name of the kind of card",
    "passport": "the learner's passport number, which counts where no other number is given",
    "text": "as it stands",
    "digits": "as it stands, with Thai digits as ASCII digits",
    "number": "a decimal number with a point",
    "count": "a whole number",
    "year": "a Buddhist-era year",
    "date": "a day written dd/mm/yyyy, Buddhist era",
    "flag": "yes or no",
    "mark": "anything at all means yes",
    "code": "a name of the code list",
    "place": "the name of a province, district or subdistrict; the three of one address stand side by side",
    "class": "grade and room (313/1 or ม.3/1): the grade level of the code list, and the room into the field",
    "guid": "the key of the row",
    "reference": "the key of a row in the part named by the list",
    "references": "several keys with commas between them",
    "token": "one of the tokens of the list; a + at its end allows ext:…",
    "iso-date": "a day written yyyy-mm-dd, Christian era",
    "instant": "an RFC 3339 time in UTC",
    "iso-year": "a Christian-era year",
    "list": "several texts with commas between them",
    "typed": "several keys, each written {kind:key}, with commas between them",
}
"""How a cell is read."""
