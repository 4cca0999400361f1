"""Who is told of a control event: whoever is of a kind that may hear it and has an agreement in force that names it.

A control event concerns no school, so no scope is asked for, and it is handed over whole.
"""

from collections.abc import Iterator

from saan.core.participants import Participant
from saan.core.world import World


def subscribers(world: World, event: str, now: int) -> tuple[str, ...]:
    """The participants to tell, in the order of their ids; ``now`` in microseconds since the epoch."""
    return tuple(sorted(_subscribers(world, event, now)))


def _subscribers(world: World, event: str, now: int) -> Iterator[str]:
    told = world.events.get(event)
    for participant in world.participants.values():
        if told is not None and participant.kind in told.roles and _agreed(participant, event, now):
            yield participant.id


def _agreed(participant: Participant, event: str, now: int) -> bool:
    return any(
        event in one.events
        and not one.paused
        and one.valid_from <= now
        and (one.valid_to is None or now < one.valid_to)
        for one in participant.agreements
    )
