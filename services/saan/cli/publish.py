"""`saan publish FILE --as P`: send CloudEvents from a file."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from saan.cli.failure import bad_file
from saan.cli.options import As, Dir, Json, running, settings
from saan.cli.printing import as_json, as_table
from saan.client import Publisher, Verdict
from saan.wire.credentials import Vault


def publish(
    file: Annotated[Path, typer.Argument(help="ไฟล์ CloudEvents · One event, a JSON array, or one event per line.")],
    participant: As,
    dir: Dir = None,
    json: Json = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="ตรวจอย่างเดียว · Validate only, publish nothing.")] = False,
) -> None:
    """ส่งเหตุการณ์ · Publish CloudEvents (structured JSON) through the gateway and show one verdict per event.

    `source` may be left out (it is the participant) and so may `id` (a new one is made). Exit code 1 when an event was
    not taken. Example: `saan publish events.json --as sis-96012001`.
    """
    chosen = settings(dir)
    address = running(chosen).gateway
    token = Vault(chosen.dir / "credentials").read(participant).token
    with Publisher(address, token) as publisher:
        verdicts = list(publisher.publish(events(file, participant), dry_run=dry_run))
    refused = [v for v in verdicts if v.word not in ("accepted", "duplicate")]
    if json:
        as_json([_plain(verdict) for verdict in verdicts])
    else:
        for word, n in sorted(Counter(v.word for v in verdicts).items()):
            print(f"{word:10} {n:,}")
        if not dry_run and len(refused) < len(verdicts):
            print(f"คำตัดสินสุดท้ายมาเป็นใบรับ · the final verdict comes as a receipt: saan inbox {participant} --receipts")
        rows = [(v.id, v.word, v.code, v.path, v.message["th"], v.message["en"], v.hint["en"]) for v in refused[:50]]
        if rows:
            as_table("ไม่รับ · not taken", ("id", "ผล", "รหัส · code", "ช่อง · field", "เหตุ", "reason", "fix"), rows)
    raise typer.Exit(1 if refused else 0)


def events(file: Path, participant: str) -> Iterator[Mapping[str, Any]]:
    """The events of a file, each with its source. Raises a ``Failure`` for a file that holds something else."""
    parsed = _parsed(file)
    if not parsed:
        raise bad_file(file, "ไม่มีเหตุการณ์", "it holds no event")
    for event in parsed:
        if not isinstance(event, dict):
            raise bad_file(file, "มีรายการที่ไม่ใช่เหตุการณ์", "it holds something that is not an event")
        yield {"source": participant, **event}


def _parsed(file: Path) -> list[Any]:
    try:
        body = file.read_bytes()
    except OSError as error:
        raise bad_file(file, "เปิดไม่ได้", "it cannot be opened") from error
    try:
        whole = orjson.loads(body)
        return whole if isinstance(whole, list) else [whole]
    except orjson.JSONDecodeError:
        pass  # not one value: then one per line
    return [_line(file, number, line) for number, line in enumerate(body.splitlines(), start=1) if line.strip()]


def _line(file: Path, number: int, line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise bad_file(file, f"บรรทัดที่ {number} ไม่ใช่ JSON", f"line {number} is not JSON") from error


def _plain(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.id,
        "verdict": verdict.word,
        "code": verdict.code,
        "path": verdict.path,
        "message": dict(verdict.message),
        "hint": dict(verdict.hint),
    }
