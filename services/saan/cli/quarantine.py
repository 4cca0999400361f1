"""`saan quarantine list|show`: what was refused and why."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
import typer

from saan.cli import reading
from saan.cli.failure import Failure
from saan.cli.options import Dir, Json, running, settings
from saan.cli.printing import as_json, as_table
from saan.core.envelope import repeatable
from saan.wire.log import Arrived
from saan.wire.settings import Settings

app = typer.Typer(no_args_is_help=True, help="ดูเหตุการณ์ที่ไม่รับ · See refused events and why they were refused.")

_OF = Annotated[str | None, typer.Option("--of", metavar="PARTICIPANT", help="เฉพาะผู้ส่งนี้ · Of this publisher only.")]
_CODE = Annotated[str | None, typer.Option("--code", help="เฉพาะรหัสนี้ · With this code only, for example V1.")]

_MOST = Annotated[int, typer.Option("--most", min=1, help="กี่รายการล่าสุด · How many at most, the newest.")]


@app.command("list")
def listing(dir: Dir = None, json: Json = False, of: _OF = None, code: _CODE = None, most: _MOST = 200) -> None:
    """รายการ · List what was refused: place, publisher, event type, code, field and reason. Never the payload."""
    found = asyncio.run(_collect(_client(dir), of, code))[-most:]
    if json:
        as_json(found)
        return
    rows = [
        (
            f["place"],
            f"{f['participant']}\n{f['type']}",
            f"{f['code']} {f['verdict']}",
            f"{f['path']}\n{f['th']}\n{f['en']}",
        )
        for f in found
    ]
    columns = ("ที่อยู่\nplace", "ผู้ส่ง ชนิด\npublisher, type", "รหัส\ncode", "ช่องและเหตุ\nfield and reason")
    as_table(f"ไม่รับ {len(rows)} รายการ · refused", columns, rows)


@app.command()
def show(
    place: Annotated[str, typer.Argument(help="ที่อยู่จาก list · A place from `list`: partition/offset.")],
    dir: Dir = None,
    json: Json = False,
) -> None:
    """รายละเอียด · Show one refused record: every finding, where it came from, how large it is."""
    one = asyncio.run(_find(_client(dir), place))
    if one is None:
        raise Failure(
            "cli.no-such-place",
            f"ไม่มีระเบียนที่ {place} ในกักกัน",
            f"Quarantine holds no record at {place}.",
            "ดูที่อยู่จาก saan quarantine list",
            "Take a place from `saan quarantine list`.",
        )
    if json:
        as_json(one)
        return
    for name, value in one.items():
        if name != "findings":
            print(f"{name:12} {value}")
    for finding in one["findings"]:
        print(f"\n{finding['code']} {finding['path']} ({finding['severity']})\n  {finding['th']}\n  {finding['en']}")
        print(f"  → {finding['fix_th']}\n  → {finding['fix_en']}")


def _client(dir: Any) -> Settings:
    chosen = settings(dir)
    return reading.at(chosen, running(chosen))


async def _read(client: Settings) -> AsyncIterator[dict[str, Any]]:
    async for record in reading.records(client, "quarantine"):
        yield refused(record)


async def _collect(client: Settings, of: str | None, code: str | None) -> list[dict[str, Any]]:
    return [
        {k: v for k, v in one.items() if k != "findings"}
        async for one in _read(client)
        if of in (None, one["participant"]) and code in (None, one["code"])
    ]


async def _find(client: Settings, place: str) -> dict[str, Any] | None:
    found = None
    async for one in _read(client):
        if one["place"] == place:
            found = one  # reading goes on to the end: a reader left in the middle would leave its consumer open
    return found


def refused(record: Arrived) -> dict[str, Any]:
    """What a quarantine record says about itself, without its payload."""
    headers = {name: value.decode(errors="replace") for name, value in record.headers}
    findings = orjson.loads(headers.get("saan_findings", "[]"))
    first = findings[0] if findings else {}
    return {
        "place": f"{record.partition}/{record.offset}",
        "participant": headers.get("ce_source", ""),
        "type": repeatable(headers, "ce_type") or "",
        "event_id": repeatable(headers, "ce_id") or "",
        "verdict": headers.get("saan_verdict", ""),
        "code": headers.get("saan_code", ""),
        "path": headers.get("saan_path", ""),
        "th": first.get("th", ""),
        "en": first.get("en", ""),
        "station": headers.get("saan_station", ""),
        "origin": headers.get("saan_origin", ""),
        "at": headers.get("saan_at", ""),
        "attempts": headers.get("saan_attempts", ""),
        "bytes": int(headers.get("saan_size", len(record.value))),
        "findings": findings,
    }
