"""What broker and registry shall hold, worked out from the governed entities alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from saan.governance.access import grants
from saan.wire import topics, views, world
from saan.wire.cluster import Grant, Topic

REPLICATION = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """``entities`` by id; ``schemas`` by record name, views included; ``topics`` by name; ``access`` in full."""

    entities: Mapping[str, Any]
    schemas: Mapping[str, Mapping[str, Any]]
    topics: Mapping[str, Topic]
    access: frozenset[Grant]
    participants: frozenset[str]


def wanted(entities: Mapping[str, Any], *, profile: str = "small", brokers: int = 1) -> Wanted:
    """``profile`` is ``small`` or ``national``; ``brokers`` is how many there are to keep copies.

    Raises ``BadEntity`` or ``ViewConflict`` for entities that ``saan check`` would refuse.
    """
    meant = world.build(entities)
    all_topics = topics.topics(entities["topics"], meant, profile)
    schemas = {event.record: event.schema for event in meant.events.values()}
    schemas |= {view.record: view.schema for view in views.views(meant)}
    return Wanted(
        entities=entities,
        schemas=dict(sorted(schemas.items())),
        topics={topic.name: _on_kafka(topic, brokers) for topic in all_topics},
        access=grants(all_topics, meant.participants),
        participants=frozenset(meant.participants),
    )


def _on_kafka(topic: topics.Topic, brokers: int) -> Topic:
    config = {"cleanup.policy": topic.cleanup, "max.message.bytes": str(topic.max_message_bytes)}
    if topic.name.startswith("outbox."):
        # When it came in is for the broker to say: a publisher's clock, or a gateway's, may be wrong by years.
        config["message.timestamp.type"] = "LogAppendTime"
    if topic.cleanup == "delete":
        config["retention.ms"] = str(topic.retention_ms)
    if brokers >= REPLICATION:
        config["min.insync.replicas"] = "2"
    return Topic(topic.name, topic.partitions, min(REPLICATION, brokers), config)
