"""What the demo is doing now, for whoever shows it."""

from enum import Enum
from typing import Protocol


class Stage(Enum):
    """The parts of a demo in their order, named in Thai and English; the unit of progress follows."""

    ROSTERS = ("เขียนไฟล์ทะเบียนของโรงเรียน", "writing the schools' rosters", "rows")
    IMPORT = ("นำเข้าทะเบียน", "importing the rosters", "rows")
    ENROLMENTS = ("รอการรับนักเรียนเข้าระบบ", "settling the enrolments", "events")
    MORNING = ("วันเรียน: เช้า", "school day: morning", "events")
    NOON = ("วันเรียน: การย้าย", "school day: transfers", "events")
    AFTERNOON = ("วันเรียน: บ่าย", "school day: afternoon", "events")
    BALANCE = ("ตรวจดุลบัญชี", "balancing owed against delivered", "inboxes")

    @property
    def th(self) -> str:
        return self.value[0]

    @property
    def en(self) -> str:
        return self.value[1]


class Progress(Protocol):
    """Follows the stages; every call is cheap. ``begin`` ends the stage before."""

    def begin(self, stage: Stage, total: int) -> None: ...

    def advance(self, by: int) -> None: ...


class Quiet:
    """Shows nothing."""

    def begin(self, stage: Stage, total: int) -> None:
        pass

    def advance(self, by: int) -> None:
        pass
