"""The ground on which the demo plays, read from the governed files: participating schools and subdistricts.

The files are read here with plain CSV and YAML readers, so that what is expected of the exchange does not depend on
how the exchange understands its own files.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PROVINCE = "96"
PROVINCE_NAME = "นราธิวาส"
_SECONDARY = ("311", "312", "313", "411", "412", "413")


@dataclass(frozen=True, slots=True)
class School:
    """A school with its own system. ``code`` is what its rosters write, ``code10`` the ministry's code if it has one.

    ``levels`` are the grade levels taught; where the directory does not know them, those of a secondary school.
    """

    participant: str
    uid: str
    name: str
    code: str
    code10: str | None
    levels: tuple[str, ...]
    area: str | None
    kafka: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A subdistrict of the province."""

    code: str
    name: str
    district: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything real: schools in the order of their participant ids, subdistricts, and who publishes test results."""

    schools: tuple[School, ...]
    places: tuple[Place, ...]
    test_body: str
    test_body_kafka: bool


def read(schemas: Path) -> Ground:
    """Read the ground from the folder ``schemas/``. Raises ``ValueError`` without schools or test body."""
    systems = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((schemas / "participants").glob("*.yaml"))]
    directory = {row["id"]: row for row in _rows(schemas / "organisations" / "schools.csv")}
    schools = tuple(_schools(systems, directory))
    bodies = [system for system in systems if system["kind"] == "test-body"]
    if len(schools) < 2 or not bodies:
        raise ValueError(f"{schemas}: the demo needs at least two schools and a test body among the participants")
    places = tuple(_places(schemas))
    return Ground(schools, places, bodies[0]["id"], bool(bodies[0].get("kafka")))


def _schools(systems: list[dict[str, Any]], directory: dict[str, dict[str, str]]) -> Iterator[School]:
    for system in systems:
        for uid in system["speaks_for"] if system["kind"] == "school" else ():
            row = directory[uid]
            yield School(
                participant=system["id"],
                uid=uid,
                name=row["name_th"],
                code=row["code_smis8"] or uid,
                code10=row["code_moe10"] or None,
                levels=tuple(row["grade_levels"].split()) or _SECONDARY,
                area=row["subdistrict_code"] or None,
                kafka=bool(system.get("kafka")),
            )


def _places(schemas: Path) -> Iterator[Place]:
    districts = {row["code"]: row["name_th"] for row in _rows(schemas / "codes" / "district.csv")}
    rows = [r for r in _rows(schemas / "codes" / "subdistrict.csv") if r["code"].startswith(PROVINCE)]
    names = [(row["code"][:4], row["name_th"]) for row in rows]
    for row, name in zip(rows, names, strict=True):
        # A name that stands twice in a district cannot be told apart by a roster, which writes names.
        if not row.get("valid_to") and names.count(name) == 1 and "*" not in row["name_th"]:
            postcode = row["note"].partition("postcode=")[2].partition(";")[0]
            yield Place(row["code"], row["name_th"], districts[row["code"][:4]], postcode)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
