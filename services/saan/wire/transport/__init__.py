"""The block transport: Faust carries blocks of records, each decided and committed in one Kafka transaction.

A station calls `build(settings, station=…, topics=…, decide=…)` and then `run(app)`. For every assigned input
partition there is a `Lane` with a transactional producer of its own; `decide(lane, records)` returns `Outputs`,
which the lane commits together with the offset. See `lane` for why that is exactly once.
"""

from saan.wire.transport.app import build, retire, run, works_of
from saan.wire.transport.errors import MissingTopic, OversizedRecord, TransportError, Unable
from saan.wire.transport.handler import Decide, OnClose, Prepare
from saan.wire.transport.lane import Hooks, Lane
from saan.wire.transport.leaving import Exit, leave
from saan.wire.transport.outputs import Committed, Outputs
from saan.wire.transport.settings import Sasl, TransportSettings

__all__ = [
    "Committed",
    "Decide",
    "Exit",
    "Hooks",
    "Lane",
    "MissingTopic",
    "OnClose",
    "Outputs",
    "OversizedRecord",
    "Prepare",
    "Sasl",
    "TransportError",
    "TransportSettings",
    "Unable",
    "build",
    "leave",
    "retire",
    "run",
    "works_of",
]
