"""The rules: named kinds with parameters. An event type says in its catalogue entry which of them hold for it.

``KINDS`` is the closed list. To add a kind, write its ``Kind`` in the module of its subject, with words in both
languages, and give it a passing and a failing case in ``tests/unit/core/rules``; everything else derives from it.

A check objects only to a value that is there: whether a field must be there is said by the schema and by ``required``.
"""

from collections.abc import Container, Iterable, Mapping
from typing import Final

from saan.core.catalogue import RuleSpec
from saan.core.rules import (
    codes,
    dates,
    given,
    history,
    identities,
    items,
    numbers,
    people,
    schools,
    steps,
    sums,
    terms,
    texts,
    windows,
)
from saan.core.rules.items import rule_spec
from saan.core.rules.kind import Check, Facts, Form, Kind, Tables, Words, by_name
from saan.core.rules.param import Param, ParamFault, Shape

_OF_FIELDS: Final = by_name(
    (
        *texts.KINDS,
        *given.KINDS,
        *identities.KINDS,
        *codes.KINDS,
        *people.KINDS,
        *schools.KINDS,
        *dates.KINDS,
        *numbers.KINDS,
        *sums.KINDS,
        *steps.KINDS,
        *items.KINDS,
        *windows.KINDS,
    )
)
KINDS: Final[Mapping[str, Kind]] = by_name((*_OF_FIELDS.values(), *history.KINDS, *terms.KINDS, items.each(_OF_FIELDS)))
"""Every rule kind by name."""


OF_RECORD: Final = frozenset(Form) - {Form.HISTORY, Form.WINDOW}
"""What is decided from a record and the tables alone; the router decides the rest, where a record can wait."""


def build(specs: Iterable[RuleSpec], tables: Tables, forms: Container[Form] = OF_RECORD) -> tuple[Check, ...]:
    """Prepare those rules of one event type that are of these forms, in their order.

    Raises ``ValueError`` for a rule that cannot be prepared.
    """
    checks = []
    for spec in specs:
        if spec.kind not in KINDS:
            raise ValueError(f"there is no rule kind {spec.kind}")
        if KINDS[spec.kind].form in forms:
            checks.append(KINDS[spec.kind].build(spec, tables))
    return tuple(checks)


__all__ = [
    "KINDS",
    "Check",
    "Facts",
    "Form",
    "Kind",
    "Param",
    "ParamFault",
    "Shape",
    "Tables",
    "Words",
    "build",
    "rule_spec",
]
