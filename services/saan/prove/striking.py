"""Strikes by the schedule, one fault after the other: the next one comes once everything flows again."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Final, ParamSpec, TypeVar

from saan.prove.arsenal import Arsenal
from saan.prove.faults import Fault
from saan.prove.figures import Struck
from saan.prove.flow import Flow
from saan.prove.nemesis import schedule
from saan.prove.options import Options, Tell
from saan.prove.processes import Processes

LOOK: Final = 0.2
"""Seconds between two looks at what goes on."""
_RECOVERY: Final = 90.0
_CALM: Final = 10.0
"""Seconds of load before the first fault and after the last, with which the rest is compared; less in a short run."""

P = ParamSpec("P")
T = TypeVar("T")


async def whole(act: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
    """Do it in a thread. When this is cancelled it still waits for the end: nothing is left half done behind it."""
    doing = asyncio.create_task(asyncio.to_thread(act, *args, **more))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


class Striker:
    """``began`` is when the load began (seconds since the epoch); all times that it keeps are seconds after that."""

    def __init__(self, processes: Processes, arsenal: Arsenal, options: Options, began: float, tell: Tell) -> None:
        self._processes, self._arsenal, self._options, self._tell = processes, arsenal, options, tell
        self._began = began
        self._end = began + options.minutes * 60
        self._calm = min(_CALM, options.minutes * 6)
        self.flowing = 0.0
        self.struck: list[Struck] = []

    async def strike(self, flow: Flow) -> None:
        """Until the time of the run is over."""
        if await self._recovered(flow, time.time()) is None:
            self._tell("nothing flows although nothing was struck")
        self.flowing = self._now()
        self._tell(f"{self.flowing:6.1f} s  everything flows")
        for name, why in self._arsenal.lacking.items():
            self._tell(f"{name} cannot be had here: {why}")
        await asyncio.sleep(self._calm)
        for fault in self._schedule():
            await asyncio.sleep(fault.pause)
            if time.time() + fault.lasts + self._calm >= self._end:
                break
            await self._one(fault, flow)
        await asyncio.sleep(max(0.0, self._end - time.time()))

    async def _one(self, fault: Fault, flow: Flow) -> None:
        began = self._now()
        self._tell(f"{began:6.1f} s  {fault.kind} {' '.join(fault.targets)} {fault.lasts or ''}")
        since = await whole(self._arsenal.acts[fault.kind], self._processes, fault)
        recovery = await self._recovered(flow, since)
        flows = "does not flow again" if recovery is None else f"flows again after {recovery:.1f} s"
        self._tell(f"{self._now():6.1f} s    {flows}")
        self.struck.append(Struck(fault.named, fault.targets, began, since - self._began, recovery))

    def _schedule(self) -> Iterator[Fault]:
        """The faults of the seed, without those that this machine does not allow."""
        if not self._options.faults or not self._arsenal.acts:
            return iter(())
        drawn = schedule(self._options.seed, self._arsenal.kinds)
        return (fault for fault in drawn if fault.kind in self._arsenal.acts)

    async def _recovered(self, flow: Flow, since: float) -> float | None:
        deadline = time.time() + _RECOVERY
        while time.time() < deadline:
            if await whole(self._processes.revive):
                self._tell("the supervisor had ended by itself and was started again")
            if (seconds := flow.recovery(since)) is not None:
                return seconds
            await asyncio.sleep(LOOK)
        return None

    def _now(self) -> float:
        return time.time() - self._began
