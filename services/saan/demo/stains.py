"""The dirt of real rosters: how school staff and spreadsheets spoil a row, and what must become of it.

A stain changes the cells of one row. What must become of the row is part of the stain: nothing here asks the code
that reads rosters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from saan.demo.planted import RowFate
from saan.demo.province import Pupil, check_digit

Cells = dict[str, str]

_ZERO_WIDTH = "\u200b"
_SARA_AM, _SARA_AM_IN_TWO = "\u0e33", "\u0e4d\u0e32"
_SARA_AE, _SARA_AE_IN_TWO = "\u0e41", "\u0e40\u0e40"
_THAI_ZERO = 0x0E50
_BUDDHIST_OFFSET = 543
_YEARS_TOO_OLD = 12


@dataclass(frozen=True, slots=True)
class Stain:
    """One kind of dirt. ``spoil`` changes the cells of a row; ``unicode_only`` does not fit into a cp874 file.

    ``share`` weighs it against the others; ``citizens_only`` needs a row with a citizen ID.
    """

    name: str
    fate: RowFate
    rule: str
    share: int
    spoil: Callable[[Cells, Pupil, Random], None]
    unicode_only: bool = False
    citizens_only: bool = False


def thai_digits(text: str) -> str:
    return "".join(chr(_THAI_ZERO + int(letter)) if letter in "0123456789" else letter for letter in text)


def buddhist(pupil: Pupil, years: int = 0) -> str:
    """The birth date as a roster writes it, dd/mm/yyyy of the Buddhist era."""
    return f"{pupil.born:%d/%m/}{pupil.born.year + _BUDDHIST_OFFSET - years}"


def _padded(row: Cells, _: Pupil, __: Random) -> None:
    row["ศาสนา"], row["สัญชาติ"], row["ชื่อ"] = f" {row['ศาสนา']} ", f"{row['สัญชาติ']} ", f"{row['ชื่อ']}  "


def _two_spellings(row: Cells, _: Pupil, __: Random) -> None:
    row["นามสกุล"] = "แก้วบำรุงผล".replace(_SARA_AE, _SARA_AE_IN_TWO).replace(_SARA_AM, _SARA_AM_IN_TWO)


def _thai_numbers(row: Cells, _: Pupil, __: Random) -> None:
    for column in ("เลขประจำตัวประชาชน", "วันเกิด"):
        row[column] = thai_digits(row[column])


def _short_date(row: Cells, pupil: Pupil, _: Random) -> None:
    row["วันเกิด"] = f"{pupil.born.day}/{pupil.born.month}/{pupil.born.year + _BUDDHIST_OFFSET}"


def _christian_year(row: Cells, pupil: Pupil, _: Random) -> None:
    row["วันเกิด"] = f"{pupil.born:%d/%m/%Y}"


def _zero_width(row: Cells, _: Pupil, __: Random) -> None:
    row["ชื่อ"] = row["ชื่อ"][:2] + _ZERO_WIDTH + row["ชื่อ"][2:]


def _wrong_prefix(row: Cells, pupil: Pupil, _: Random) -> None:
    others = {"เด็กชาย": "เด็กหญิง", "เด็กหญิง": "เด็กชาย", "นาย": "นางสาว", "นางสาว": "นาย"}
    row["คำนำหน้าชื่อ"] = others[pupil.prefix]


def _too_old(row: Cells, pupil: Pupil, _: Random) -> None:
    row["วันเกิด"] = (
        f"{min(pupil.born.day, 28):02d}/{pupil.born:%m}/{pupil.born.year + _BUDDHIST_OFFSET - _YEARS_TOO_OLD}"
    )
    row["คำนำหน้าชื่อ"] = "นาย" if pupil.boy else "นางสาว"


def _wrong_check_digit(row: Cells, pupil: Pupil, _: Random) -> None:
    body = pupil.identity[:12]
    row["เลขประจำตัวประชาชน"] = body + str((int(check_digit(body)) + 1) % 10)


def _lost_digit(row: Cells, pupil: Pupil, _: Random) -> None:
    row["เลขประจำตัวประชาชน"] = pupil.identity[1:]


def _set(column: str, value: str) -> Callable[[Cells, Pupil, Random], None]:
    def spoil(row: Cells, _: Pupil, __: Random) -> None:
        row[column] = value

    return spoil


def _markup(row: Cells, _: Pupil, __: Random) -> None:
    row["นามสกุล"] = f"<b>{row['นามสกุล']}</b>"


ACCEPT, WARN, REFUSE = RowFate.ACCEPT, RowFate.WARN, RowFate.REFUSE

STAINS: tuple[Stain, ...] = (
    Stain("spaces around names", ACCEPT, "", 6, _padded),
    Stain("two spellings of one letter", ACCEPT, "", 4, _two_spellings),
    Stain("Thai digits", ACCEPT, "", 4, _thai_numbers),
    Stain("date without leading zeros", ACCEPT, "", 4, _short_date),
    Stain("Christian-era year", WARN, "V13", 4, _christian_year),
    Stain("zero-width space in a name", WARN, "V12", 2, _zero_width, unicode_only=True),
    Stain("prefix and sex disagree", WARN, "V6", 3, _wrong_prefix),
    Stain("too old for the class", WARN, "V7", 2, _too_old),
    Stain("religion in no list", WARN, "V4", 2, _set("ศาสนา", "ขงจื๊อ")),
    Stain("wrong check digit", REFUSE, "V1", 4, _wrong_check_digit, citizens_only=True),
    Stain("first digit lost", REFUSE, "V1", 2, _lost_digit, citizens_only=True),
    Stain("G-code of a year to come", REFUSE, "V2", 1, _set("เลขประจำตัวประชาชน", "G999699000001")),
    Stain("no family name", REFUSE, "V18", 2, _set("นามสกุล", "")),
    Stain("weight of 650 kg", REFUSE, "V14", 2, _set("น้ำหนัก", "650")),
    Stain("31 February", REFUSE, "V13", 2, _set("วันเกิด", "31/02/2556")),
    Stain("subdistrict of another province", REFUSE, "V5", 3, _set("ตำบล", "พิมาน")),
    Stain("class that does not exist", REFUSE, "V4", 1, _set("ชั้น", "ม.7")),
    Stain("markup in a name", REFUSE, "V12", 1, _markup),
    Stain("row of another school", REFUSE, "V15", 1, _set("รหัสโรงเรียน", "57030001")),
)
