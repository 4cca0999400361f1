"""What routers remember against the log it is made from: the states of every store equal a replay of ``record.*``.

The replay here has its own few lines: the last publications of a subject, its publishers' numbers, and what events
tell of a school life and of a term's marks as the catalogue says. It knows nothing of blocks, commits and recovery,
which is what is being checked.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Final

from confluent_kafka import Consumer, TopicPartition

from saan.core.history import STATUSES, Fact
from saan.core.learner import FACTS, RECENT, Learner, Note
from saan.core.marks import MARKS, Mark, Term
from saan.prove.check import Found
from saan.prove.evidence import Evidence, Record
from saan.prove.plant import Barren
from saan.wire import files
from saan.wire.forms import EventEntry, HistoryStep, Marks

Subject = tuple[str, bytes]
"""A domain, and the key of the subject's records in its log."""

Moves = Mapping[str, EventEntry]
"""By event type, what the catalogue says of it: what it tells of a school life, and of marks."""

_NEVER_SEEN: Final = Learner()


@dataclass(frozen=True, slots=True)
class Held:
    """One store of one router process: a partition number's states, ``None`` for bytes that are none.

    ``offsets`` tell by domain which record of its log is the first that the states do not know of.
    """

    where: str
    partition: int
    offsets: Mapping[str, int]
    states: Mapping[Subject, Learner | None]


@dataclass(frozen=True, slots=True)
class Remembered:
    """All stores of an exchange, and what they are judged by. ``ends`` are the ends of the partitions of the log."""

    held: Sequence[Held]
    moves: Moves
    ends: Mapping[tuple[str, int], int]


def moves(schemas: Path) -> Moves:
    """How events move and mark a learner, as the catalogue in this folder says."""
    return files.read(schemas).events


def ends(bootstrap: str) -> Mapping[tuple[str, int], int]:
    """The offset after the last record or marker of every partition of ``record.*``; ask once all is at rest."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "saan-prove-ends", "log_level": 0})
    try:
        topics = consumer.list_topics(timeout=20).topics.items()
        places = [(name, n) for name, topic in topics if name.startswith("record.") for n in topic.partitions]
        return {(name, n): consumer.get_watermark_offsets(TopicPartition(name, n), timeout=20)[1] for name, n in places}
    finally:
        consumer.close()


def stale(seen: Evidence, remembered: Remembered) -> Iterator[Found]:
    """Stores that say something else than their part of the log, or claim to know more than there is.

    ``Found.where`` is the store and the domain, ``Found.id`` the pseudonym whose state differs.
    """
    logs: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for record in sorted(seen.log, key=lambda one: one.offset):
        logs[record.topic, record.partition].append(record)
    for store in remembered.held:
        for domain in sorted(store.offsets.keys() | {domain for domain, _ in store.states}):
            place, offset = (f"record.{domain}", store.partition), store.offsets.get(domain, 0)
            where, end = f"{store.where} {domain}", remembered.ends.get(place, 0)
            if offset > end:
                yield Found("stale", where, "", "", f"knows the log up to {offset}, it ends at {end}")
            owed = replayed((r for r in logs[place] if r.offset < offset), remembered.moves)
            yield from _differing(where, owed, {key: s for (of, key), s in store.states.items() if of == domain})


def _differing(where: str, owed: Mapping[bytes, Learner], there: Mapping[bytes, Learner | None]) -> Iterator[Found]:
    for subject in sorted(owed.keys() | there.keys()):
        if subject not in there:
            what = "is not remembered"
        elif subject not in owed:
            what = "is not in the log"
        elif there[subject] != owed[subject]:
            what = _difference(owed[subject], there[subject])
        else:
            continue
        yield Found("stale", where, "", subject.decode(errors="replace"), what)


def _difference(owed: Learner, there: Learner | None) -> str:
    if there is None:
        return "cannot be read"
    names = {
        "recent": "other publications",
        "facts": "another school life",
        "counts": "other numbers",
        "term": "other marks",
    }
    return next((said for name, said in names.items() if getattr(owed, name) != getattr(there, name)), "other notes")


def replayed(log: Iterator[Record], moves: Moves) -> dict[bytes, Learner]:
    """What must be remembered of every subject after these records of one partition, in log order."""
    states: dict[bytes, Learner] = {}
    for record in log:
        old = states.get(record.key, _NEVER_SEEN)
        digest = blake2b(f"{record.source}\0{record.id}".encode(), digest_size=8).digest()[:6]
        facts, notes, counts = set(old.facts), {note[0]: note for note in old.notes}, dict(old.counts)
        said = moves.get(record.type)
        for step in said.history if said else ():
            day = record.fields.get(step.on)
            if day and step.value and record.fields.get(step.value):
                told = Note(step.note, _day(str(day)), str(record.fields[step.value]))
                notes[step.note] = max(told, notes.get(step.note, told))
            elif day and step.school and record.fields.get(step.school):
                facts.add(Fact(_day(str(day)), STATUSES.index(_becomes(step, record)), str(record.fields[step.school])))
        if record.sequence is not None:
            publisher = blake2b(record.source.encode(), digest_size=4).digest()
            counts[publisher] = max(record.sequence, counts.get(publisher, record.sequence))
        states[record.key] = Learner(
            (*old.recent, digest)[-RECENT:],
            tuple(sorted(facts))[-FACTS:],
            tuple(sorted(counts.items())),
            tuple(notes[name] for name in sorted(notes)),
            _marked(old.term, said.marks, record.fields) if said and said.marks else old.term,
        )
    return states


def _marked(old: Term | None, how: Marks, fields: Mapping[str, object]) -> Term | None:
    """The latest term: what is weighed is kept, what is not weighed replaces what is there."""
    year, semester = int(str(fields[how.year])), int(str(fields[how.semester]))
    item = blake2b(str(fields[how.item]).encode(), digest_size=4).digest()
    there = {} if old is None or (old.year, old.semester) < (year, semester) else {m.item: m for m in old.marks}
    weight = (
        round(float(str(fields[how.weight])) * 100) if how.weight else there[item].weight if item in there else None
    )
    if weight is None or (old is not None and (year, semester) < (old.year, old.semester)):
        return old
    marks = {**there, item: Mark(item, weight, str(fields[how.value]))}
    return Term(year, semester, tuple(marks[one] for one in sorted(marks))[:MARKS])


def _becomes(step: HistoryStep, record: Record) -> str:
    if step.move == "enter":
        return "enrolled"
    value = str(record.fields.get(step.by)) if step.by else None
    return next((status for status, codes in step.told.items() if value in codes), step.becomes or "withdrawn")


def _day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def misremember(held: Sequence[Held], draw: Random) -> tuple[list[Held], tuple[str, str]]:
    """The stores with one state changed, and the store with its domain and the subject that must be named.

    Raises ``Barren`` where nothing is remembered.
    """
    places = [(n, subject) for n, store in enumerate(held) for subject in sorted(store.states)]
    if not places:
        raise Barren
    n, subject = draw.choice(places)
    old = held[n].states[subject] or _NEVER_SEEN
    changed = draw.choice(
        (
            replace(old, recent=old.recent[:-1]),
            replace(old, facts=(*old.facts, Fact(0, 1, "SC-000000000000"))),
            None,
        )
    )
    spoilt = list(held)
    spoilt[n] = replace(held[n], states={**held[n].states, subject: changed})
    return spoilt, (f"{held[n].where} {subject[0]}", subject[1].decode(errors="replace"))


def named(seen: Evidence, remembered: Remembered, seed: int) -> bool:
    """Whether a state changed in sound stores is named, and nothing else. Raises ``Barren``."""
    spoilt, place = misremember(remembered.held, Random(f"{seed}/misremember"))
    return [(one.where, one.id) for one in stale(seen, replace(remembered, held=spoilt))] == [place]
