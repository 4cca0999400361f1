"""The topics of the exchange, from ``topics.yaml``: the only place that knows their names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from saan.core.participants import Participant
from saan.core.world import World
from saan.wire.forms import TopicForm, TopicsFile

HOUR = 3_600_000
FOREVER = -1


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it shall be. ``retention_ms`` -1 is for ever; ``write``, ``read`` name stations or participants."""

    name: str
    id: str
    partitions: int
    retention_ms: int
    cleanup: str
    max_message_bytes: int
    write: tuple[str, ...]
    read: tuple[str, ...]


def topics(entity: Mapping[str, Any], world: World, profile: str = "small") -> list[Topic]:
    """Every topic that ``world`` needs. ``entity`` is the governed record ``topics``; ``profile`` small or national."""
    domains = sorted({event.domain for event in world.events.values() if not event.control})
    participants = sorted(world.participants.values(), key=lambda participant: participant.id)
    forms = TopicsFile.model_validate(entity).topics
    return [topic for form in forms for topic in _expand(form, participants, domains, profile)]


def name(id: str, participant: str = "", domain: str = "") -> str:
    """The name of one topic, for example ``name("inbox.{participant}", participant="eef")``."""
    return id.replace("{participant}", participant).replace("{domain}", domain)


def _expand(
    form: TopicForm, participants: Iterable[Participant], domains: Iterable[str], profile: str
) -> Iterator[Topic]:
    if "{participant}" in form.id:
        for participant in participants:
            if form.only != "kafka" or participant.kafka:
                yield _topic(form, profile, participant=participant.id)
    elif "{domain}" in form.id:
        for domain in domains:
            yield _topic(form, profile, domain=domain)
    else:
        yield _topic(form, profile)


def _topic(form: TopicForm, profile: str, participant: str = "", domain: str = "") -> Topic:
    full = name(form.id, participant, domain)
    usual = form.partitions.national if profile == "national" else form.partitions.small
    return Topic(
        name=full,
        id=form.id,
        partitions=form.moved.get(full, usual),
        retention_ms=retention_ms(form.retention),
        cleanup=form.cleanup,
        max_message_bytes=form.max_message_bytes,
        write=tuple(name(who, participant) for who in form.write),
        read=tuple(name(who, participant) for who in form.read),
    )


def retention_ms(text: str) -> int:
    """Milliseconds of ``24h`` or ``7d``; -1 for ``forever``."""
    if text == "forever":
        return FOREVER
    return int(text[:-1]) * HOUR * (24 if text.endswith("d") else 1)
