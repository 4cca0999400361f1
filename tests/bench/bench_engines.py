"""What one good record costs, by the reference engine and by the compiled one, side by side in one run.

    python -m tests.bench.bench_engines

For the first accepted example of two event types, with all their rules: microseconds of processor time per record in
the engine alone, and in the validator's handler as a whole (headers read, decided, written into closed batches with
ledger and counts; nothing is compressed or sent). Rounds of the two alternate; the fastest of each counts.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

from aiokafka import ConsumerRecord
from tests.bench.differential import Engines

from saan.core.outcome import Accepted
from saan.validator.handler import SHARED_OUTBOX, STATION, Handler
from saan.wire.avro import Codec
from saan.wire.compiled.engine import Compiled
from saan.wire.papers import LEDGER, RECEIPT, Papers
from saan.wire.reference import Reference
from saan.wire.transport import Outputs

EVENTS = ("student.enrolled", "attendance.recorded")
BLOCK = 1000
ROUNDS = 9


class Counts:
    """Every topic has four partitions."""

    def of(self, topic: str) -> int:
        return 4


async def _no_schemas(ids: set[int]) -> None:
    """All schemas are known."""


def fastest(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Microseconds per record of each work in its fastest round."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = time.process_time()
            work()
            times[name].append(time.process_time() - start)
    return {name: min(taken) / BLOCK * 1e6 for name, taken in times.items()}


def handling(engines: Engines, engine: Reference | Compiled, records: list[Any]) -> Callable[[], object]:
    """The validator's handler over one block."""
    codecs = {name: (Codec(engines.world.events[name].schema), 1) for name in (RECEIPT, LEDGER)}
    desk = SimpleNamespace(
        world=engines.world, engine=engine, papers=Papers(STATION, codecs, engines.world.participants)
    )
    handler = Handler(lambda: desk, SimpleNamespace(ensure=_no_schemas), lambda: 1_749_000_000_000_000)
    lane: Any = SimpleNamespace(outputs=lambda: Outputs(Counts(), batch_bytes=1 << 20, codec=0))

    def work() -> object:
        return asyncio.run(handler(lane, records)).close()

    return work


def main() -> None:
    engines = Engines()
    bases = engines.bases()
    print(f"{'microseconds per record':24}{'reference':>12}{'compiled':>12}{'ratio':>8}")
    for event in EVENTS:
        sent = next(base.sent for base in bases if base.event == event and engines.compare(base.sent) == "certain")
        headers = [(name, value.encode()) for name, value in dict(sent.headers).items()]  # type: ignore[call-overload]
        record = ConsumerRecord(
            SHARED_OUTBOX, 0, 0, sent.received // 1000, 0, b"key", sent.value, None, 3, len(sent.value), headers
        )
        both = {"reference": engines.reference, "compiled": engines.compiled}
        assert all(isinstance(one.check([sent])[0].verdict, Accepted) for one in both.values())
        works: dict[str, Callable[[], object]]
        works = {f"{name} engine": partial(one.check, [sent] * BLOCK) for name, one in both.items()}
        works |= {f"{name} handler": handling(engines, one, [record] * BLOCK) for name, one in both.items()}
        took = fastest(works)
        for part in ("engine", "handler"):
            slow, fast = took[f"reference {part}"], took[f"compiled {part}"]
            print(f"{event + ' ' + part:24}{slow:12.1f}{fast:12.1f}{slow / fast:8.1f}")


if __name__ == "__main__":
    main()
