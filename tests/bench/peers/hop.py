"""One hop by Saan: the product's transport and one of its engines, and nothing else.

    python -m tests.bench.peers.hop ENGINE BOOTSTRAP GROUP FOLDER

Each record is decided by the engine as a station decides it, envelope and publisher included. A good one goes to the
recipient that it names, with its key, value, headers and time; one that breaks a rule is set aside with the reason.
Runs until SIGTERM.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from aiokafka import ConsumerRecord
from tests.bench.peers import work

from saan.core.outcome import Accepted, Rejected, Verdict
from saan.wire import transport
from saan.wire.compiled.engine import Compiled
from saan.wire.record import text
from saan.wire.reference import Reference, Submitted
from saan.wire.transport import Lane, Outputs, TransportSettings

ENGINES = {"reference": Reference, "compiled": Compiled}


class Hop:
    """Decides blocks by one engine."""

    def __init__(self, engine: str) -> None:
        self._engine = ENGINES[engine](work.world(), work.Schemas(), bytes(32))

    async def __call__(self, lane: Lane, records: Sequence[ConsumerRecord]) -> Outputs:
        outputs = lane.outputs()
        given = [Submitted(text(r.headers), r.value, work.PUBLISHER, r.timestamp * 1000) for r in records]
        for record, checked in zip(records, self._engine.check(given), strict=True):
            if isinstance(checked.verdict, Accepted):
                topic, added = f"hop.inbox.{checked.verdict.subject}", ()
            else:
                topic, added = work.ASIDE, ((work.REASON, reason(checked.verdict).encode()),)
            outputs.put(topic, None, record.key, record.value, (*record.headers, *added), record.timestamp)
        return outputs

    def poison(self, lane: Lane, record: ConsumerRecord, error: Exception) -> Outputs:
        """No record of the work is one."""
        raise RuntimeError("a record could not be decided") from error


def reason(verdict: Verdict) -> str:
    """The path that the first broken rule is about; what is no record at all is malformed."""
    first = verdict.findings[0]
    return first.path if isinstance(verdict, Rejected) and first.code == "V12" else work.MALFORMED


def main() -> None:
    engine, bootstrap, group, folder = sys.argv[1:]
    settings = TransportSettings(
        bootstrap=bootstrap,
        group=group,
        client_id=group,
        data=Path(folder),
        positions=Path(folder) / "positions",
    )
    app = transport.build(settings, station="hop", topics=[work.INPUT], decide=Hop(engine))
    sys.exit(asyncio.run(transport.run(app)))


if __name__ == "__main__":
    main()
