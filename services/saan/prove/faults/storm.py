"""Strikes the group of a station: workers that come and go, and workers that die between sending and committing."""

import signal
import time
from random import Random
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from saan.prove.faults.fault import Fault, Kind, one_lasting
from saan.prove.faults.stations import WORKERS
from saan.prove.processes import Joined, Processes

_GUESTS: Final = 2
"""How many workers there are besides the station's own at most."""
_LATEST: Final = 20.0
"""Seconds beyond the length of a fault for which it waits that one worker at least has left, or has died half-way."""


def kinds() -> list[Kind]:
    return [
        Kind("storm-station", one_lasting(15.0, 25.0, *WORKERS), storm),
        Kind("halfway-station", one_lasting(14.0, 20.0, *WORKERS), halfway),
    ]


def storm(processes: Processes, fault: Fault) -> float:
    """A second and a third worker come, and leave politely or not at all so, one of them every two or three seconds.

    Nobody leaves before somebody has been let in: on a busy machine a start takes longer than that. Whoever left
    politely may still be at it while the next one comes, as in life.
    """
    (station,) = fault.targets
    chance, guests, left = Random(repr(fault)), list[Joined](), list[Joined]()
    until = time.time() + fault.lasts
    while time.time() < until or (not left and time.time() < until + _LATEST):
        if len(guests) < _GUESTS:
            guests.append(processes.join(station))
        elif _members(processes, station) > 1:
            guest = guests.pop(0)
            guest.send_signal(_way(chance))
            left.append(guest)
        time.sleep(chance.uniform(2.0, 3.0))
    at = time.time()
    for guest in guests:
        guest.send_signal(_way(chance))
    for guest in (*left, *guests):
        processes.leave(guest, signal.SIGTERM)
    return at


def halfway(processes: Processes, fault: Fault) -> float:
    """Workers take part that kill themselves between sending and committing a block (``saan.prove.halfway``).

    Whenever one has died another one comes. The station's own worker goes on and has to clear up after all of them.
    """
    (station,) = fault.targets
    chance, guests, died = Random(repr(fault)), list[Joined](), 0
    until = time.time() + fault.lasts
    while time.time() < until or (not died and time.time() < until + _LATEST):
        for guest in [guest for guest in guests if guest.poll() is not None]:
            guests.remove(guest)
            died += guest.wait() == -signal.SIGKILL
            processes.leave(guest, signal.SIGKILL)
        while len(guests) < _GUESTS:
            guests.append(processes.join(station, "saan.prove.halfway", station, str(chance.getrandbits(32))))
        time.sleep(0.2)
    at = time.time()
    for guest in guests:
        processes.leave(guest, signal.SIGKILL)
    return at


def _members(processes: Processes, station: str) -> int:
    """How many workers have been let into the station's group; 0 while nobody can tell."""
    at = processes.where()
    assert at is not None
    group = f"saan-{station}"
    admin = AdminClient({"bootstrap.servers": at.bootstrap, "log_level": 0, "logger": lambda *_: None})
    try:
        return len(admin.describe_consumer_groups([group], request_timeout=5)[group].result(5).members)
    except (KafkaException, TimeoutError):
        return 0  # its coordinator is moving: the next look comes soon


def _way(chance: Random) -> signal.Signals:
    return chance.choice((signal.SIGTERM, signal.SIGKILL))
