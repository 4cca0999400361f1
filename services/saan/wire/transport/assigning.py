"""How partitions are dealt out among the processes of a station: aiokafka's own ways, with one doubt more.

A broker that has just come back may answer before it leads anything. Whoever deals out partitions by such an answer
gives nobody anything, and aiokafka sees no reason to deal again: the station would stand still for ever.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor

from saan.wire.transport.leaving import Exit, leave


class Range(RangePartitionAssignor):  # type: ignore[misc]  # aiokafka is untyped here
    """Equal partition numbers of topics of equal size meet in one process."""

    @classmethod
    def assign(cls, cluster: ClusterMetadata, members: Mapping[str, Any]) -> Any:
        _leave_if_incomplete(cluster, members)
        return super().assign(cluster, members)


class RoundRobin(RoundRobinPartitionAssignor):  # type: ignore[misc]  # aiokafka is untyped here
    """Every process gets its share of all partitions, whatever their numbers."""

    @classmethod
    def assign(cls, cluster: ClusterMetadata, members: Mapping[str, Any]) -> Any:
        _leave_if_incomplete(cluster, members)
        return super().assign(cluster, members)


def unknown(cluster: ClusterMetadata, topics: Iterable[str]) -> list[str]:
    """The topics of which the cluster names no partition now, each once, by name."""
    return sorted(topic for topic in set(topics) if not cluster.partitions_for_topic(topic))


def _leave_if_incomplete(cluster: ClusterMetadata, members: Mapping[str, Any]) -> None:
    missing = unknown(cluster, (topic for member in members.values() for topic in member.subscription))
    if missing:
        leave(Exit.UNABLE, f"the cluster names no partition of {', '.join(missing)}; dealt out later")
