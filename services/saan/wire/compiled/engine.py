"""The compiled engine: the verdicts of the reference, faster where a record is good."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from saan.core.catalogue import EventType
from saan.core.links import Links
from saan.core.outcome import Accepted
from saan.core.participants import Participant
from saan.core.validate import CLOCK_SKEW, tables_of
from saan.core.world import World
from saan.wire.avro import Codec
from saan.wire.compiled.building import native
from saan.wire.compiled.compiler import compile_program
from saan.wire.compiled.errors import Uncompilable
from saan.wire.compiled.tables import Library, Span, Table, spans
from saan.wire.metrics import ENGINE
from saan.wire.reference import MAX_BYTES, Checked, Reference, Submitted
from saan.wire.registry_types import SchemaSource, SchemaUnavailable


class Compiled:
    """Checks records in one state of governance. Make a new one when the state changes.

    A record of which the machine is certain is accepted without more ado; every other one is checked by the reference.
    ``Checked`` of the former has neither envelope nor data. Programs are kept per schema id, as long as this lives.
    Raises ``LookupError`` where the native module was not built.
    """

    def __init__(
        self,
        world: World,
        schemas: SchemaSource,
        pseudonym_key: bytes,
        max_bytes: int = MAX_BYTES,
        links: Links | None = None,
    ) -> None:
        self._links = Links() if links is None else links
        self._reference = Reference(world, schemas, pseudonym_key, max_bytes, self._links)
        self._world, self._schemas, self._native = world, schemas, native()
        self._library: Library | None = None
        self._made: dict[int, Any] = {}
        self._native.set_skew(CLOCK_SKEW)
        events = {name: event for name, event in world.events.items() if not event.control}
        self._decide = self._native.Decider(
            {name: self._native.Kind(event, partial(self._prepare, event)) for name, event in events.items()},
            {id: self._publisher(one) for id, one in world.participants.items()},
            production=world.environment == "production",
            max_bytes=max_bytes,
            key=pseudonym_key,
        ).decide

    def check(self, records: Sequence[Submitted]) -> list[Checked]:
        """The verdicts of a block, in its order; the same as those of ``Reference``."""
        checked, doubted, good = [], 0, 0
        for record in records:
            certain = self.decide(record)
            if certain is not None:
                event, subject = certain
                checked.append(Checked(Accepted(subject), None, event))
                continue
            (one,) = self._reference.check((record,))
            checked.append(one)
            doubted += 1
            good += isinstance(one.verdict, Accepted) and not one.verdict.warnings
        ENGINE.labels("compiled").inc(len(checked) - doubted)
        ENGINE.labels("doubted").inc(good)
        ENGINE.labels("objected").inc(doubted - good)
        return checked

    def decide(self, record: Submitted) -> tuple[EventType, str] | None:
        """The event type and the subject of a record that is certainly good; ``None`` when it is in doubt.

        Whatever links pseudonyms, or is said of a linked one, is left to the reference.
        """
        found: tuple[EventType, str] | None = self._decide(
            record.headers, record.value, record.publisher, record.received
        )
        if found is None or found[0].links or self._links.root(found[1]) != found[1]:
            return None
        return found

    def _prepare(self, event: EventType, id: int) -> tuple[Any, int] | tuple[()] | None:
        """The machine for one schema of an event type, with its version.

        Nothing where the reference has to look at every such record; ``None`` where the schema is not known now.
        """
        try:
            registered = self._schemas.get(id)
        except SchemaUnavailable:
            return None
        if registered is None:
            return None
        if registered.record != event.record:
            return ()
        tables = tables_of(self._world, event)
        self._library = self._library or Library(tables)
        try:
            Codec(registered.schema)
            program = compile_program(event, registered.schema, tables, self._library)
        except Uncompilable:
            return ()
        return self._native.Machine(program, self._made), registered.version

    def _publisher(self, participant: Participant) -> Any:
        events = self._world.events.values()
        kinds = {e.name for e in events if e.name in participant.publishes and participant.kind in e.publishers}
        purposes = Table(dict.fromkeys(participant.purposes, 0))
        return self._native.Publisher(participant.id, kinds, purposes, partial(self._mandate, participant))

    def _mandate(self, participant: Participant, school: bytes) -> tuple[Span, ...] | None:
        """When the participant speaks for a school; ``None`` for one that is not known."""
        id, organisations = school.decode(), self._world.organisations
        if organisations.get(id) is None:
            return None
        return tuple(spans(organisations.days_under(id, participant.speaks_for)))
