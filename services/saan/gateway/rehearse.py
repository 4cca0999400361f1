"""The validator's engine, used here to say what would become of events.

The key behind pseudonyms belongs to the validator alone. A rehearsal needs some key, not that one: what it computes is
thrown away.
"""

import secrets
from collections.abc import Sequence

from saan.core.outcome import Verdict
from saan.core.participants import Participant
from saan.core.world import World
from saan.gateway.encode import Prepared
from saan.wire.reference import Reference, Submitted
from saan.wire.registry_types import SchemaSource


class Engine:
    """A ``Rehearsal`` on the reference engine, for one state of governance."""

    def __init__(self, world: World, schemas: SchemaSource) -> None:
        self._reference = Reference(world, schemas, secrets.token_bytes(32))

    def check(self, participant: Participant, events: Sequence[Prepared], now: int) -> list[Verdict]:
        submitted = [Submitted(event.headers, event.outgoing.value, participant.id, now) for event in events]
        return [checked.verdict for checked in self._reference.check(submitted)]
