"""Strikes brokers and the registry: killed, frozen, kept away longer than a transaction may last."""

import signal
import time
from collections.abc import Sequence

from saan.prove.faults.fault import Fault, Kind, one_lasting, one_of
from saan.prove.faults.stations import freeze, sending
from saan.prove.processes import Processes


def kinds(brokers: Sequence[str]) -> list[Kind]:
    return [
        Kind("kill-broker", one_of(*brokers), sending(signal.SIGKILL)),
        Kind("freeze-broker", one_lasting(7.0, 15.0, *brokers), freeze),
        Kind("broker-away", one_lasting(13.0, 17.0, *brokers), away),
        Kind("kill-registry", one_of("registry"), sending(signal.SIGKILL)),
    ]


def away(processes: Processes, fault: Fault) -> float:
    """Kill the targets whenever the supervisor has started them again, for as long as they are to be away."""
    until = time.time() + fault.lasts
    while time.time() < until:
        for target in fault.targets:
            processes.send(target, signal.SIGKILL)
        time.sleep(0.2)
    return time.time()
