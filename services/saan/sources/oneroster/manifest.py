"""`manifest.csv`: says of every file of the specification whether it is there, and how it is meant."""

from collections.abc import Mapping

from saan.sources.oneroster.bundle import MANIFEST, Bundle
from saan.sources.refusal import refuse
from saan.sources.strict import Strict, strict

MANIFEST_VERSION = "1.0"
VERSIONS: Mapping[str, frozenset[tuple[str, str]]] = {
    "1.2": frozenset(),
    "1.2.1": frozenset({("users", "resourceSourcedIds")}),
}
"""The versions that are read, and the columns of 1.2 that each has no more: part and name."""

WRITTEN = "1.2"
"""The version that is written."""

FILES = (
    "academicSessions",
    "categories",
    "classes",
    "classResources",
    "courses",
    "courseResources",
    "demographics",
    "enrollments",
    "lineItemLearningObjectiveIds",
    "lineItems",
    "lineItemScoreScales",
    "orgs",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "roles",
    "scoreScales",
    "userProfiles",
    "userResources",
    "users",
)
"""Every file that a manifest of version 1.2 must speak of."""

NEEDED = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "demographics", "enrollments")
"""What an enrolment cannot be told without; each refers only to those before it, and to itself."""

COLUMNS = ("propertyName", "value")
_MODES = ("absent", "bulk", "delta")


def check(bundle: Bundle) -> str:
    """The version of the bundle.

    Raises ``FileRefused`` (FILE-13 to FILE-16) unless manifest and files agree and say what is needed, in bulk.
    """
    if MANIFEST not in bundle.names:
        raise refuse("FILE-13", what_th=f"ไม่มี {MANIFEST} ที่ชั้นบนสุด", what_en=f"it has no {MANIFEST} at its top")
    with bundle.open(MANIFEST) as file:
        stated = _properties(strict(file, MANIFEST, COLUMNS))
    for name, known in (("manifest.version", (MANIFEST_VERSION,)), ("oneroster.version", tuple(VERSIONS))):
        if stated.get(name) not in known:
            one = " / ".join(known)
            raise refuse("FILE-13", what_th=f"{name} ต้องเป็น {one}", what_en=f"{name} must be {one}")
    for name in FILES:
        if stated.get(f"file.{name}") not in _MODES:
            modes = ", ".join(_MODES)
            raise refuse(
                "FILE-13", what_th=f"file.{name} ต้องเป็น {modes}", what_en=f"file.{name} must be one of {modes}"
            )
    _agree(bundle, {name: stated[f"file.{name}"] for name in FILES})
    return stated["oneroster.version"]


def _properties(manifest: Strict) -> Mapping[str, str]:
    stated: dict[str, str] = {}
    for number, cells in manifest.rows():
        if len(cells) != len(COLUMNS) or cells[0] in stated:
            raise refuse(
                "FILE-13", what_th=f"แถวที่ {number} ผิดรูปหรือซ้ำ", what_en=f"row {number} is malformed or repeated"
            )
        stated[cells[0]] = cells[1]
    return stated


def _agree(bundle: Bundle, modes: Mapping[str, str]) -> None:
    for name, mode in modes.items():
        there = f"{name}.csv" in bundle.names
        if there != (mode != "absent"):
            said_th, said_en = (
                ("ไม่มีในชุด", "is not there") if not there else ("บอกว่าไม่มี แต่มีอยู่", "is there although called absent")
            )
            raise refuse("FILE-14", file=f"{name}.csv", what_th=said_th, what_en=said_en)
        if mode == "delta":
            raise refuse("FILE-16", file=f"{name}.csv")
    for name in NEEDED:
        if modes[name] == "absent":
            raise refuse(
                "FILE-14", file=f"{name}.csv", what_th="จำเป็นต่อการรับนักเรียน", what_en="is needed to enrol learners"
            )
