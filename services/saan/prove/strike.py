"""Does to the processes what the nemesis says. Every stroke returns when it is over, however the exchange took it."""

import signal
import time
from collections.abc import Callable
from typing import Final

from saan.prove.nemesis import Fault, Kind
from saan.prove.processes import Processes, signalled

_JOINING: Final = 4.0
"""Seconds that a process which joins is given to take part before somebody else is frozen."""


def strike(processes: Processes, fault: Fault) -> float:
    """Do it; the moment (seconds since the epoch) from which recovery counts."""
    return _ACTS[fault.kind](processes, fault)


def _signal(number: signal.Signals) -> Callable[[Processes, Fault], float]:
    def act(processes: Processes, fault: Fault) -> float:
        at = time.time()
        for target in fault.targets:
            processes.send(target, number)
        return at

    return act


def _freeze(processes: Processes, fault: Fault) -> float:
    pids = [processes.send(target, signal.SIGSTOP) for target in fault.targets]
    time.sleep(fault.lasts)
    at = time.time()
    for pid in pids:
        if pid is not None:
            signalled(pid, signal.SIGCONT)
    return at


def _away(processes: Processes, fault: Fault) -> float:
    """Kill the broker whenever the supervisor has started it again, for as long as it is to be away."""
    until = time.time() + fault.lasts
    while time.time() < until:
        processes.send("kafka", signal.SIGKILL)
        time.sleep(0.2)
    return time.time()


def _join_leave(processes: Processes, fault: Fault) -> float:
    (station,) = fault.targets
    processes.join(station)
    time.sleep(fault.lasts)
    at = time.time()
    processes.leave(station, signal.SIGKILL if fault.lasts > 9 else signal.SIGTERM)
    return at


def _zombie(processes: Processes, fault: Fault) -> float:
    """Another process takes over from one that stands still, which then goes on as if nothing had happened."""
    (station,) = fault.targets
    processes.join(station)
    time.sleep(_JOINING)
    at = time.time()
    pid = processes.send(station, signal.SIGSTOP)
    time.sleep(fault.lasts)
    if pid is not None:
        signalled(pid, signal.SIGCONT)
    time.sleep(1.0)
    processes.leave(station, signal.SIGTERM)
    return at


def _supervisor(processes: Processes, fault: Fault) -> float:
    at = time.time()
    processes.kill_supervisor()
    return at


_ACTS: Final[dict[Kind, Callable[[Processes, Fault], float]]] = {
    Kind.KILL_STATION: _signal(signal.SIGKILL),
    Kind.TERM_STATION: _signal(signal.SIGTERM),
    Kind.FREEZE_STATION: _freeze,
    Kind.KILL_SEVERAL: _signal(signal.SIGKILL),
    Kind.KILL_BROKER: _signal(signal.SIGKILL),
    Kind.BROKER_AWAY: _away,
    Kind.FREEZE_BROKER: _freeze,
    Kind.KILL_REGISTRY: _signal(signal.SIGKILL),
    Kind.KILL_SUPERVISOR: _supervisor,
    Kind.JOIN_LEAVE: _join_leave,
    Kind.ZOMBIE: _zombie,
}
