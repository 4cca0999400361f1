"""Strikes a cluster of three brokers: one of them is lost, most or all are killed, leaders change."""

import signal
import time
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from confluent_kafka import ElectionType, KafkaException
from confluent_kafka.admin import AdminClient, TopicMetadata

from saan.prove.faults.engine import go_on
from saan.prove.faults.fault import Drawn, Fault, Kind, lasting, one_lasting, one_of
from saan.prove.faults.stations import sending
from saan.prove.processes import Processes

_BACK: Final = 40.0
"""Seconds that a broker has to come back and to be chosen again."""
_QUIET: Final = {"log_level": 0, "logger": lambda *_: None}


def kinds(brokers: Sequence[str]) -> list[Kind]:
    """None where there are not enough brokers to go on without one."""
    if len(brokers) < 3:
        return []

    def most(draw: Random) -> Drawn:
        return tuple(draw.sample(brokers, len(brokers) // 2 + 1)), 0.0

    return [
        Kind("lose-broker", one_lasting(20.0, 30.0, *brokers), lose, times=2),
        Kind("elect-leaders", one_of(*brokers), elect),
        Kind("kill-most-brokers", most, sending(signal.SIGKILL)),
        Kind("kill-all-brokers", lasting(0.0, 0.0, *brokers), sending(signal.SIGKILL)),
    ]


def lose(processes: Processes, fault: Fault) -> float:
    """The target stays away and the two others are to go on, so nothing is struck before every copy is in step: with
    the broker that was struck last still on its way back, one more would leave one alone."""
    until = time.time() + _BACK
    while time.time() < until and not _whole(processes):
        time.sleep(0.5)
    return go_on(processes, fault)


def in_step(topics: Mapping[str, TopicMetadata]) -> bool:
    """Whether every copy of every partition is in step with its leader."""
    partitions = [partition for topic in topics.values() for partition in topic.partitions.values()]
    return all(set(partition.isrs) == set(partition.replicas) for partition in partitions)


def _whole(processes: Processes) -> bool:
    there = processes.where()
    assert there is not None
    try:
        topics = AdminClient({"bootstrap.servers": there.bootstrap, **_QUIET}).list_topics(timeout=5).topics
    except KafkaException:
        return False  # no broker answers at this moment: asked again
    return in_step(topics)


def elect(processes: Processes, fault: Fault) -> float:
    """One broker is asked to stop, which moves its leaders away; once it is back they are given to it again.

    Recovery counts from that election.
    """
    processes.send(fault.targets[0], signal.SIGTERM)
    until = time.time() + _BACK
    while (at := time.time()) < until and not _elected(processes):
        time.sleep(0.5)
    return at


def _elected(processes: Processes) -> bool:
    """Whether the preferred broker was made leader of any partition, which it had not been."""
    there = processes.where()
    assert there is not None
    admin = AdminClient({"bootstrap.servers": there.bootstrap, **_QUIET})
    try:
        told = admin.elect_leaders(ElectionType.PREFERRED, request_timeout=10).result(15)
    except (KafkaException, SystemError):  # the latter is what the client makes of some answers of a broker that goes
        return False  # no controller at this moment: asked again
    return any(error is None for error in told.values())
