"""The block transport: Faust carries blocks of records, each decided and committed in one Kafka transaction.

A station calls `build(settings, station=…, topics=…, decide=…)` and then `run(app)`. For every assigned input
partition there is a `Lane` with a transactional producer of its own; `decide(lane, records)` returns `Outputs`,
which the lane commits together with the offset. See `lane` for why that is exactly once.

Faust is entered through private doors, which `tests/contract/test_faust_names.py` holds open. Should an upgrade close
one, the way out is a consumer without Faust: `lane`, `settle`, `transactions`, `outputs`, `counts`, `assigning` and
`block` know nothing of Faust and stay as they are. In place of `consumer`, `fetch` and `watch` comes one
`mode.Service` with an aiokafka consumer of its own and its rebalance listener: revoked closes all lanes, assigned
fences them and seeks each to `lane.next`, and one task per lane calls `getmany` for its partition and hands on blocks.
A prototype of that took 66 lines without the watch-dog, the pace, the order check and the bounded waits. It is not
kept behind a setting: with those it is well above 80 lines, and two ways of fetching would each have to be proven
under faults.
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
