"""`saan conformance` tells every case its outcome, and fails when one comes out otherwise than its line expects."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from saan.cli.app import app

SAMPLES = Path(__file__).parents[2] / "contract" / "samples"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["conformance", *arguments])
    return result.exit_code, result.output


def case(name: str) -> dict[str, Any]:
    lines = (line for path in sorted(SAMPLES.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return next(one for one in map(json.loads, lines) if one["case"] == name)


def test_every_case_is_told_with_its_rule_and_what_to_do_in_both_languages() -> None:
    code, printed = run(str(SAMPLES / "10-StudentWithdrawn.jsonl"), "--json")
    told = {row["case"]: row for row in json.loads(printed)}

    assert code == 0
    assert told["10-ok-1"]["outcome"] == "accept"
    assert (told["10-bad-1"]["outcome"], told["10-bad-1"]["rule"], told["10-bad-1"]["path"]) == (
        "reject",
        "V10",
        "exitDate",
    )
    assert all(told["10-bad-1"]["message"].values())


def test_a_case_that_needs_another_history_than_it_assumes_waits(tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    line = case("10-ok-1")
    file.write_text(json.dumps({"event": line["event"], "context": {"lastStatus": None}}), encoding="utf-8")
    code, printed = run(str(file), "--json")
    (told,) = json.loads(printed)

    assert code == 0
    assert (told["outcome"], told["rule"], told["waits"]) == ("reject", "V10", True)


def test_an_expectation_that_is_not_met_fails(tmp_path: Path) -> None:
    file = tmp_path / "wrong.jsonl"
    file.write_text(json.dumps(case("10-ok-1") | {"expect": "reject", "rule": "V1"}), encoding="utf-8")
    code, printed = run(str(file))

    assert code == 1
    assert "accept *" in printed


@pytest.mark.parametrize("line", ["no JSON", '{"case": "x"}', '"text"', '{"case": "x", "event": {"eventType": 1}}'])
def test_a_line_of_another_shape_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "odd.jsonl"
    file.write_text(line, encoding="utf-8")
    result = CliRunner().invoke(app, ["conformance", str(file)])

    assert result.exit_code == 1
    assert "cli.bad-file" in str(result.exception)
