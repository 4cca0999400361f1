"""Everything that one station process runs with."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from saan.wire.transport.counts import PartitionCounts
from saan.wire.transport.handler import Decide, Idle, OnClose, Prepare
from saan.wire.transport.lane import Hooks
from saan.wire.transport.measure import Measure, Room
from saan.wire.transport.positions import Positions
from saan.wire.transport.settings import TransportSettings
from saan.wire.transport.stopping import Stopping


@dataclass(slots=True)
class Works:
    """Put together by `build`, read by everything that Faust makes."""

    settings: TransportSettings
    station: str
    topics: Sequence[str]
    decide: Decide
    counts: PartitionCounts
    prepare: Prepare | None = None
    on_close: OnClose | None = None
    idle: Idle | None = None
    copartitioned: bool = False
    hooks: Hooks = field(default_factory=Hooks)
    stopping: Stopping = field(default_factory=Stopping)
    measure: Measure = field(init=False)
    room: Room = field(init=False)
    positions: Positions = field(init=False)

    def __post_init__(self) -> None:
        self.measure = Measure(self.settings.max_block)
        self.room = Room(self.measure)
        self.positions = Positions(self.settings.positions)
