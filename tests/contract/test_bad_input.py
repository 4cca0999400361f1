"""What publishers get wrong most is refused through all of `saan conformance`: coded, and explained to people."""

import json
import re
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from saan.cli.app import app
from saan.core.calendar import days
from saan.sources.conformance import sample
from saan.sources.trying import Bench, Decided
from saan.wire.files import default_folder, read
from saan.wire.world import build

SAMPLES = Path(__file__).parent / "samples"
CODE = "001"
"""A family status, in force for ever; the test gives it an end."""

Line = dict[str, Any]


@dataclass(frozen=True)
class Bad:
    """One thing to get wrong in an accepted sample: in its payload, its envelope or what was known before."""

    said: str
    base: str
    code: str
    path: str
    payload: dict[str, Any] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    waits: bool = False


def changed(**fields: Any) -> dict[str, Any]:
    return {"changedFields": fields, "part": "contact"}


BAD = [
    Bad("an event before its cause", "10-ok-1", "V10", "exitDate", context={"lastStatus": None}, waits=True),
    Bad("an event after a death", "07-ok-1", "V10", "effectiveDate", context={"lastStatus": "003"}),
    Bad("a move to a closed school", "08-ok-1", "V8", "toSchoolUid", context={"toSchoolStatus": "02"}),
    Bad("C.E. in a B.E. field", "06-ok-1", "V13", "academicYearBE", event={"academicYearBE": 2025}),
    Bad("B.E. in a C.E. date", "06-ok-1", "V13", "birthDate", payload={"birthDate": "2554-11-14"}),
    Bad("two เ for แ", "06-ok-1", "V12", "nameThai", payload={"nameThai": "เเก้ว"}),
    Bad("a zero-width character", "06-ok-1", "V12", "nameThai", payload={"nameThai": "ซา\u200bกี"}),
    Bad("a split ำ", "06-ok-1", "V12", "nameThai", payload={"nameThai": "น\u0e4d\u0e49\u0e32"}),
    Bad("a Latin letter within a Thai name", "06-ok-1", "V12", "nameThai", payload={"nameThai": "ซาaกี"}),
    Bad(
        "a Cyrillic letter within a Latin name", "06-ok-1", "V12", "nameEnglish", payload={"nameEnglish": "S\u0430kee"}
    ),
    Bad(
        "a guardian with the pupil's number",
        "07-ok-1",
        "V17",
        "guardianPersonalId",
        payload=changed(guardianPersonalId="9900007680665") | {"studentPersonalId": "9900007680665"},
    ),
]


def accepted() -> dict[str, Line]:
    lines = (json.loads(line) for path in SAMPLES.glob("*.jsonl") for line in path.read_text("utf-8").splitlines())
    return {line["case"]: line for line in lines if line["expect"] == "accept"}


GOOD = accepted()
WORLD = build(read(default_folder()).entities())


def line(bad: Bad) -> Line:
    made = deepcopy(GOOD[bad.base])
    made["case"] = bad.said
    made["event"].update(bad.event)
    made["event"]["payload"].update(bad.payload)
    made["context"] = {**made["context"], **bad.context}
    return {name: made[name] for name in ("case", "context", "event")}


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(WORLD)


def decided(bench: Bench, written: Line) -> Decided:
    return bench.decide(sample({"expect": None, "rule": None, **written}, WORLD))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.said)
def test_it_is_refused_with_its_code_and_said_in_thai_and_english_without_repeating_it(bad: Bad, bench: Bench) -> None:
    one = decided(bench, line(bad))

    assert (one.outcome, one.rule, one.waits) == ("reject", bad.code, bad.waits)
    assert one.finding is not None
    assert one.finding.path == bad.path
    for thai, english in ((one.finding.th, one.finding.en), (one.finding.fix_th, one.finding.fix_en)):
        assert re.search("[\u0e01-\u0e4e]", thai)
        assert re.search("[A-Za-z]{3}", english)
        assert not any(str(value) in thai + english for value in bad.payload.values())


def test_a_code_that_was_valid_last_year_is_refused_today_and_taken_in_what_is_told_late() -> None:
    changes = line(Bad("", "07-ok-1", "V4", "familyStatusCode", payload=changed(familyStatusCode=CODE)))
    today = date.fromisoformat(changes["event"]["effectiveDate"])

    def with_code_until(day: date) -> Decided:
        known = WORLD.codes["family-status"]
        retired = replace(known.codes[CODE], valid_to=days(day))
        codes = {**WORLD.codes, "family-status": replace(known, codes={**known.codes, CODE: retired})}
        return decided(Bench(replace(WORLD, codes=codes)), changes)

    refused, taken = with_code_until(date(today.year, 1, 1)), with_code_until(today + timedelta(days=1))

    assert (refused.outcome, refused.rule) == ("reject", "V4")
    assert refused.finding is not None
    assert refused.finding.path == "familyStatusCode"
    assert (taken.outcome, taken.rule) == ("accept", None)


def test_the_command_says_so_too(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text("".join(json.dumps(line(bad), ensure_ascii=False) + "\n" for bad in BAD), encoding="utf-8")

    done = CliRunner().invoke(app, ["conformance", str(file), "--json"])

    told = [(row["case"], row["outcome"], row["rule"], row["path"]) for row in json.loads(done.stdout)]
    assert told == [(bad.said, "reject", bad.code, bad.path) for bad in BAD]
