"""Puts one fault of each kind into evidence, so that its checker can be seen to name it, and nobody else's.

A plant changes only what the checkers read; the exchange is not touched. Where a fault cannot happen alone (an event
that is gone from the log was still told as accepted, and the ledger counted it), ``also`` names who else may speak.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from saan.prove.check import Found, Meant, check
from saan.prove.evidence import Evidence, Receipt, Record
from saan.prove.intent import Key

Plant = Callable[[Meant, Evidence, Random], Key]
"""Changes the evidence in place; the publication that the checker must name. Raises ``Barren``."""


class Barren(Exception):
    """The evidence has nothing in which this fault could be planted."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: how it is planted, which checker must name it, which may speak too."""

    plant: Plant
    checker: str
    also: frozenset[str] = frozenset()


def copy(seen: Evidence) -> Evidence:
    """The same evidence in lists of its own; the records are values and are shared."""
    inboxes = {name: list(records) for name, records in seen.inboxes.items()}
    return Evidence(
        list(seen.outbox),
        list(seen.checked),
        list(seen.log),
        inboxes,
        list(seen.quarantine),
        list(seen.parked),
        list(seen.receipts),
        list(seen.notices),
        list(seen.ledger),
    )


def drop(book: Meant, seen: Evidence, draw: Random) -> Key:
    gone = seen.log.pop(_at(seen.log, draw))
    return gone.publication


def double(book: Meant, seen: Evidence, draw: Random) -> Key:
    records = _inbox(seen, draw)
    records.append(records[_at(records, draw)])
    return records[-1].publication


def swap(book: Meant, seen: Evidence, draw: Random) -> Key:
    """Two neighbours of one chain change places in the canonical log; the earlier one then comes too late."""
    last: dict[tuple[str, str], int] = {}
    pairs = []
    for place, record in enumerate(seen.log):
        intent = book.accepted.get(record.publication)
        if intent is not None:
            chain = intent.chain, record.topic
            if chain in last:
                pairs.append((last[chain], place))
            last[chain] = place
    one, other = pairs[_at(pairs, draw)]
    seen.log[one], seen.log[other] = seen.log[other], seen.log[one]
    return seen.log[other].publication


def leak(book: Meant, seen: Evidence, draw: Random) -> Key:
    """Somebody gets what it is not entitled to."""
    for record in draw.sample(seen.log, len(seen.log)):
        owed = book.accepted[record.publication].owed if record.publication in book.accepted else ()
        others = sorted(seen.inboxes.keys() - set(owed))
        if others:
            seen.inboxes[draw.choice(others)].append(record)
            return record.publication
    raise Barren


def withhold(book: Meant, seen: Evidence, draw: Random) -> Key:
    records = _inbox(seen, draw)
    return records.pop(_at(records, draw)).publication


def flip(book: Meant, seen: Evidence, draw: Random) -> Key:
    """One bit of one record's bytes in the canonical log; whoever had the same bytes keeps them."""
    place = _at(seen.log, draw)
    record = seen.log[place]
    value = bytearray(record.value)
    value[draw.randrange(len(value))] ^= 1 << draw.randrange(8)
    seen.log[place] = replace(record, value=bytes(value))
    return record.publication


def change(book: Meant, seen: Evidence, draw: Random) -> Key:
    """One field of what one recipient got has another value."""
    whole = {record.publication: record.value for record in seen.log}
    views = [
        (records, place)
        for _, records in sorted(seen.inboxes.items())
        for place, record in enumerate(records)
        if record.fields and record.value != whole.get(record.publication)
    ]
    records, place = views[_at(views, draw)]
    record = records[place]
    name = draw.choice(sorted(record.fields))
    records[place] = replace(record, fields={**record.fields, name: "something else"})
    return record.publication


def forge(book: Meant, seen: Evidence, draw: Random) -> Key:
    """A publisher is told that a refused event was accepted."""
    aside = [record for record in seen.quarantine if record.id]
    record = aside[_at(aside, draw)]
    seen.receipts.append(Receipt(record.source, "router", accepted=(record.id,)))
    return record.publication


def miscount(book: Meant, seen: Evidence, draw: Random) -> Key:
    seen.ledger.pop(_at(seen.ledger, draw))
    return "", ""


def misplace(book: Meant, seen: Evidence, draw: Random) -> Key:
    """A quarantine entry names an origin where nothing is."""
    place = _at(seen.quarantine, draw)
    record = seen.quarantine[place]
    room = record.origin.partition("/")[0]
    seen.quarantine[place] = replace(record, origin=f"{room}/0/999999999")
    return record.publication


KINDS: Final[Mapping[str, Kind]] = {
    "drop": Kind(drop, "lost", frozenset({"receipts", "unbalanced"})),
    "double": Kind(double, "doubled", frozenset({"unbalanced"})),
    "swap": Kind(swap, "inverted"),
    "leak": Kind(leak, "leaked", frozenset({"unbalanced"})),
    "withhold": Kind(withhold, "missing", frozenset({"unbalanced"})),
    "flip": Kind(flip, "altered"),
    "change": Kind(change, "altered"),
    "forge": Kind(forge, "receipts"),
    "miscount": Kind(miscount, "unbalanced"),
    "misplace": Kind(misplace, "orphaned"),
}


def named(book: Meant, seen: Evidence, name: str, seed: int) -> bool:
    """Whether the fault ``name``, planted into a copy of sound evidence, is named by its checker and by no other.

    Raises ``Barren`` where there is nothing to plant it in.
    """
    kind, spoilt = KINDS[name], copy(seen)
    key = kind.plant(book, spoilt, Random(f"{seed}/{name}"))
    found = check(book, spoilt)
    others = {checker for checker, faults in found.items() if faults} - {kind.checker} - kind.also
    return not others and {_publication(one) for one in found[kind.checker]} == {key}


def _publication(found: Found) -> Key:
    return found.source, found.id


def _at(things: Sequence[object], draw: Random) -> int:
    if not things:
        raise Barren
    return draw.randrange(len(things))


def _inbox(seen: Evidence, draw: Random) -> list[Record]:
    filled = [records for _, records in sorted(seen.inboxes.items()) if records]
    return filled[_at(filled, draw)]
