"""A roster that can be changed cell by cell, and the world it is judged in."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date

import pytest

from saan.core.world import World
from saan.sources import formats
from saan.sources.row import Row
from saan.wire import files
from saan.wire import world as worlds

TODAY = date(2025, 6, 10)
PUPIL_LINE = (
    "96022001,ตากใบ,9900007682072,ม.3,3,28207,ญ,นางสาว,ธารทิพย์,สิงห์ชูช่วย,28/09/2552,15,40.5,159,AB,พุทธ,ไทย,ไทย,8,9,-,"
    "โฆษิต,ตากใบ,นราธิวาส,อำนาจ,สิงห์ชูช่วย,เกษตรกรรม,บิดา,อำนาจ,สิงห์ชูช่วย,เกษตรกรรม,ธิดารัตน์,สิงห์ชูช่วย,รับจ้าง,ไม่ด้อยโอกาส,"
)
COLUMNS = worlds.build(files.read(files.default_folder()).entities()).files["dmc-roster"].headers()
PUPIL = dict(zip(COLUMNS, PUPIL_LINE.split(","), strict=True))

Read = Callable[..., list[Row]]


def roster(*pupils: Mapping[str, str]) -> bytes:
    """A DMC roster of the same pupil, changed as each mapping says."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([{**PUPIL, **changes}[column] for column in COLUMNS] for changes in pupils)
    return text.getvalue().encode()


@pytest.fixture(scope="session")
def world() -> World:
    return worlds.build(files.read(files.default_folder()).entities())


@pytest.fixture
def read(world: World) -> Read:
    """Judges a roster of one school's system: ``read({column: cell}, …, participant=, today=, academic_year_be=)``."""

    def judged(
        *pupils: Mapping[str, str],
        participant: str = "sis-96022001",
        today: date = TODAY,
        academic_year_be: int | None = None,
    ) -> list[Row]:
        file = io.BytesIO(roster(*pupils))
        speaker = world.participants[participant]
        return list(formats.rows(file, speaker, world, today=today, academic_year_be=academic_year_be))

    return judged
