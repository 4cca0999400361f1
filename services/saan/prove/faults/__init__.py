"""What can be done to an exchange under test, by what it is done with.

fault     one stroke, and the kind that it is of
means     what a kind needs: prepared before the exchange starts, given back when it has stopped
stations  signals to the processes of the stations and to the supervisor
engine    signals to brokers and registry
cluster   signals to several brokers, and elections
storm     workers that come and go, and that die half-way
network   a proxy before brokers and registry
clock     libfaketime before the stations
disk      file systems of a fixed size below brokers and stations
"""

from collections.abc import Sequence
from pathlib import Path

from saan.prove.faults import cluster, engine, stations, storm
from saan.prove.faults.clock import Clock
from saan.prove.faults.disk import Disks
from saan.prove.faults.fault import Fault, Kind
from saan.prove.faults.means import Means, Signals
from saan.prove.faults.network import Network

__all__ = ["Fault", "Kind", "Means", "all_means"]


def all_means(folder: Path, brokers: Sequence[str]) -> list[Means]:
    """Everything with which an exchange of these brokers can be struck; ``folder`` is the run's own."""
    return [
        Signals(stations.kinds(brokers)),
        Signals(engine.kinds(brokers)),
        Signals([*storm.kinds(), *cluster.kinds(brokers)]),
        Network(brokers),
        Disks(brokers),
        Clock(folder),
    ]
