"""A station that copies every record to its output topic, told by JSON on the command line how to misbehave.

Started as a process of its own, because what is tested is what happens when a process dies.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any

import uvloop
from aiokafka import ConsumerRecord

from saan.wire.replay import catch_up
from saan.wire.store import Stores, key
from saan.wire.transport import Exit, Hooks, Lane, Outputs, TransportSettings, build, retire, run

DOMAIN = "student"
APPS: list[Any] = []


def say(*words: object) -> None:
    """Tell the test, which listens to this process."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def fold(old: bytes | None, record: ConsumerRecord) -> bytes:
    """State of a key: all its values in order."""
    return (old + b"," if old else b"") + record.value


async def after(seconds: float, outputs: Outputs) -> Outputs:
    """A decision that waits for something."""
    await asyncio.sleep(seconds)
    return outputs


class Copy:
    """Copies; with a store, keeps every key's values too; a value that begins with `poison` cannot be decided.

    `heavy` says how a block of 5,000 records or more is decided: how (`waits` or `computes`), for how many seconds.
    """

    def __init__(self, order: dict[str, Any]) -> None:
        self.output, self.quarantine = order["output"], order.get("quarantine")
        self.heavy: tuple[str, float] | None = order.get("heavy")

    def __call__(self, lane: Lane, records: Sequence[ConsumerRecord]) -> Outputs | Awaitable[Outputs]:
        outputs = self.copies(lane, records)
        if self.heavy is None or len(records) < 5000:
            return outputs
        how, seconds = self.heavy
        say("deciding", len(records))
        if how == "computes":
            time.sleep(seconds)
            return outputs
        return after(seconds, outputs)

    def copies(self, lane: Lane, records: Sequence[ConsumerRecord]) -> Outputs:
        outputs = lane.outputs()
        names = [key(DOMAIN, record.key) for record in records]
        overlay = lane.state.get(set(names)) if lane.state else {}
        for name, record in zip(names, records, strict=True):
            if record.value.startswith(b"poison"):
                raise ValueError("cannot be decided")
            partition = lane.partition if lane.state else None
            outputs.put(self.output, partition, record.key, record.value, record.headers, record.timestamp)
            if lane.state:
                overlay[name] = fold(overlay[name], record)
        if lane.state:
            outputs.after_commit(lambda committed: self.keep(lane, committed, overlay))
        return outputs

    def keep(self, lane: Lane, committed: Any, overlay: dict[bytes, bytes]) -> None:
        lane.state.commit(DOMAIN, overlay, committed.next_offset(self.output, lane.partition))

    def poison(self, lane: Lane, record: ConsumerRecord, error: Exception) -> Outputs:
        outputs = lane.outputs()
        outputs.put(self.quarantine, 0, record.key, record.value, [("error", type(error).__name__.encode())])
        return outputs


def deafen() -> None:
    """Kill the task that fetches, as a bug of the client once did: nothing arrives any more, and nothing complains."""
    for app in APPS:
        app.consumer._thread.thread_loop.call_soon_threadsafe(
            app.consumer._thread._ensure_consumer()._fetcher._fetch_task.cancel
        )


class Break:
    """Does something to its own process at the n-th passing of a hook."""

    def __init__(self, how: str, nth: int) -> None:
        self.how, self.left = how, nth

    async def __call__(self, lane: Lane) -> None:
        self.left -= 1
        if self.left != 0:
            return
        say("breaking")
        if self.how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.how == "freeze":
            os.kill(os.getpid(), signal.SIGSTOP)
        elif self.how == "slow":
            await asyncio.sleep(0.4)
        elif self.how == "hang":
            await asyncio.sleep(60)
        elif self.how == "block":
            time.sleep(60)
        elif self.how == "deafen":
            deafen()


async def main(order: dict[str, Any]) -> Exit:
    settings = TransportSettings(
        order["bootstrap"],
        order["group"],
        Path(order["folder"]),
        positions=Path(order["positions"]) if "positions" in order else None,
        **order.get("settings", {}),
    )
    stores = Stores(settings.data / "state", cache_bytes=1 << 20) if order.get("store") else None

    async def prepare(lane: Lane) -> None:
        if stores is not None:
            lane.state = await stores.open(lane.partition, DOMAIN)
            replayed = await catch_up(lane.state, DOMAIN, order["output"], lane.partition, settings=settings, fold=fold)
            say("replayed", lane.partition, replayed)
        say("lane", lane.topic, lane.partition, lane.next)
        if "retires" in order:
            retire(app, Exit.TOPICS_CHANGED, "the topics are others now")

    def on_close(lane: Lane) -> None:
        say("closed", lane.topic, lane.partition)
        if stores is not None:
            stores.close(lane.partition, DOMAIN)

    hooks = Hooks(**{point: Break(how, nth) for point, (how, nth) in order.get("break", {}).items()})
    app = build(
        settings,
        station="copy",
        topics=order["topics"],
        decide=Copy(order),
        prepare=prepare,
        on_close=on_close,
        copartitioned=order.get("copartitioned", False),
        partitions=lambda: order.get("governed", {}),
        hooks=hooks,
    )
    APPS.append(app)
    if "begins" in order:

        async def begin(app: Any, assigned: Any, **_: Any) -> None:
            await asyncio.sleep(order["begins"])
            say("begun")

        app.on_partitions_assigned.connect(begin, weak=False)
    return await run(app)


if __name__ == "__main__":
    logging.basicConfig(level="WARNING", format="%(levelname)s %(name)s %(message)s", stream=sys.stdout)
    sys.exit(uvloop.run(main(json.loads(sys.argv[1]))))
