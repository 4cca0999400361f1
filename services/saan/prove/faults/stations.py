"""Strikes stations and the supervisor: killed, asked to stop, frozen, joined by others, taken over while frozen."""

import signal
import time
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from saan.exchange.stations import STATIONS
from saan.prove.faults.fault import Drawn, Fault, Kind, one_lasting
from saan.prove.processes import Processes, signalled

WORKERS: Final = ("validator", "router")
_JOINING: Final = 4.0
"""Seconds that a process which joins is given to take part before somebody else is frozen."""


def kinds(brokers: Sequence[str]) -> list[Kind]:
    return [
        Kind("kill-station", _station, sending(signal.SIGKILL), times=3),
        Kind("term-station", _station, sending(signal.SIGTERM)),
        Kind("freeze-station", one_lasting(7.0, 10.0, *WORKERS, "gateway"), freeze, times=2),
        Kind("kill-several", _several(brokers), sending(signal.SIGKILL)),
        Kind("kill-supervisor", lambda _: (("supervisor",), 0.0), _supervisor),
        Kind("join-leave", one_lasting(6.0, 12.0, *WORKERS), _join_leave),
        Kind("zombie", one_lasting(8.0, 11.0, *WORKERS), _zombie, times=2),
    ]


def _station(draw: Random) -> Drawn:
    return (draw.choices(STATIONS, (4, 4, 3, 1, 1))[0],), 0.0


def _several(brokers: Sequence[str]) -> Callable[[Random], Drawn]:
    return lambda draw: (tuple(draw.sample((*STATIONS[:3], *brokers, "registry"), draw.choice((2, 3)))), 0.0)


def sending(number: signal.Signals) -> Callable[[Processes, Fault], float]:
    """The act that sends one signal to every target."""

    def act(processes: Processes, fault: Fault) -> float:
        at = time.time()
        for target in fault.targets:
            processes.send(target, number)
        return at

    return act


def freeze(processes: Processes, fault: Fault) -> float:
    """Every target stands still for as long as the fault lasts."""
    pids = [processes.send(target, signal.SIGSTOP) for target in fault.targets]
    time.sleep(fault.lasts)
    at = time.time()
    for pid in pids:
        if pid is not None:
            signalled(pid, signal.SIGCONT)
    return at


def _join_leave(processes: Processes, fault: Fault) -> float:
    (station,) = fault.targets
    joined = processes.join(station)
    time.sleep(fault.lasts)
    at = time.time()
    processes.leave(joined, signal.SIGKILL if fault.lasts > 9 else signal.SIGTERM)
    return at


def _zombie(processes: Processes, fault: Fault) -> float:
    """Another process takes over from one that stands still, which then goes on as if nothing had happened."""
    (station,) = fault.targets
    joined = processes.join(station)
    time.sleep(_JOINING)
    at = time.time()
    pid = processes.send(station, signal.SIGSTOP)
    time.sleep(fault.lasts)
    if pid is not None:
        signalled(pid, signal.SIGCONT)
    time.sleep(1.0)
    processes.leave(joined, signal.SIGTERM)
    return at


def _supervisor(processes: Processes, fault: Fault) -> float:
    at = time.time()
    processes.kill_supervisor()
    return at
