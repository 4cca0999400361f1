"""Holds the compiled engine against the reference: no mutated record may get another verdict.

    python -m tests.bench.differential [records] [seed]

Takes every accepted, warned, parked and rejected example of every event type and every conformance sample, and mutates
them: bytes are flipped, cut, inserted, doubled and spliced with those of another record; fields are exchanged between
records and shifted; headers are changed. What the machine is certain of must be accepted by the reference, with the
same subject and without a warning. All else is decided by the reference anyway; of every 16th such record it is counted
whether the doubt was needed. Prints the counts per kind of mutation; exit code 1 when a verdict differs.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from saan.core.calendar import rfc3339
from saan.core.outcome import Accepted
from saan.core.rounds import opened
from saan.core.world import World
from saan.sources.conformance import sample
from saan.wire.avro import Codec
from saan.wire.compiled.engine import Compiled
from saan.wire.files import default_folder, read
from saan.wire.record import FRAME_SIZE, frame
from saan.wire.reference import Reference, Submitted
from saan.wire.registry_types import RegisteredSchema
from saan.wire.world import build

KEY = b"a key for comparing engines only"
SAMPLES = Path(__file__).parents[1] / "contract" / "samples"
ASKED = 16
"""Of so many records in doubt, the reference is asked about one."""
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Base:
    """One record to be mutated: what was sent, and its data by field."""

    event: str
    sent: Submitted
    data: Mapping[str, Any]


class Shipped:
    """The schemas of ``schemas/`` by the number of their event type."""

    def __init__(self, world: World) -> None:
        self.ids = {name: number for number, name in enumerate(world.events, start=1)}
        self._names = {number: name for name, number in self.ids.items()}
        self._events = world.events

    def get(self, schema_id: int) -> RegisteredSchema | None:
        event = self._events.get(self._names.get(schema_id, ""))
        return None if event is None else RegisteredSchema(event.record, 1, event.schema)


class Engines:
    """Both engines in one state of governance, in which every reporting round of 2568 is open or over."""

    def __init__(self, world: World | None = None) -> None:
        world = world or build(read(default_folder()).entities())
        windows = opened(pattern.window(year) for pattern in world.rounds.patterns.values() for year in (2567, 2568))
        self.world = replace(world, rounds=windows)
        self.schemas = Shipped(self.world)
        self.codecs = {name: Codec(event.schema) for name, event in world.events.items()}
        self.reference = Reference(self.world, self.schemas, KEY)
        self.compiled = Compiled(self.world, self.schemas, KEY)

    def compare(self, sent: Submitted, *, asked: bool = True) -> str:
        """``certain`` or ``WRONG``; of a doubt ``needed`` or ``needless``, ``doubt`` without asking the reference."""
        certain = self.compiled.decide(sent)
        if certain is None and not asked:
            return "doubt"
        try:
            verdict = self.reference.check((sent,))[0]
        except (TypeError, ValueError, KeyError, AttributeError):
            return "needed" if certain is None else "WRONG"  # a record that cannot be decided is set aside as poison
        good = isinstance(verdict.verdict, Accepted) and not verdict.verdict.warnings
        if certain is None:
            return "needless" if good else "needed"
        event, subject = certain
        return "certain" if good and verdict.verdict == Accepted(subject) and verdict.type is event else "WRONG"

    def bases(self) -> list[Base]:
        """All examples and samples that have an Avro form."""
        return [*self._examples(), *self._samples()]

    def _examples(self) -> Iterator[Base]:
        for name, event in self.world.events.items():
            if event.control:
                continue
            accepted: list[dict[str, Any]] = []
            for outcome in ("accepted", "warned", "parked", "rejected"):
                for example in event.examples.get(outcome, ()):
                    start = example.get("from")
                    whole = {**(accepted[start] if start is not None else {}), **(example.get("data") or {})}
                    whole = {**whole, **(example.get("set") or {})}
                    whole = {field: one for field, one in whole.items() if field not in (example.get("drop") or ())}
                    if outcome == "accepted":
                        accepted.append(whole)
                    headers = {f"ce_{n}": str(v) for n, v in (example.get("envelope") or {}).items()}
                    yield from self._base(name, whole, headers)

    def _base(self, name: str, written: Mapping[str, Any], headers: Mapping[str, str]) -> Iterator[Base]:
        data = self.codecs[name].from_json(written)
        if isinstance(data, tuple):
            return
        event = self.world.events[name]
        day = data.get("effectiveDate", 20_241)
        time = day * _DAY + 7_200_000_000 if abs(day) < 30_000 else 20_241 * _DAY
        above = self.world.organisations.above(str(data.get(event.school or "")), day)
        speakers = [p for p in self.world.participants.values() if name in p.publishes and p.kind in event.publishers]
        able = [p.id for p in speakers if event.school is None or not p.speaks_for.isdisjoint(above)]
        source = (able or [p.id for p in speakers] or ["nobody"])[0]
        stamp = rfc3339(time)
        own = {
            "ce_specversion": "1.0",
            "ce_id": "01972e72-3898-7ec4-8c2e-3bbf73fcde92",
            "ce_type": name,
            "ce_source": source,
            "ce_time": stamp,
            "content-type": "application/avro",
        }
        yield self._sent(name, data, {**own, **headers}, source, time + 120_000_000)

    def _sent(self, name: str, data: Any, headers: dict[str, str], publisher: str, received: int) -> Base:
        body = self.codecs[name].encode(data)
        whole = self.codecs[name].decode(body)
        assert isinstance(whole, dict)
        return Base(name, Submitted(headers, frame(self.schemas.ids[name], body), publisher, received), whole)

    def _samples(self) -> Iterator[Base]:
        for path in sorted(SAMPLES.glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                one = sample(json.loads(line), self.world)
                for said in one.events:
                    if said.event_type in self.codecs:
                        fields = {field["name"] for field in self.world.events[said.event_type].schema["fields"]}
                        data = self.codecs[said.event_type].from_json(
                            {name: value for name, value in said.data.items() if name in fields}
                        )
                        if isinstance(data, dict):
                            yield self._sent(said.event_type, data, dict(said.headers), one.publisher, one.received)


class Mutations:
    """Draws mutated records, most of them of good ones; one seed draws the same ones."""

    def __init__(self, engines: Engines, bases: list[Base], seed: int) -> None:
        self._engines, self._bases, self._random = engines, bases, random.Random(seed)
        self._good = [base for base in bases if engines.compiled.decide(base.sent) is not None]
        self._by_event: dict[str, list[Base]] = {}
        for base in bases:
            self._by_event.setdefault(base.event, []).append(base)

    def draw(self) -> tuple[str, Submitted]:
        """The kind of mutation, and the record."""
        base = self._random.choice(self._good if self._random.random() < 0.8 else self._bases)
        kind = self._random.choice(("flip", "cut", "insert", "double", "splice", "fields", "fields", "headers"))
        if kind == "fields":
            return kind, self._fields(base)
        if kind == "headers":
            return kind, self._headers(base.sent)
        value = base.sent.value
        for _ in range(1 if self._random.random() < 0.8 else 3):
            value = self._bytes(kind, value, base)
        return kind, replace(base.sent, value=value)

    def _bytes(self, kind: str, value: bytes, base: Base) -> bytes:
        draw = self._random
        first = 0 if draw.random() < 0.02 else FRAME_SIZE
        at = draw.randrange(min(first, len(value)), len(value) + 1)
        end = min(len(value), at + draw.choice((1, 1, 2, 3, 8, 40)))
        match kind:
            case "flip" if at < len(value):
                return value[:at] + bytes((value[at] ^ 1 << draw.randrange(8),)) + value[at + 1 :]
            case "cut":
                return value[:at] + value[end:]
            case "insert":
                return value[:at] + draw.randbytes(draw.choice((1, 1, 2, 8))) + value[at:]
            case "double":
                return value[:end] + value[at:end] + value[end:]
        other = draw.choice(self._by_event[base.event]).sent.value
        return value[:at] + other[draw.randrange(min(FRAME_SIZE, len(other)), len(other) + 1) :]

    def _fields(self, base: Base) -> Submitted:
        """Some fields exchanged for those of other records of the type, some shifted."""
        draw, data = self._random, dict(base.data)
        for _ in range(draw.choice((1, 1, 2, 4))):
            name = draw.choice(list(data))
            if draw.random() < 0.5:
                data[name] = draw.choice(self._by_event[base.event]).data[name]
            else:
                data[name] = self._shifted(data[name])
        try:
            body = self._engines.codecs[base.event].encode(data)
        except (ValueError, TypeError):
            body = base.sent.value[FRAME_SIZE:]
        return replace(base.sent, value=base.sent.value[:FRAME_SIZE] + body)

    def _shifted(self, value: Any) -> Any:
        draw = self._random
        match value:
            case bool():
                return not value
            case int():
                return value + draw.choice((-400, -30, -7, -1, 1, 7, 30, 400))
            case float():
                return value + draw.choice((-1.0, -0.5, 1e-9, 0.5, 100.0, float("nan"), float("inf")))
            case str():
                at = draw.randrange(len(value) + 1)
                letter = draw.choice("กเแำํุ่์a9A-./ \u200b<é\u0430\n\0")
                return draw.choice((value[:at] + letter + value[at:], value[:at] + value[at + 1 :], letter + value, ""))
            case list() if value:
                return draw.choice((value[1:], [*value, value[0]], value * 40))
            case dict() if value:
                inner = draw.choice(list(value))
                return {**value, inner: self._shifted(value[inner])}
        return value

    def _headers(self, sent: Submitted) -> Submitted:
        draw = self._random
        assert isinstance(sent.headers, Mapping)
        headers = dict(sent.headers)
        name = draw.choice(
            [*headers, "ce_subject", "ce_recordedtime", "ce_schemaversion", "ce_purpose", "ce_x", "other"]
        )
        value = headers.get(name, "")
        at = draw.randrange(len(value) + 1)
        letter = draw.choice("0123456789abcdefTZ+-:. ,/\u00e9\n")
        other = draw.choice(self._bases).sent
        assert isinstance(other.headers, Mapping)
        fixed = (
            "",
            "1",
            "2",
            "1.0",
            "st-970f5755d83445f1adec",
            "9900007680665",
            "REGISTER, STATS",
            "true",
            sent.publisher,
        )
        headers[name] = draw.choice(
            (
                value[:at] + letter + value[at:],
                value[:at] + value[at + 1 :],
                value[:at] + letter + value[at + 1 :],
                other.headers.get(name, value),
                draw.choice(fixed),
                rfc3339(sent.received + draw.choice((-_DAY, -1, 0, 1, 299_000_000, 301_000_000))),
            )
        )
        if draw.random() < 0.1:
            del headers[name]
        publisher = other.publisher if draw.random() < 0.1 else sent.publisher
        received = sent.received + draw.choice((0, 0, 0, -_DAY, 1, 200 * _DAY))
        return Submitted(headers, sent.value, publisher, received)


def compare(records: int, seed: int) -> Counter[tuple[str, str]]:
    """How many records of each kind of mutation came out how; a wrong one is printed."""
    engines = Engines()
    mutations = Mutations(engines, engines.bases(), seed)
    counts: Counter[tuple[str, str]] = Counter()
    for number in range(records):
        kind, sent = mutations.draw()
        said = engines.compare(sent, asked=number % ASKED == 0)
        counts[kind, said] += 1
        if said == "WRONG":
            print(f"WRONG after {kind}: {sent.headers} {sent.publisher} {sent.received} {sent.value.hex()}")
    return counts


def main() -> int:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    counts = compare(records, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    words = ("certain", "doubt", "needed", "needless", "WRONG")
    print(f"{'mutation':10}" + "".join(f"{word:>12}" for word in words))
    for kind in sorted({kind for kind, _ in counts}):
        print(f"{kind:10}" + "".join(f"{counts[kind, word]:12,}" for word in words))
    wrong = sum(n for (_, said), n in counts.items() if said == "WRONG")
    print(f"{records:,} records, {wrong} decided otherwise than by the reference")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
