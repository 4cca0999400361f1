"""`saan conformance FILE…`: the kit with which a vendor tries its system's events before it may connect."""

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from saan.cli.failure import bad_file
from saan.cli.options import Json, Schemas, settings
from saan.cli.printing import as_json, as_table
from saan.sources.conformance import sample
from saan.sources.trying import Bench, Decided
from saan.wire import files, world


def conformance(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE…", help="ไฟล์ JSON Lines · Files of JSON lines.")],
    schemas: Schemas = None,
    json: Json = False,
) -> None:
    """ทดสอบความสอดคล้องกับมาตรฐาน · Decide sample events, each with the state that it assumes; nothing is sent.

    A line is a JSON object with `case`, `event` and, if needed, `context`: `openEnrolments`, `lastStatus`,
    `lastSequence`, `gradeLevelCode`, `recomputedGpa`, `teacher`, `windows`, `environment`, `receivedAt`,
    `alreadyAccepted`. Every case is told its outcome (accept, warn, reject), the rule and what to do, in Thai and
    English. `waits` marks what the exchange would keep until something else arrives. A line may say what it expects
    (`expect`, `rule`): then the command fails when one comes out otherwise.
    """
    chosen = settings(None, schemas=schemas)
    bench = Bench(world.build(files.read(files.default_folder(chosen.schemas)).entities(), chosen.environment))
    told = [_told(bench, line) for path in paths for line in _lines(path)]
    if json:
        as_json(told)
    else:
        columns = ("case", "outcome", "rule", "field", "th", "en")
        rows = ([row["case"], row["outcome"] + (" *" if row["differs"] else ""), *_rest(row)] for row in told)
        as_table(f"{len(told)} cases, {sum(row['differs'] for row in told)} otherwise than expected (*)", columns, rows)
    raise typer.Exit(1 if any(row["differs"] for row in told) else 0)


def _rest(row: dict[str, Any]) -> list[str]:
    message = row["message"] or {"th": "", "en": ""}
    return [row["rule"] or "", row["path"] or "", message["th"], message["en"]]


def _lines(path: Path) -> list[Any]:
    try:
        written = path.read_bytes().splitlines()
    except OSError as error:
        raise bad_file(path, "เปิดไม่ได้", "it cannot be opened") from error
    read = []
    for number, line in enumerate(written, start=1):
        if line.strip():
            try:
                read.append((f"{path}, {number}", orjson.loads(line)))
            except orjson.JSONDecodeError as error:
                raise bad_file(path, f"บรรทัด {number} ไม่ใช่ JSON", f"line {number} is no JSON") from error
    return read


def _told(bench: Bench, line: tuple[str, Any]) -> dict[str, Any]:
    """One case; a line of another shape is a file that cannot be used."""
    at, written = line
    try:
        expected = {"expect": None, "rule": None, "case": at, **written}
        decided = bench.decide(sample(expected, bench.world))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise bad_file(at, "บรรทัดนี้ไม่ใช่รูปแบบตัวอย่าง", "this line is not of the shape of a sample") from error
    differs = "expect" in written and (decided.outcome, decided.rule) != (written["expect"], written.get("rule"))
    return _row(decided, differs=differs)


def _row(decided: Decided, *, differs: bool) -> dict[str, Any]:
    found = decided.finding
    message = found and {"th": found.th, "en": found.en, "fixTh": found.fix_th, "fixEn": found.fix_en}
    return {
        "case": decided.case,
        "outcome": decided.outcome,
        "rule": decided.rule,
        "path": found.path if found else None,
        "message": message,
        "waits": decided.waits,
        "differs": differs,
    }
