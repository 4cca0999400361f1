"""The command line teaches, and what goes wrong is one coded sentence in both languages with a way out."""

import errno
import importlib.metadata
import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import structlog

from saan.cli import main
from saan.cli.app import COMMANDS
from saan.cli.failure import Failure, report
from saan.cli.inbox import remark
from saan.cli.publish import events
from saan.client.errors import Unavailable
from saan.wire.log import LogAway, NoSuchInbox
from saan.wire.registry_types import SchemaUnavailable

SAAN = Path(sys.executable).parent / "saan"
THAI = re.compile(r"[\u0e00-\u0e7f]")
LATIN = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True)
class Done:
    """How a command ended and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command in this process, through the door that the command `saan` opens."""

    def run(*arguments: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> Done:
        monkeypatch.setattr(sys, "argv", ["saan", *arguments])
        monkeypatch.chdir(cwd or Path.cwd())
        for name, value in (environment or {}).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as end:
            main()
        return Done(int(end.value.code or 0), *capsys.readouterr())

    yield run
    structlog.reset_defaults()
    logging.getLogger("aiokafka").setLevel(logging.NOTSET)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_thai_and_english(run: Run, command: str) -> None:
    done = run(command, "--help")

    assert done.returncode == 0, done.stderr
    assert THAI.search(done.stdout)
    assert LATIN.search(done.stdout)


def test_the_overview_names_every_command(run: Run) -> None:
    listed = run("--help").stdout

    assert all(re.search(rf"│ {command} ", listed) for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["inbox", "peo-96"], "cli.not-running"),
        (["lag"], "cli.not-running"),
        (["topics"], "cli.not-running"),
        (["plan"], "cli.not-running"),
        (["quarantine", "list"], "cli.not-running"),
        (["round", "status"], "cli.not-running"),
        (["round", "open", "JUN10", "--year", "2569"], "cli.not-running"),
        (["round", "certify", "JUN10", "--school", "SC-2da05aa5ab97", "--as", "sis-96012001"], "cli.not-running"),
        (["round", "verify", "JUN10"], "cli.not-running"),
        (["credentials", "peo-96"], "cli.not-running"),
        (["publish", "none.json", "--as", "peo-96"], "cli.not-running"),
        (["import", "none.csv", "--as", "nobody", "--check"], "cli.no-participant"),
        (["import", "none.csv", "--as", "sis-96012007", "--check"], "cli.bad-file"),
        (["import", "none.csv", "--as", "sis-96012007", "--format", "unheard-of"], "cli.no-format"),
        (["codes", "publish", "religion", "none.csv"], "cli.not-running"),
        (["codes", "diff", "religion", "none.csv"], "cli.bad-file"),
        (["codes", "show", "unheard-of"], "codes.no-list"),
        (["import", "none.csv", "--as", "sis-96012007", "--school", "x"], "cli.bad-file"),
        (["export", "peo-96", "--format", "unheard-of"], "cli.no-format"),
        (["export", "nobody", "--format", "oneroster"], "cli.no-participant"),
        (["export", "peo-96", "--format", "oneroster"], "cli.not-running"),
        (["check", "--schemas", "nowhere"], ""),
    ],
)
def test_what_goes_wrong_is_said_with_a_code_and_a_way_out_and_no_traceback(
    run: Run, tmp_path: Path, arguments: list[str], code: str
) -> None:
    done = run(*arguments, cwd=tmp_path)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    if code:
        thai, thai_fix, english, english_fix = done.stderr.strip().splitlines()
        assert thai.startswith(f"{code}: ")
        assert english.startswith(f"{code}: ")
        assert THAI.search(thai)
        assert THAI.search(thai_fix)
        assert "→" in english_fix


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    done = subprocess.run([SAAN, "lag", "--debug"], capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_a_checked_roster_is_one_json_object_with_a_verdict_per_row(run: Run) -> None:
    roster = Path(__file__).parents[2] / "contract" / "inputs" / "dmc-roster-dirty.cp874.csv"

    done = run("import", str(roster), "--as", "sis-96022002", "--check", "--json", "--on", "2025-06-10")
    said = json.loads(done.stdout)

    assert done.returncode == 0
    assert said["file"] == roster.name
    assert [row["row"] for row in said["rows"]] == list(range(1, len(said["rows"]) + 1))
    assert {row["outcome"] for row in said["rows"]} == {"accept", "warn", "refuse"}
    assert all(row["rules"] for row in said["rows"] if row["outcome"] != "accept")


def test_a_file_that_is_no_table_is_refused_whole(run: Run, tmp_path: Path) -> None:
    (tmp_path / "roster.xlsx").write_bytes(b"PK\x03\x04" + bytes(200))

    done = run("import", "roster.xlsx", "--as", "sis-96022002", "--check", "--json", cwd=tmp_path)
    said = json.loads(done.stdout)

    assert done.returncode == 1
    assert said["rows"] == []
    assert said["refused"]["code"].startswith("FILE-")


NOBODY_THERE = {"SAAN_BOOTSTRAP": "127.0.0.1:1", "SAAN_REGISTRY": "http://127.0.0.1:1"}


@pytest.mark.parametrize("arguments", [["inbox", "peo-96"], ["lag"], ["quarantine", "list"]])
def test_a_broker_that_does_not_answer_is_said_and_nothing_else(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments, cwd=tmp_path, environment=NOBODY_THERE)

    assert done.returncode == 1
    assert re.findall(r"^[a-z.-]+(?=: )", done.stderr, re.MULTILINE) == ["cluster.away", "cluster.away"], done.stderr


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"", "it holds no event"), (b"5", "not an event"), (b'{"type":"a"}\n\n{"type":\n', "line 3 is not JSON")],
)
def test_a_file_without_events_is_refused_and_its_bad_line_named(tmp_path: Path, body: bytes, said: str) -> None:
    (tmp_path / "events.json").write_bytes(body)

    with pytest.raises(Failure, match=said):
        list(events(tmp_path / "events.json", "sis-96012007"))


def test_a_cluster_has_one_broker_or_three(run: Run, tmp_path: Path) -> None:
    done = run("up", "--brokers", "2", cwd=tmp_path)

    assert done.returncode == 2
    assert "must be 1 or 3" in done.stderr
    assert not (tmp_path / ".saan").exists()


def test_the_line_of_a_receipt_tells_what_became_of_the_events() -> None:
    refusal = {"eventId": "e-3", "code": "V4", "path": "gradeLevelCode"}
    told = {"accepted": [{"eventId": "e-1"}], "duplicates": ["e-2"], "refused": [refusal]}

    assert remark({"type": "receipt.issued", "data": told}) == "  ✓ 1  = 1  ✗ e-3 V4 gradeLevelCode"


def test_it_says_its_version() -> None:
    said = subprocess.run([SAAN, "--version"], capture_output=True, text=True, check=True).stdout

    assert said == f"saan {importlib.metadata.version('saan')}\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unavailable(3), "CL-1"),
        (LogAway("quarantine"), "cluster.away"),
        (NoSuchInbox("quarantine"), "cluster.no-topic"),
        (SchemaUnavailable(7), "registry.away"),
        (httpx.ConnectError("no"), "cli.no-answer"),
        (OSError(errno.ENOSPC, "No space left on device", "/data/x"), "cli.disk-full"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "gateway.key"), "cli.bad-file"),
        (OSError(errno.EADDRINUSE, "Address already in use"), "cli.unexpected"),
        (RuntimeError("no"), "cli.unexpected"),
    ],
)
def test_an_error_of_any_part_gets_a_code_and_a_way_out_in_both_languages(
    error: Exception, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(error) == 1

    thai, thai_fix, english, english_fix = capsys.readouterr().err.strip().splitlines()
    assert thai.startswith(f"{code}: ")
    assert english.startswith(f"{code}: ")
    assert THAI.search(thai_fix)
    assert "→" in english_fix


def test_a_code_list_is_shown_as_it_is_on_a_day(run: Run) -> None:
    before, after = (
        json.loads(run("codes", "show", "CLS_SUBDISTRICT", "--on", day, "--json").stdout)["codes"]
        for day in ("2009-12-25", "2009-12-26")
    )

    assert {one["code"] for one in before} - {one["code"] for one in after} == {"500306", "500309", "500310"}
    assert {one["code"] for one in after} - {one["code"] for one in before} == {"502501", "502502", "502503"}


def test_all_lists_are_shown_with_version_and_certainty_and_the_empty_ones_too(run: Run) -> None:
    shown = {one["official"]: one for one in json.loads(run("codes", "show", "--json").stdout)}

    assert len(shown) == 82
    assert shown["CLS_RELIGION"]["version"] == 1
    assert shown["CLS_RELIGION"]["provenance"]["codes_mark"] == "I"
    assert shown["CLS_BUDGET_TYPE"]["codes"] == 0


def test_what_a_file_would_change_in_a_list_is_said_code_by_code(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("code,name_th,name_en,note\n1,ชาย,man,\n3,ไม่ระบุ,not stated,\n", encoding="utf-8")

    done = run("codes", "diff", "CLS_GENDER", str(file), "--json")

    said = [(one["code"], one["change"]) for one in json.loads(done.stdout)["changes"]]
    assert said == [("1", "renamed"), ("1", "note"), ("2", "gone"), ("3", "added")]
