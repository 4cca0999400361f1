"""The compiled engine: the verdicts of the reference, of every example, sample and mutation."""

from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from tests.bench.differential import KEY, Base, Engines, compare

from saan.core.links import Links
from saan.core.outcome import Accepted, Finding
from saan.core.validate import tables_of
from saan.wire.compiled.building import is_built, native
from saan.wire.compiled.compiler import compile_program
from saan.wire.compiled.engine import Compiled
from saan.wire.compiled.tables import Library
from saan.wire.compiled.types import Type, tree
from saan.wire.reference import Reference, Submitted
from saan.wire.registry_types import RegisteredSchema, SchemaUnavailable

pytestmark = pytest.mark.skipif(not is_built(), reason="the native module is not built here")

MUTATIONS = 3000


@pytest.fixture(scope="module")
def engines() -> Engines:
    return Engines()


@pytest.fixture(scope="module")
def bases(engines: Engines) -> list[Base]:
    return engines.bases()


def test_every_verdict_on_an_example_or_sample_is_that_of_the_reference(engines: Engines, bases: list[Base]) -> None:
    sent = [base.sent for base in bases]

    ours, theirs = engines.compiled.check(sent), engines.reference.check(sent)

    assert [(one.verdict, one.type) for one in ours] == [(one.verdict, one.type) for one in theirs]


def test_every_verdict_on_what_is_said_of_linked_learners_is_that_of_the_reference(
    engines: Engines, bases: list[Base]
) -> None:
    sent = [base.sent for base in bases]
    learners = {one.verdict.subject for one in engines.reference.check(sent) if isinstance(one.verdict, Accepted)}
    links = Links((alias, "st-0123456789abcdef0123") for alias in sorted(learners) if alias.startswith("st-"))

    ours = Compiled(engines.world, engines.schemas, KEY, links=links).check(sent)
    theirs = Reference(engines.world, engines.schemas, KEY, links=links).check(sent)

    assert [(one.verdict, one.type) for one in ours] == [(one.verdict, one.type) for one in theirs]
    assert {one.verdict.alias is None for one in ours if isinstance(one.verdict, Accepted)} == {True, False}


def test_most_good_examples_and_samples_are_accepted_without_the_reference(engines: Engines, bases: list[Base]) -> None:
    said: Counter[str] = Counter(engines.compare(base.sent) for base in bases)

    assert said["WRONG"] == 0
    assert said["needless"] * 20 < said["certain"]


def test_no_mutated_record_gets_another_verdict() -> None:
    counts = compare(MUTATIONS, seed=20_260_701)

    assert sum(n for (_, said), n in counts.items() if said == "WRONG") == 0
    assert sum(n for (_, said), n in counts.items() if said == "certain") > MUTATIONS // 50


def test_every_event_type_of_the_catalogue_has_a_program(engines: Engines) -> None:
    world = engines.world
    library = None

    for event in world.events.values():
        tables = tables_of(world, event)
        library = library or Library(tables)
        assert compile_program(event, event.schema, tables, library).nodes


@cache
def bare_machine(engines: Engines, name: str) -> Any:
    """What reads the records of an event type and asks no rule."""
    event = engines.world.events[name]
    tables = tables_of(engines.world, event)
    return native().Machine(compile_program(replace(event, rules=()), event.schema, tables, Library(tables)), {})


def values(type: Type) -> st.SearchStrategy[Any]:
    """Data of a type, as the reference's codec writes them."""
    match type.kind:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "int":
            return st.integers(-(2**31), 2**31 - 1)
        case "long":
            return st.integers(-(2**63), 2**63 - 1)
        case "float":
            return st.floats(width=32)
        case "double":
            return st.floats()
        case "bytes":
            return st.binary(max_size=9)
        case "string":
            return st.text(max_size=9)
        case "fixed":
            return st.binary(min_size=type.size, max_size=type.size)
        case "enum":
            return st.sampled_from(type.symbols)
        case "option":
            return st.none() | values(type.inner[0])
        case "array":
            return st.lists(values(type.inner[0]), max_size=3)
        case "map":
            return st.dictionaries(st.text(max_size=4), values(type.inner[0]), max_size=3)
        case "record":
            return st.fixed_dictionaries({name: values(one) for name, one in type.fields().items()})
    raise AssertionError(type.kind)


# a record of a hundred fields is large, and slow to draw
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_machine_reads_what_the_codec_reads_and_nothing_else(engines: Engines, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(engines.world.events)))
    event, codec = engines.world.events[name], engines.codecs[name]
    body = codec.encode(data.draw(values(tree(event.schema))))
    at = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(at, min(len(body), at + 4)))
    body = data.draw(st.sampled_from((body, body[:at] + data.draw(st.binary(max_size=3)) + body[end:])))

    assert bare_machine(engines, name).passes(body, 0) == (not isinstance(codec.decode(body), Finding))


def test_records_are_counted_by_who_decided_them(engines: Engines, bases: list[Base]) -> None:
    def counted() -> list[float]:
        name = "saan_engine_records_total"
        by = ("compiled", "doubted", "objected")
        return [REGISTRY.get_sample_value(name, {"decided": one}) or 0 for one in by]

    good = next(base.sent for base in bases if engines.compare(base.sent) == "certain")
    before = counted()

    engines.compiled.check([good, replace(good, value=good.value + b"\0")])

    assert [after - was for after, was in zip(counted(), before, strict=True)] == [1, 0, 1]


class Registry:
    """A schema source that answers as it is told."""

    def __init__(self, engines: Engines) -> None:
        self.engines, self.away, self.version = engines, False, 1

    def get(self, schema_id: int) -> RegisteredSchema | None:
        if self.away:
            raise SchemaUnavailable(schema_id)
        found = self.engines.schemas.get(schema_id)
        return found and replace(found, version=self.version)


def test_a_schema_that_was_away_is_asked_for_again(engines: Engines, bases: list[Base]) -> None:
    good = next(base.sent for base in bases if engines.compare(base.sent) == "certain")
    registry = Registry(engines)
    engine = Compiled(engines.world, registry, KEY)

    registry.away = True
    assert engine.decide(good) is None
    registry.away = False
    assert engine.decide(good) is not None


def test_a_stated_version_must_be_that_of_the_schema(engines: Engines, bases: list[Base]) -> None:
    good = next(base.sent for base in bases if engines.compare(base.sent) == "certain")
    stated = replace(good, headers={**_headers(good), "ce_schemaversion": "1"})
    registry = Registry(engines)
    registry.version = 2

    assert engines.compiled.decide(stated) is not None
    assert Compiled(engines.world, registry, KEY).decide(stated) is None


def test_a_record_that_is_too_large_is_left_to_the_reference(engines: Engines, bases: list[Base]) -> None:
    good = next(base.sent for base in bases if engines.compare(base.sent) == "certain")

    assert Compiled(engines.world, engines.schemas, KEY, max_bytes=len(good.value)).decide(good) is not None
    assert Compiled(engines.world, engines.schemas, KEY, max_bytes=len(good.value) - 1).decide(good) is None


def test_an_accepted_record_carries_its_type_and_no_data(engines: Engines, bases: list[Base]) -> None:
    good = next(base.sent for base in bases if engines.compare(base.sent) == "certain")

    (one,) = engines.compiled.check([good])

    assert isinstance(one.verdict, Accepted)
    assert one.type is engines.world.events[_headers(good)["ce_type"]]
    assert one.data is None


def _headers(sent: Submitted) -> dict[str, str]:
    assert not isinstance(sent.headers, Finding)
    return dict(sent.headers)
