"""The slips of real systems: what goes wrong in events, and the rule that must refuse each.

A slip changes an event that was right. The rule is part of the slip: nothing here asks the code that checks events.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from saan.demo.ground import School
from saan.demo.happenings import ATTENDANCE, GRADE, PROFILE, REASON, SCHOOL_PROFILE, TEST, TRANSFER, WITHDRAWAL, Event
from saan.demo.province import Province

_BUDDHIST_OFFSET = 543
_ALL = (ATTENDANCE, SCHOOL_PROFILE, PROFILE, TRANSFER, WITHDRAWAL, REASON, GRADE, TEST)
_BY_SCHOOLS = tuple(type for type in _ALL if type != TEST)
_ABOUT_LEARNERS = (PROFILE, TRANSFER, WITHDRAWAL, TEST)


@dataclass(frozen=True, slots=True)
class Slip:
    """One kind of mistake in events of these ``types``; ``spoil`` changes a copy of the event."""

    name: str
    rule: str
    types: tuple[str, ...]
    spoil: Callable[[Event, Province, Random], None]

    def on(self, event: Event, province: Province, draw: Random) -> Event:
        spoilt = deepcopy(event)
        self.spoil(spoilt, province, draw)
        return spoilt


def _put(**values: Any) -> Callable[[Event, Province, Random], None]:
    def spoil(event: Event, _: Province, __: Random) -> None:
        event["data"].update(values)

    return spoil


def _attribute(**values: str) -> Callable[[Event, Province, Random], None]:
    def spoil(event: Event, _: Province, __: Random) -> None:
        event.update(values)

    return spoil


def _drop(field: str) -> Callable[[Event, Province, Random], None]:
    def spoil(event: Event, _: Province, __: Random) -> None:
        del event["data"][field]

    return spoil


def _foreign_school(event: Event, province: Province, draw: Random) -> None:
    others = [school for school in province.ground.schools if school.participant != event["source"]]
    other: School = draw.choice(others)
    event["data"].update(schoolUid=other.uid, schoolCode10=other.code10)


def _buddhist_year(event: Event, province: Province, _: Random) -> None:
    day = province.day.day
    event["data"]["effectiveDate"] = f"{day.year + _BUDDHIST_OFFSET}-{day:%m-%d}"


def _check_digit(event: Event, province: Province, draw: Random) -> None:
    right = province.identity(draw.randrange(len(province)))
    event["data"].update(idType="CITIZEN_ID", idValue=right[:-1] + str((int(right[-1]) + 1) % 10))


def _own_guardian(event: Event, province: Province, draw: Random) -> None:
    someone = province.identity(draw.randrange(len(province)))
    event["data"].update(idType="CITIZEN_ID", idValue=someone, guardianPersonalId=someone)


def _entered_before_left(event: Event, province: Province, _: Random) -> None:
    event["data"]["entryDate"] = province.day.before(3).isoformat()


def _entered_too_late(event: Event, province: Province, _: Random) -> None:
    event["data"]["leaveDate"] = province.day.before(45).isoformat()


def _on_sunday(event: Event, province: Province, _: Random) -> None:
    event["data"]["date"] = province.day.last_sunday().isoformat()


_MARKUP = "<img src=x onerror=alert(1)>"

SLIPS: Final[tuple[Slip, ...]] = (
    Slip("event type that nobody knows", "ENV-1", _ALL, _attribute(type="student.expelled")),
    Slip("time to come", "ENV-3", _ALL, _attribute(time="2099-01-01T00:00:00Z")),
    Slip("purpose that nobody agreed", "ENV-8", _ALL, _attribute(purpose="MARKETING")),
    Slip("no effective date", "V18", _ALL, _drop("effectiveDate")),
    Slip("Buddhist-era year in an ISO date", "V13", _ALL, _buddhist_year),
    Slip("somebody else's school", "V15", _BY_SCHOOLS, _foreign_school),
    Slip("wrong check digit", "V1", _ABOUT_LEARNERS, _check_digit),
    Slip("class register of a Sunday", "V13", (ATTENDANCE,), _on_sunday),
    Slip("fourteenth period", "V14", (ATTENDANCE,), _put(period=14)),
    Slip("subdistrict of another district", "V5", (PROFILE,),
         _put(subdistrictCode="910101", districtCode="9601", addressProvinceCode="96")),
    Slip("markup in a name", "V12", (PROFILE,), _put(guardianNameThai=_MARKUP)),
    Slip("zero-width space in a name", "V12", (PROFILE,), _put(guardianNameThai="นู\u200bรีดา")),
    Slip("pupil is the own guardian", "V17", (PROFILE,), _own_guardian),
    Slip("family status in no list", "V4", (PROFILE,), _put(familyStatusCode="099")),
    Slip("kind of change that nobody knows", "V4", (PROFILE,), _put(part="hobby")),
    Slip("entered before leaving", "V13", (TRANSFER,), _entered_before_left),
    Slip("45 days between two schools", "V13", (TRANSFER,), _entered_too_late),
    Slip("exit type in no list", "V4", (WITHDRAWAL,), _put(exitTypeCode="99")),
    Slip("exit reason in no list", "V4", (REASON,), _put(exitReasonCode="99")),
    Slip("leaves in the year 2099", "V13", (WITHDRAWAL,), _put(exitDate="2099-01-01")),
    Slip("score outside the band of its grade", "V14", (GRADE,), _put(gradeCode="007", score=42)),
    Slip("a third of a credit", "V14", (GRADE,), _put(credit=0.3)),
    Slip("grade in no list", "V4", (GRADE,), _put(gradeCode="008")),
    Slip("more than all points", "V14", (TEST,), _put(score=104.5)),
    Slip("class that does not sit the test", "V8", (TEST,), _put(test="ONET", gradeLevelCode="311")),
    Slip("latitude in another country", "V14", (SCHOOL_PROFILE,), _put(latitude=50.1, longitude=101.8)),
    Slip("kind of internet in no list", "V4", (SCHOOL_PROFILE,), _put(internetTypeCode="77")),
)  # fmt: skip


def _of_types(slips: Iterable[Slip]) -> Mapping[str, tuple[Slip, ...]]:
    return {type: tuple(slip for slip in slips if type in slip.types) for type in _ALL}


OF_TYPE: Final = _of_types(SLIPS)
