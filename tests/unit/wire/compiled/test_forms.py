"""Every rule kind has a compiled form, and it never lets pass what the kind objects to."""

from typing import Any

import pytest
from tests.unit.core.rules.cases import CASES, RECEIVED, Case, spec, tables

from saan.core.catalogue import EventType
from saan.core.rules import KINDS, Form
from saan.wire.avro import Codec
from saan.wire.compiled.building import is_built, native
from saan.wire.compiled.compiler import compile_program
from saan.wire.compiled.errors import Uncompilable
from saan.wire.compiled.kinds import FORMS
from saan.wire.compiled.program import Op, Program
from saan.wire.compiled.tables import Library

RARE = {"round_confirming"}
"""Kinds whose form is "ask the reference whenever the field is given": they are not checked often enough to matter."""

OF_RECORDS = {name for name, kind in KINDS.items() if kind.form is not Form.HISTORY}
WITHIN = [case for case in CASES if case.kind in OF_RECORDS]

needs_native = pytest.mark.skipif(not is_built(), reason="the native module is not built here")


def schema_of(value: Any, name: str = "R") -> Any:
    """An Avro schema that the value is of; every field may be null."""
    match value:
        case None | str():
            return "string"
        case bool():
            return "boolean"
        case int():
            return "long"
        case float():
            return "double"
        case bytes():
            return "bytes"
        case list():
            return {"type": "array", "items": schema_of(_widest(value), f"{name}I")}
        case dict():
            types = {key: ["null", schema_of(one, f"{name}{key}")] for key, one in value.items()}
            fields = [{"name": key, "type": type, "default": None} for key, type in types.items()]
            return {"type": "record", "name": name, "fields": fields}
    raise AssertionError(value)


def _widest(items: list[Any]) -> Any:
    """One value with the fields of all items."""
    records = [item for item in items if isinstance(item, dict)]
    given = {key: one for item in records for key, one in item.items() if one is not None}
    return given if records else (items or ["x"])[0]


def program(case: Case) -> tuple[Program, bytes]:
    """The program for a case's rule alone, and its data in Avro, under a schema made for them."""
    record = {"_": "one", **case.data}
    schema = schema_of(record)
    event = EventType(
        "e", "R", schema, "d", {}, "C0", frozenset(), "thing", ("_",), None, (), False, (),
        (spec(case.kind, case.params),), frozenset(), "r",
    )  # fmt: skip
    known = tables()
    return compile_program(event, schema, known, Library(known)), Codec(schema).encode(record)


def test_every_kind_that_is_judged_within_a_record_has_a_compiled_form() -> None:
    assert set(FORMS) == OF_RECORDS


def test_only_rare_kinds_ask_the_reference_whenever_a_field_is_given() -> None:
    passing = [case for case in WITHIN if case.path is None]

    asking = {case.kind for case in passing if any(one.op is Op.ABSENT for one in program(case)[0].code)}

    assert asking == RARE


@needs_native
@pytest.mark.parametrize("case", WITHIN, ids=lambda case: f"{case.kind}-{case.path or 'passes'}")
def test_a_form_passes_what_its_kind_passes_and_nothing_else(case: Case) -> None:
    try:
        made, body = program(case)
    except Uncompilable:  # a path through a field that is null in this case: the reference is asked
        passes = False
    else:
        passes = native().Machine(made, {}).passes(body, RECEIVED)

    assert passes == (case.path is None and case.kind not in RARE)
