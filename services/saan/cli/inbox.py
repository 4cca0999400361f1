"""`saan inbox P`: what a participant received."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from saan.cli import reading
from saan.cli.failure import no_inbox
from saan.cli.options import Dir, Json, running, settings
from saan.cli.printing import as_line
from saan.wire.log import NoSuchInbox


def inbox(
    participant: Annotated[str, typer.Argument(help="ผู้รับ · The participant, for example peo-96.")],
    dir: Dir = None,
    json: Json = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="รอของใหม่ · Wait for new events.")] = False,
    receipts: Annotated[bool, typer.Option("--receipts", help="รวมใบรับ · Show receipts too.")] = False,
) -> None:
    """ดูกล่องรับ · Show what a participant received, in order per learner; nothing is acknowledged or changed.

    One line per event; with --json the whole CloudEvent per line. Example: `saan inbox peo-96 --follow --json`.
    """
    chosen = settings(dir)
    client = reading.at(chosen, running(chosen))
    try:
        asyncio.run(_show(client, participant, follow=follow, json=json, receipts=receipts))
    except NoSuchInbox as absent:
        raise no_inbox(participant) from absent


async def _show(client: Any, participant: str, *, follow: bool, json: bool, receipts: bool) -> None:
    shown = 0
    async for event in reading.events(client, f"inbox.{participant}", follow=follow):
        if event.get("type") == "receipt.issued" and not receipts:
            continue
        shown += 1
        if json:
            as_line(event)
        else:
            print(
                f"{event.get('time', ''):27} {event.get('type', ''):24} {event.get('source', ''):18} "
                f"{event.get('subject', '')}{remark(event)}",
                flush=True,
            )
    if not json:
        print(f"{shown} เหตุการณ์ · events")


def remark(event: Mapping[str, Any]) -> str:
    """What stands behind an event's line: warnings it was accepted with, or what a receipt tells of how many events."""
    if event.get("type") == "receipt.issued":
        told = event["data"]
        refused = "".join(f"  ✗ {one['eventId']} {one['code']} {one['path']}" for one in told["refused"])
        return f"  ✓ {len(told['accepted'])}  = {len(told['duplicates'])}{refused}"
    return f"  ⚑ {event['dataquality']}" if "dataquality" in event else ""
