"""The template STUDENT of the sandbox standard: one row per pupil of one school, 116 columns, names for codes.

What becomes of each column stands in ``schemas/files/student-template.csv``; ``export`` writes the same table back.
The template does not say of which school it is: it is the publisher's, or the one named when the file is read. Its
column of the classroom holds the grade level too (``313/1``). Several columns share a name; see ``table``.
"""

from collections.abc import Mapping

from saan.core.world import World
from saan.sources.dmc import GRADES

NAME = "student-template"
TITLE = {"th": "แบบนำเข้าข้อมูลนักเรียน (STUDENT) ของพื้นที่นวัตกรรม", "en": "sandbox template STUDENT"}
SYSTEM = "EDUSANDBOX-V1"


def spoken(world: World) -> Mapping[str, Mapping[str, str]]:
    """Grade levels by their code or as everybody says them."""
    levels = world.codes["grade-level"].codes.values()
    return {"grade-level": {**GRADES, **{level.code: level.th for level in levels}}}
