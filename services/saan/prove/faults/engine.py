"""Strikes brokers and the registry: killed, frozen, kept away longer than a transaction may last."""

import signal
import time
from collections.abc import Sequence
from random import Random

from saan.prove.faults.fault import Fault, Kind, lasting, one_lasting, one_of
from saan.prove.faults.stations import freeze, sending
from saan.prove.processes import Processes


def kinds(brokers: Sequence[str]) -> list[Kind]:
    return [
        Kind("kill-broker", one_of(*brokers), sending(signal.SIGKILL)),
        Kind("freeze-broker", one_lasting(7.0, 15.0, *brokers), freeze),
        Kind("term-broker", one_of(*brokers), sending(signal.SIGTERM)),
        Kind("broker-away", lambda draw: (tuple(brokers), _length(draw)), away, times=2),
        Kind("kill-registry", one_of("registry"), sending(signal.SIGKILL)),
        Kind("registry-away", lasting(20.0, 40.0, "registry"), go_on),
    ]


def _length(draw: Random) -> float:
    """Longer than a client lets a transaction last (15 s), and every other time longer than a broker does (22.5 s)."""
    return round(draw.uniform(*draw.choice(((16.0, 20.0), (24.0, 34.0)))), 2)


def away(processes: Processes, fault: Fault) -> float:
    """Kill the targets whenever the supervisor has started them again, for as long as they are to be away."""
    until = time.time() + fault.lasts
    while time.time() < until:
        for target in fault.targets:
            processes.send(target, signal.SIGKILL)
        time.sleep(0.2)
    return time.time()


def go_on(processes: Processes, fault: Fault) -> float:
    """The targets stay away, and recovery counts from the beginning of that: the rest is to carry on."""
    at = time.time()
    away(processes, fault)
    return at
