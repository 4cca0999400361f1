"""What Saan knows about every event type. Values only; ``wire.world`` reads them from governed records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule of one event type: a named kind with parameters.

    ``code`` is what people see (``V1`` … ``V18``), ``kind`` names a row of ``core.rules.KINDS``, ``params`` are its
    parameters (field names and constants), ``severity`` is ``reject``, ``park`` or ``warn``. ``message`` may hold
    ``th``, ``en``, ``fix_th``, ``fix_en`` and replaces the kind's own words.
    """

    code: str
    kind: str
    severity: str
    params: Mapping[str, Any]
    message: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that an event does to the history of its learner (``saan.core.history``).

    * ``enter`` and ``leave``: the learner is enrolled at, or no longer at, the school named by the field ``school``
      from the day in the field ``on``. Leaving makes the learner ``becomes`` (``withdrawn`` if it is empty).
    * ``turn``: at that school the learner becomes ``becomes`` (suspended, tracked, ...) and stays there.
    * ``note``: the value of the field ``value`` is remembered under the name ``note`` as valid from ``on``.

    Where ``by`` names a field, ``told`` maps values of it to what the learner becomes instead. Fields ``on`` hold days
    since 1970-01-01. A step whose school or day is absent from an event does nothing.
    """

    move: str
    school: str | None
    on: str
    becomes: str = ""
    by: str | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    value: str | None = None


@dataclass(frozen=True, slots=True)
class HandsOver:
    """What an event that Saan writes itself tells of a transfer (``saan.core.hand_over``).

    It follows an event of the type ``after``; ``copies`` are the fields that it takes from that one. ``known`` maps
    further fields to what is known of the old stay: ``entered`` (the day), ``status``, or ``note:<name>``.
    """

    after: str
    copies: tuple[str, ...]
    known: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Marking:
    """The fields with which an event marks a learner in a term (``core.marks``): ``value`` holds a code, for ``item``.

    ``weight`` names the field with its weight; ``None``: the event corrects a mark, whose weight is known.
    """

    year: str
    semester: str
    item: str
    value: str
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """Which events close their school: ``note`` names the note that the history of their subject keeps of its status,
    and the school is closed from the note's day on while the note's value is one of ``values``."""

    note: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class EventType:
    """One event type.

    ``record`` is the full name of its Avro record and the registry's subject (RecordNameStrategy). ``schema`` is the
    Avro schema as JSON values, with ``doc``, ``label_th``, ``label_en``, ``standard`` and ``class`` on every field.
    ``subject`` lists the fields that identify what the event is about: ``learner`` subjects become an HMAC pseudonym,
    other kinds are joined with ``/``. ``school`` names the field with the school the publisher must be allowed to
    speak for (``None``: no mandate over a school is needed, as for test bodies). ``concerns`` lists the fields that
    name schools concerned; ``follows_learner`` adds the school where the learner is enrolled at the event's time, and
    ``former_schools`` every school where the learner has been (see ``core.follow``). ``roles`` are the kinds of
    participants that may receive it at all. ``roster`` says which fields hold a facet of the learner that reporting
    rounds count by: ``grade`` or ``sex`` to the field's name. ``links`` are the fields with another identity of the
    learner, kind and value, from which on both are one subject (``core.links``). ``marks`` says which fields mark the
    learner in a term, ``closes`` which events close the school that they are about.
    """

    name: str
    record: str
    schema: Mapping[str, Any]
    domain: str
    title: Mapping[str, str]
    data_class: str
    publishers: frozenset[str]
    subject_kind: str
    subject: tuple[str, ...]
    school: str | None
    concerns: tuple[str, ...]
    follows_learner: bool
    history: tuple[Step, ...]
    rules: tuple[RuleSpec, ...]
    roles: frozenset[str]
    retention: str
    control: bool = False
    examples: Mapping[str, Any] = field(default_factory=dict)
    roster: Mapping[str, str] = field(default_factory=dict)
    former_schools: bool = False
    hands_over: HandsOver | None = None
    links: tuple[str, ...] = ()
    marks: Marking | None = None
    closes: Closing | None = None

    @property
    def moves(self) -> bool:
        """Whether it tells where a learner is; a note alone does not."""
        return any(step.move != "note" for step in self.history)

    @property
    def told_whole(self) -> bool:
        """Whether whoever subscribes gets all of it: a control type about no school and no learner handed over."""
        return self.control and bool(self.roles) and not self.concerns and not self.hands_over

    @property
    def remembered(self) -> bool:
        """Whether what the event says, and not only that it was said, changes the state of its learner."""
        return bool(self.history) or self.marks is not None


DATA_CLASSES = ("C0", "C1", "C2", "C2k", "C3", "C3x")
"""Privacy classes, rising: public, internal, personal, personal of a child, sensitive (PDPA s.26), protected."""
