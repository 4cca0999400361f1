"""What schools and the test body say on a school day: one CloudEvent per happening, true to the rules of its type."""

import hashlib
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final

from saan.demo.ground import PROVINCE, School
from saan.demo.planted import event_id
from saan.demo.province import Province, Pupil

Event = dict[str, Any]

ATTENDANCE: Final = "attendance.recorded"
SCHOOL_PROFILE: Final = "school.profile-changed"
PROFILE: Final = "student.profile-changed"
ENROLMENT: Final = "student.enrolled"
TRANSFER: Final = "student.transferred"
WITHDRAWAL: Final = "student.withdrawn"
REASON: Final = "withdrawal.explained"
GRADE: Final = "grade.finalised"
TEST: Final = "test-result.recorded"

TEST_OF_GRADE: Final = {"211": "RT", "213": "NT", "216": "ONET", "313": "ONET", "413": "ONET"}

_ABSENCES = ("absent", "late", "leave", "activity")
_ABSENCE_SHARES = (45, 25, 28, 2)
_BANDS = (
    ("000", 0, 49), ("001", 50, 54), ("002", 55, 59), ("003", 60, 64),
    ("004", 65, 69), ("005", 70, 74), ("006", 75, 79), ("007", 80, 100),
)  # fmt: skip
_BAND_SHARES = (3, 9, 9, 13, 13, 16, 14, 20)
_SUBJECTS = (("ท", "ภาษาไทย", "01"), ("ค", "คณิตศาสตร์", "02"), ("ว", "วิทยาศาสตร์", "03"), ("ส", "สังคมศึกษา", "04"))
_STAGE = {"1": "1", "2": "1", "3": "2", "4": "3"}
_REASONS = ("01", "04", "05", "06", "09", "14")
_PREFIX = {"เด็กชาย": "001", "เด็กหญิง": "002", "นาย": "003", "นางสาว": "004"}


class Teller:
    """Tells events of one run. ``subjects`` maps pupils' keys to the pseudonyms that schools learnt from receipts."""

    def __init__(self, province: Province, run: str, subjects: Mapping[int, str]) -> None:
        self._province, self._run, self._subjects = province, run, subjects
        self._day = province.day

    def pseudonym(self, pupil: Pupil) -> str:
        """The pseudonym from the receipt; one of the same form for a pupil of whom no receipt has come."""
        return self._subjects.get(pupil.key) or f"st-{_hex(self._run, pupil.key)[:20]}"

    def attendance(self, school: School, pupils: Sequence[Pupil], draw: Random) -> Event:
        """The attendance of one class on the whole day."""
        first = pupils[0]
        missing = draw.sample(pupils, min(len(pupils), draw.choice((0, 0, 1, 1, 2, 3))))
        data = {
            "classroom": f"{first.grade}/{first.room}",
            "date": self._day.day.isoformat(),
            "period": 0,
            "rosterSize": len(pupils),
            "rosterHash": _hex(*(pupil.key for pupil in pupils))[:32],
            "exceptions": [self._exception(pupil, draw) for pupil in missing],
        }
        return self._event(ATTENDANCE, school, data, draw.randint(15, 90), first.grade, first.room)

    def _exception(self, pupil: Pupil, draw: Random) -> dict[str, Any]:
        status = draw.choices(_ABSENCES, _ABSENCE_SHARES)[0]
        minutes = draw.randint(5, 60) if status == "late" else 0
        return {"subjectUid": self.pseudonym(pupil), "status": status, "minutes": minutes}

    def school_profile(self, school: School, draw: Random) -> Event:
        """A school tells its connection to the internet and its number of computers."""
        data: dict[str, Any] = {
            "changedFields": ["internetTypeCode", "computerCount"],
            "schoolNameThai": school.name,
            "internetTypeCode": draw.choice(("02", "03", "04", "08")),
            "computerCount": draw.randint(5, 120),
        }
        if school.area:
            data |= {
                "subdistrictCode": school.area,
                "districtCode": school.area[:4],
                "provinceCodeOfAddress": PROVINCE,
            }
        return self._event(SCHOOL_PROFILE, school, data, draw.randint(30, 480))

    def profile(self, school: School, pupil: Pupil, draw: Random) -> Event:
        """A new address, another guardian, or the name prefix as it is now."""
        kind = draw.choice(("contact", "family", "identity"))
        change: dict[str, Any]
        if kind == "contact":
            place = draw.choice(self._province.ground.places)
            change = {
                "phone": "0000000000",
                "subdistrictCode": place.code,
                "districtCode": place.code[:4],
                "addressProvinceCode": PROVINCE,
            }
        elif kind == "family":
            guardian = self._province.identity(pupil.key + len(self._province) + 1)
            change = {"familyStatusCode": "002", "guardianPersonalId": guardian, "guardianNameThai": pupil.mother}
        else:
            change = {"prefixCode": _PREFIX[pupil.prefix], "genderCode": "1" if pupil.boy else "2"}
        data = {**_identity(pupil), "changedFields": list(change), "part": kind, **change}
        return self._event(PROFILE, school, data, draw.randint(30, 480), pupil.key)

    def enrolment(self, school: School, pupil: Pupil) -> Event:
        """A pupil was enrolled on the first day of the school year."""
        entry = self._day.entry.isoformat()
        data = {
            **_identity(pupil),
            "studentNo": pupil.number,
            "prefixCode": _PREFIX[pupil.prefix],
            "nameThai": pupil.given,
            "lastNameThai": pupil.family,
            "genderCode": "1" if pupil.boy else "2",
            "birthDate": pupil.born.isoformat(),
            "gradeLevelCode": pupil.grade,
            "classroom": pupil.room,
            "entryDate": entry,
            "entryType": "new",
            "schoolAdmissionYear": self._day.academic_year_be,
            "statusCode": "001",
            "nationalityCode": "013",
        }
        return self._event(ENROLMENT, school, data, 0, pupil.key)

    def transfer(self, leaving: School, entered: School, pupil: Pupil, draw: Random) -> Event:
        """The school that was entered confirms that a pupil came over from another one."""
        day = self._day.day.isoformat()
        data = {
            **_identity(pupil),
            "transferId": f"tr-{_hex(self._run, 'transfer', pupil.key)[:20]}",
            "fromSchoolUid": leaving.uid,
            "toSchoolUid": entered.uid,
            "leaveDate": day,
            "entryDate": day,
            "gradeLevelCode": pupil.grade,
            "classroom": "1",
            "attendanceToDate": {"present": draw.randint(10, 90), "absent": draw.randint(0, 9)},
        }
        return self._event(TRANSFER, entered, data, draw.randint(60, 300), pupil.key)

    def withdrawal(self, school: School, pupil: Pupil, draw: Random) -> Event:
        """A pupil leaves school."""
        data = {
            **_identity(pupil),
            "exitTypeCode": draw.choice(("01", "05")),
            "exitDate": self._day.day.isoformat(),
            "ageAtExit": pupil.age,
        }
        return self._event(WITHDRAWAL, school, data, draw.randint(300, 480), pupil.key)

    def reason(self, school: School, pupil: Pupil, draw: Random) -> Event:
        """Why the pupil left, which is said apart: a reason may be sensitive."""
        day = self._day.day.isoformat()
        data = {**_identity(pupil), "exitReasonCode": draw.choice(_REASONS), "exitDate": day}
        return self._event(REASON, school, data, 480, pupil.key)

    def grade(self, school: School, pupil: Pupil, draw: Random) -> Event:
        """A grade in one subject; the pupil is named by the pseudonym that the school learnt from the receipt."""
        letter, name, group = draw.choice(_SUBJECTS)
        code, low, high = draw.choices(_BANDS, _BAND_SHARES)[0]
        known = self._subjects.get(pupil.key)
        data = {
            **({"idType": "SUBJECT_UID", "idValue": known} if known else _identity(pupil)),
            "subjectCode": f"{letter}{_STAGE[pupil.grade[0]]}{pupil.grade[2]}101",
            "subjectName": name,
            "subjectTypeCode": "1",
            "subjectGroupCode": group,
            "credit": draw.choice((0.5, 1.0, 1.5, 2.0)),
            "gradeCode": code,
            "score": draw.randint(low, high),
            "teacherUid": f"tc-{_hex(school.uid, group)[:20]}",
            "approvedBy": "director",
        }
        return self._event(GRADE, school, data, draw.randint(30, 280), pupil.key)

    def test(self, body: str, school: School, pupil: Pupil, draw: Random) -> Event:
        """A result of the national test, told by the test body for the school where the test was sat."""
        data = {
            **_identity(pupil),
            "test": TEST_OF_GRADE[pupil.grade],
            "year": self._day.academic_year_be - 1,
            "gradeLevelCode": pupil.grade,
            "subject": draw.choice(_SUBJECTS)[1],
            "score": round(draw.uniform(10, 99), 2),
            "mean": round(draw.uniform(35, 60), 2),
        }
        return {**self._event(TEST, school, data, draw.randint(300, 480), pupil.key), "source": body}

    def _event(self, type: str, school: School, data: Mapping[str, Any], minute: int, *what: object) -> Event:
        context = {
            "schoolUid": school.uid,
            "schoolCode10": school.code10,
            "provinceCode": PROVINCE,
            "academicYearBE": self._day.academic_year_be,
            "semester": self._day.semester,
            "effectiveDate": self._day.day.isoformat(),
        }
        return {
            "specversion": "1.0",
            "id": event_id(self._run, type, school.uid, *what),
            "type": type,
            "source": school.participant,
            "time": self._day.at(minute),
            "purpose": "REGISTER",
            "testdata": "true",
            "datacontenttype": "application/json",
            "data": {**context, **data},
        }


def _identity(pupil: Pupil) -> dict[str, str]:
    return {"idType": pupil.id_type, "idValue": pupil.identity}


def _hex(*what: object) -> str:
    return hashlib.sha256("/".join(map(str, what)).encode()).hexdigest()
