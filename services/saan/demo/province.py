"""Pupils of the demo schools: invented people, the same for the same seed.

Distributions follow published statistics where there are any: pupils per grade and the share of boys from OBEC's
statistics of one primary area (2568 B.E., 37,029 pupils), poor pupils from OBEC's 2565 total. The rest is plausible
only and must not be used for anything else.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from saan.demo import names
from saan.demo.ground import Ground, Place, School
from saan.demo.schoolday import SchoolDay

GRADES: Final = (
    "111",
    "112",
    "113",
    "211",
    "212",
    "213",
    "214",
    "215",
    "216",
    "311",
    "312",
    "313",
    "411",
    "412",
    "413",
)
_PUPILS_OF_GRADE = dict(
    zip(GRADES, (557, 2482, 2980, 4744, 4470, 4089, 3437, 3479, 3483, 2332, 2033, 1742, 385, 411, 405), strict=True)
)
_USUAL_AGE = {grade: 4 + years for years, grade in enumerate(GRADES)}
_BUDDHIST_OFFSET = 543
CLASS_SIZE: Final = 35
ADULT_PREFIX_AGE: Final = 15

_BOYS = 0.507
_MUSLIM = 0.8
_WITHOUT_REGISTRATION = 0.02
_ONE_YEAR_LATE = 0.06
_POOR = 0.5
_BLOOD = (("O", 39), ("B", 72), ("A", 93), ("AB", 100))
_WORK = (("รับจ้าง", 46), ("เกษตรกรรม", 79), ("นักธุรกิจ-ค้าขาย", 90), ("ไม่ได้ประกอบอาชีพ", 96), ("รับราชการ", 100))


@dataclass(frozen=True, slots=True)
class Pupil:
    """An invented pupil. ``key`` tells pupils of one run apart and is no identity; ``identity`` belongs to nobody."""

    key: int
    school: str
    id_type: str
    identity: str
    number: str
    boy: bool
    given: str
    family: str
    born: date
    age: int
    grade: str
    room: str
    muslim: bool
    blood: str
    weight: float
    height: int
    place: Place
    house: str
    moo: str
    father: str
    mother: str
    mother_family: str
    work: str
    poor: bool

    @property
    def prefix(self) -> str:
        """Name prefix, which changes at the age of 15."""
        if self.age < ADULT_PREFIX_AGE:
            return "เด็กชาย" if self.boy else "เด็กหญิง"
        return "นาย" if self.boy else "นางสาว"


class Province:
    """The pupils of a run, school by school; a school's pupils are made when they are asked for and not kept.

    People follow from ``seed`` alone. Identities follow from ``run`` too: two runs on one exchange have the same people
    under other identities, so that what the exchange remembers of the first does not change the second.
    """

    def __init__(self, ground: Ground, day: SchoolDay, seed: int, pupils: int, run: str) -> None:
        self.ground, self.day, self.seed = ground, day, seed
        self._sizes = _shares(Random(f"{seed}/sizes"), ground.schools, pupils)
        starts = accumulate((self._sizes[s.uid] for s in ground.schools), initial=0)
        self._first = dict(zip((s.uid for s in ground.schools), starts, strict=False))
        block = int.from_bytes(hashlib.sha256(f"{run}/{seed}".encode()).digest()[:8], "big")
        self._block = block % (10**8 - pupils)

    def __len__(self) -> int:
        return sum(self._sizes.values())

    def size(self, school: School) -> int:
        return self._sizes[school.uid]

    def identity(self, key: int) -> str:
        """A citizen ID with a right check digit that no person can have: no Thai number begins with 9."""
        body = f"9900{self._block + key:08d}"
        return body + check_digit(body)

    def pupils(self, school: School) -> Iterator[Pupil]:
        """The pupils of one school, class by class."""
        draw = Random(f"{self.seed}/pupils/{school.uid}")
        homes = self._homes(school)
        grades = sorted(draw.choices(school.levels, [_PUPILS_OF_GRADE[g] for g in school.levels], k=self.size(school)))
        seen: dict[str, int] = dict.fromkeys(grades, 0)
        for position, grade in enumerate(grades):
            room = str(seen[grade] // CLASS_SIZE + 1)
            seen[grade] += 1
            yield self._pupil(draw, school, self._first[school.uid] + position, grade, room, homes)

    def _homes(self, school: School) -> Sequence[Place]:
        district = school.area[:4] if school.area else ""
        near = [place for place in self.ground.places if place.code.startswith(district)]
        return near or self.ground.places

    def _pupil(self, draw: Random, school: School, key: int, grade: str, room: str, homes: Sequence[Place]) -> Pupil:
        boy, muslim = draw.random() < _BOYS, draw.random() < _MUSLIM
        born = self._birthday(draw, grade)
        age = _age(born, self.day.day)
        family = draw.choice(names.FAMILIES_MALAY if muslim and draw.random() < 0.7 else names.FAMILIES)
        stateless = draw.random() < _WITHOUT_REGISTRATION
        year = self.day.academic_year_be % 100
        return Pupil(
            key=key,
            school=school.uid,
            id_type="G_CODE" if stateless else "CITIZEN_ID",
            identity=f"G{year - 1:02d}96{self._block + key:08d}" if stateless else self.identity(key),
            number=str(20_000 + key),
            boy=boy,
            given=draw.choice(_given_names(boy, muslim)),
            family=family,
            born=born,
            age=age,
            grade=grade,
            room=room,
            muslim=muslim,
            blood=_pick(draw, _BLOOD),
            weight=_weight(draw, age),
            height=_height(draw, age, boy),
            place=draw.choice(homes),
            house=f"{draw.randint(1, 260)}/{draw.randint(1, 9)}" if draw.random() < 0.3 else str(draw.randint(1, 260)),
            moo=str(draw.randint(1, 12)),
            father=draw.choice(_given_names(True, muslim)),
            mother=draw.choice(_given_names(False, muslim)),
            mother_family=family if draw.random() < 0.8 else draw.choice(names.FAMILIES),
            work=_pick(draw, _WORK),
            poor=draw.random() < _POOR,
        )

    def _birthday(self, draw: Random, grade: str) -> date:
        year = self.day.academic_year_be - _BUDDHIST_OFFSET - _USUAL_AGE[grade] - (draw.random() < _ONE_YEAR_LATE)
        return date(year - 1, 5, 17) + timedelta(days=draw.randrange(365))


def check_digit(body: str) -> str:
    """Check digit of a citizen ID: (11 - sum of digit times weight 13 … 2, mod 11) mod 10."""
    return str((11 - sum(int(digit) * (13 - at) for at, digit in enumerate(body)) % 11) % 10)


def _shares(draw: Random, schools: Sequence[School], pupils: int) -> dict[str, int]:
    """Pupils per school: unequal, at least two everywhere, together ``pupils`` where that is possible."""
    weights = [draw.uniform(0.5, 1.5) for _ in schools]
    sizes = [max(2, int(pupils * weight / sum(weights))) for weight in weights]
    sizes[0] += max(0, pupils - sum(sizes))
    return dict(zip((school.uid for school in schools), sizes, strict=True))


def _given_names(boy: bool, muslim: bool) -> Sequence[str]:
    if boy:
        return names.BOYS_MALAY if muslim else names.BOYS
    return names.GIRLS_MALAY if muslim else names.GIRLS


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _pick(draw: Random, shares: Sequence[tuple[str, int]]) -> str:
    """One of the names by its share; shares are given as running percentages."""
    percent = draw.random() * 100
    return next(name for name, upto in shares if percent < upto)


def _weight(draw: Random, age: int) -> float:
    usual = 9.0 + 2.45 * age if age < 12 else 38 + 2.6 * (age - 12)
    return round(min(150.0, max(11.0, draw.gauss(usual, usual * 0.16))), 1)


def _height(draw: Random, age: int, boy: bool) -> int:
    usual = 78 + 6.0 * age if age < 13 else 156 + 1.6 * (age - 13) + (4 if boy else 0)
    return int(min(215.0, max(80.0, draw.gauss(usual, 5.5))))
