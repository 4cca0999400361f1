"""Intents against evidence. Every checker is a pure function that yields what it found, one ``Found`` per fault.

Nothing here knows how the exchange works, only what it promises:

    lost        acknowledged and to be accepted, but not in the canonical log
    doubled     twice in the canonical log or in one inbox
    inverted    an event of a learner after a later one, within one topic
    leaked      in the inbox of somebody who is not entitled, or refused and delivered all the same
    missing     in the canonical log but not in the inbox of somebody entitled
    altered     other content than was meant, or other bytes than were handed in
    receipts    a publisher was told something else than happened
    unbalanced  the ledger does not add up to what lies in the topics
    orphaned    a quarantine entry whose origin does not hold that record, or a refused record that is not there
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from saan.prove.evidence import REJECTED, Evidence, Record
from saan.prove.intent import Answer, Fate, Intent, Key


@dataclass(frozen=True, slots=True)
class Found:
    """One fault: where it shows, which publication it is about, and what is wrong in a few words without content."""

    checker: str
    where: str
    source: str
    id: str
    what: str = ""


@dataclass(slots=True)
class Meant:
    """The intents of a run, looked up by publication. ``taken`` were acknowledged to their publisher."""

    accepted: dict[Key, Intent]
    refused: dict[Key, Intent]
    poison: dict[str, Intent]
    taken: set[Key]
    refused_at_once: set[Key]


def meant(intents: Iterable[Intent], answers: Iterable[Answer]) -> Meant:
    """Sort what was meant by what must become of it."""
    book = Meant({}, {}, {}, set(), set())
    for intent in intents:
        if intent.fate is Fate.ACCEPTED:
            book.accepted[intent.key] = intent
        elif intent.fate is Fate.REFUSED:
            book.refused[intent.key] = intent
        elif intent.fate is Fate.POISON:
            book.poison[intent.body] = intent
    for answer in answers:
        key = (answer.source, answer.id)
        (book.refused_at_once if answer.word == "invalid" else book.taken).add(key)
    return book


def lost(book: Meant, seen: Evidence) -> Iterator[Found]:
    there = {record.publication for record in seen.log}
    handed_in = book.taken | {record.publication for record in seen.outbox}
    for key in sorted((book.accepted.keys() & handed_in) - there):
        yield Found("lost", "record", *key, book.accepted[key].type)


def doubled(book: Meant, seen: Evidence) -> Iterator[Found]:
    for where, records in (("record", seen.log), *seen.inboxes.items()):
        for key, n in Counter(record.publication for record in records).items():
            if n > 1:
                yield Found("doubled", where, *key, f"{n} times")


def inverted(book: Meant, seen: Evidence) -> Iterator[Found]:
    for where, records in (("record", seen.log), *seen.inboxes.items()):
        yield from _inverted(book, where, records)


def _inverted(book: Meant, where: str, records: Sequence[Record]) -> Iterator[Found]:
    newest: dict[tuple[str, str], int] = defaultdict(lambda: -1)
    met: set[Key] = set()
    for record in records:
        intent = book.accepted.get(record.publication)
        if intent is None or record.publication in met:
            continue  # a second copy is the business of `doubled`
        met.add(record.publication)
        place = intent.chain, _domain(record)
        if intent.order < newest[place]:
            yield Found("inverted", where, *record.publication, f"{intent.order} after {newest[place]}")
        newest[place] = max(newest[place], intent.order)


def _domain(record: Record) -> str:
    """Events of one learner keep their order within a domain, and the first word of a type tells domains apart."""
    return record.type.partition(".")[0]


def leaked(book: Meant, seen: Evidence) -> Iterator[Found]:
    for participant, records in seen.inboxes.items():
        for record in records:
            intent = book.accepted.get(record.publication)
            if intent is None or participant not in intent.owed:
                yield Found("leaked", participant, *record.publication, record.type)
    for record in seen.log:
        if record.publication not in book.accepted:
            yield Found("leaked", "record", *record.publication, record.type)


def missing(book: Meant, seen: Evidence) -> Iterator[Found]:
    got = {name: {record.publication for record in records} for name, records in seen.inboxes.items()}
    for key in dict.fromkeys(record.publication for record in seen.log):
        intent = book.accepted.get(key)
        for participant in intent.owed if intent else ():
            if key not in got.get(participant, set()):
                yield Found("missing", participant, *key, intent.type if intent else "")


def altered(book: Meant, seen: Evidence) -> Iterator[Found]:
    handed_in: dict[Key, set[bytes]] = defaultdict(set)
    for record in seen.outbox:
        handed_in[record.publication].add(record.value)
    whole: dict[Key, Record] = {}
    for record in seen.log:
        whole.setdefault(record.publication, record)
        intent = book.accepted.get(record.publication)
        if intent is not None and record.body != intent.body:
            yield Found("altered", "record", *record.publication, "content")
        if record.value not in handed_in[record.publication]:
            yield Found("altered", "record", *record.publication, "bytes")
    for participant, records in seen.inboxes.items():
        for record in records:
            yield from _altered_view(participant, record, whole.get(record.publication))


def _altered_view(participant: str, record: Record, whole: Record | None) -> Iterator[Found]:
    """A recipient may have fewer fields than the log, never others and never another value."""
    if whole is None or record.value == whole.value:
        return
    if not record.fields or not _within(record.fields, whole.fields):
        yield Found("altered", participant, *record.publication, "view")
    if record.key != whole.key or record.subject != whole.subject:
        yield Found("altered", participant, *record.publication, "subject")


def _within(part: object, whole: object) -> bool:
    if isinstance(part, Mapping) and isinstance(whole, Mapping):
        return all(name in whole and _within(value, whole[name]) for name, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(_within, part, whole))
    return part == whole


def receipts(book: Meant, seen: Evidence) -> Iterator[Found]:
    copies = Counter(record.publication for record in seen.outbox)
    logged = {record.publication for record in seen.log}
    set_aside = {record.publication for record in (*seen.quarantine, *seen.parked) if record.id}
    accepted, repeated, refused = _told(seen)
    for key in sorted(logged | accepted.keys()):
        if accepted[key] != (key in logged):
            yield Found("receipts", "accepted", *key, f"told {accepted[key]} times")
    for key in sorted(logged | repeated.keys()):
        owed = copies[key] - 1 if key in logged else 0
        if repeated[key] != owed:
            yield Found("receipts", "duplicates", *key, f"told {repeated[key]}, handed in again {owed}")
    for key in sorted(set_aside ^ refused):
        yield Found("receipts", "refused", *key, "told" if key in refused else "not told")


def _told(seen: Evidence) -> tuple[Counter[Key], Counter[Key], set[Key]]:
    accepted: Counter[Key] = Counter()
    repeated: Counter[Key] = Counter()
    refused: set[Key] = set()
    for receipt in seen.receipts:
        accepted.update((receipt.participant, id) for id in receipt.accepted)
        repeated.update((receipt.participant, id) for id in receipt.duplicates)
        refused.update((receipt.participant, id) for id in receipt.refused if id != "unknown")
    return accepted, repeated, refused


def orphaned(book: Meant, seen: Evidence) -> Iterator[Found]:
    by_place = {f"{r.topic}/{r.partition}/{r.offset}": r for r in (*seen.outbox, *seen.checked)}
    origins: Counter[str] = Counter(record.origin for record in seen.quarantine)
    for record in seen.quarantine:
        origin = by_place.get(record.origin)
        if origin is None or origin.value != record.value:
            yield Found("orphaned", "quarantine", *record.publication, f"origin {record.origin or 'not told'}")
        if origins[record.origin] > 1:
            yield Found("orphaned", "quarantine", *record.publication, f"{record.origin} set aside twice")
        if record.publication not in book.refused and record.digest not in book.poison:
            yield Found("orphaned", "quarantine", *record.publication, f"refused by {record.code}, was to be accepted")
    for record in seen.outbox:
        refused = record.publication in book.refused or record.digest in book.poison
        if refused and f"{record.topic}/{record.partition}/{record.offset}" not in origins:
            yield Found("orphaned", "quarantine", *record.publication, "was to be refused and is not there")


def unbalanced(book: Meant, seen: Evidence) -> Iterator[Found]:
    yield from _tiling(seen, "validator", seen.outbox)
    yield from _tiling(seen, "router", seen.checked)
    said = _sums(seen)
    there = {
        ("validator", "accepted"): len(seen.checked),
        ("router", "accepted"): len(seen.log),
        ("router", "duplicate"): len(seen.checked) - len(seen.log) - _aside(seen, "checked.") - seen.waiting,
        ("validator", "refused"): _aside(seen, "outbox."),
        ("router", "refused"): _aside(seen, "checked.") + seen.waiting,
    }
    for (station, outcome), n in there.items():
        if said[station, outcome] != n:
            yield Found("unbalanced", station, "", "", f"{outcome}: ledger {said[station, outcome]}, topics {n}")
    delivered: Counter[str] = Counter()
    for entry in seen.ledger:
        delivered.update(entry.delivered)
    noticed = Counter(notice.participant for notice in seen.notices)
    for participant in sorted(delivered.keys() | seen.inboxes.keys()):
        got = len(seen.inboxes.get(participant, ())) + noticed[participant]
        if delivered[participant] != got:
            yield Found("unbalanced", participant, "", "", f"delivered: ledger {delivered[participant]}, inbox {got}")
    yield from _unnoticed(book, seen)


def _unnoticed(book: Meant, seen: Evidence) -> Iterator[Found]:
    """Whoever hears of a publisher's refused records hears of all of them, and somebody does."""
    refused = Counter(record.source for record in seen.quarantine if record.verdict == "rejected")
    heard: dict[str, Counter[str]] = defaultdict(Counter)
    for notice in seen.notices:
        if notice.type == REJECTED:
            heard[notice.publisher][notice.participant] += notice.records
    for publisher in sorted(refused.keys() & {source for source, _ in book.refused}):
        for participant, n in heard[publisher].items() or (("nobody", 0),):
            if n != refused[publisher]:
                said = f"refused: notices {n}, quarantine {refused[publisher]}"
                yield Found("unbalanced", participant, publisher, "", said)


def _aside(seen: Evidence, prefix: str) -> int:
    return sum(record.origin.startswith(prefix) for record in seen.quarantine)


def _sums(seen: Evidence) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for entry in seen.ledger:
        for outcome, n in entry.outcomes.items():
            sums[entry.station, "refused" if outcome in ("rejected", "parked") else outcome] += n
    return sums


def _tiling(seen: Evidence, station: str, inputs: Sequence[Record]) -> Iterator[Found]:
    """Blocks of one input partition may not overlap, and together they hold every record of it."""
    given: dict[tuple[str, int], list[int]] = defaultdict(list)
    for record in inputs:
        given[record.topic, record.partition].append(record.offset)
    blocks: dict[tuple[str, int], list[tuple[int, int, int]]] = defaultdict(list)
    for entry in seen.ledger:
        if entry.station == station:
            blocks[entry.topic, entry.partition].append((entry.first, entry.last, entry.records))
            if sum(entry.outcomes.values()) != entry.records:
                yield Found(
                    "unbalanced", f"{entry.topic}/{entry.partition}", "", "", f"outcomes of block {entry.first}"
                )
    for place in sorted(given.keys() | blocks.keys()):
        spans, where = sorted(blocks[place]), f"{place[0]}/{place[1]}"
        for one, other in pairwise(spans):
            if other[0] <= one[1]:
                yield Found("unbalanced", where, "", "", f"blocks at {one[0]} and {other[0]} overlap")
        counted = sum(span[2] for span in spans)
        if counted != len(given[place]):
            outside = [at for at in given[place] if not any(first <= at <= last for first, last, _ in spans)]
            said = f"ledger has {counted} records, the topic {len(given[place])}"
            said += f"; in no block: {', '.join(map(str, outside[:5]))}" if outside else "; every one is in a block"
            yield Found("unbalanced", where, "", "", said)


CHECKERS: Mapping[str, Callable[[Meant, Evidence], Iterator[Found]]] = {
    check.__name__: check
    for check in (lost, doubled, inverted, leaked, missing, altered, receipts, orphaned, unbalanced)
}


def check(book: Meant, seen: Evidence) -> dict[str, list[Found]]:
    """What every checker found, by checker."""
    return {name: list(checker(book, seen)) for name, checker in CHECKERS.items()}
