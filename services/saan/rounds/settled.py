"""Waits until nothing that was received before a cut-off is under way any more."""

import time
from collections.abc import Callable
from typing import Final, Protocol

from saan.wire.lag import Lag
from saan.wire.trouble import Trouble

_VALIDATOR, _ROUTER = "saan-validator", "saan-router"
_LOOK_AGAIN: Final = 0.5


class Meter(Protocol):
    """Says how far a group of readers is behind (``wire.lag.LagMeter``)."""

    def of(self, group: str) -> list[Lag]: ...


def settle(meter: Meter, cut_off: int, *, patience: float = 60.0, sleep: Callable[[float], None] = time.sleep) -> None:
    """Return once every record received before ``cut_off`` (microseconds) stands in the canonical log or was refused.

    First the validator must have passed the cut-off; then the router must have read all that was checked by that time.
    Raises ``Trouble``: ``round.under-way`` after ``patience`` seconds.
    """
    deadline = time.monotonic() + patience
    _until(deadline, patience, sleep, lambda: all(passed(lag, cut_off) for lag in meter.of(_VALIDATOR)))
    ends = {(lag.topic, lag.partition): lag.end for lag in meter.of(_ROUTER)}

    def routed() -> bool:
        return all(
            lag.since is None or lag.committed >= ends.get((lag.topic, lag.partition), 0) for lag in meter.of(_ROUTER)
        )

    _until(deadline, patience, sleep, routed)


def passed(lag: Lag, cut_off: int) -> bool:
    """Whether the first record that this reader has not read was received at the cut-off or later."""
    return lag.since is None or lag.since * 1000 >= cut_off


def _until(deadline: float, patience: float, sleep: Callable[[float], None], done: Callable[[], bool]) -> None:
    while not done():
        if time.monotonic() > deadline:
            raise Trouble("round.under-way", seconds=int(patience))
        sleep(_LOOK_AGAIN)
