"""What a rule kind is: parameters, words, and a function that prepares a check.

A kind is declared once, and its documentation, the checking of catalogue entries and the check itself derive from the
declaration. Preparing happens once per event type; a prepared check is a closure that costs well under a microsecond.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import methodcaller
from typing import Any, Final

from saan.core.catalogue import RuleSpec
from saan.core.codes import CodeList
from saan.core.organisations import Organisations
from saan.core.outcome import Finding, Severity

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a check may know besides the record: ``today``, the day of receipt in Bangkok (days since 1970-01-01)."""

    today: int


@dataclass(frozen=True, slots=True)
class Tables:
    """What checks look things up in. ``scales`` maps decimal fields to their number of decimal places."""

    codes: Mapping[str, CodeList]
    organisations: Organisations
    scales: Mapping[str, int] = field(default_factory=dict)


Check = Callable[[Data, Facts], tuple[Finding, ...]]
"""A prepared rule: what it finds in one record, mostly nothing."""

NOTHING: Final[tuple[Finding, ...]] = ()


class Shape(StrEnum):
    """What a parameter holds."""

    FIELD = "field"
    FIELDS = "fields"
    LIST = "list"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    TEXTS = "texts"
    REGEX = "regex"
    TABLE = "table"
    RULES = "rules"


class Form(StrEnum):
    """What an implementation over undecoded bytes needs for this kind."""

    ONE_FIELD = "one field"
    FIELDS = "several fields"
    CODE_SET = "a set of codes"
    STATE = "tables of organisations or places"


REQUIRED: Final = object()


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter. ``default`` is ``REQUIRED`` or the value taken when the parameter is left out."""

    name: str
    shape: Shape
    doc: str
    default: Any = REQUIRED


@dataclass(frozen=True, slots=True)
class Words:
    """The problem and what to do, in both languages. ``{path}`` is the field, other names in braces are parameters."""

    th: str
    en: str
    fix_th: str
    fix_en: str


@dataclass(frozen=True, slots=True)
class ParamFault:
    """A parameter that does not fit its kind."""

    param: str
    th: str
    en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule being prepared: its parameters with defaults filled in, the tables, and its voice."""

    spec: RuleSpec
    params: Mapping[str, Any]
    tables: Tables
    words: Mapping[str, Words]
    severity: Severity

    def __getitem__(self, param: str) -> Any:
        return self.params[param]

    def get(self, param: str) -> Callable[[Data], Any]:
        """Reads the field that the parameter names; reads ``None`` when the parameter was left out."""
        return reader(self.params[param])

    def say(self, path: str, variant: str = "") -> tuple[Finding, ...]:
        """The finding of this rule at ``path``, with the words of one variant of the problem."""
        words = self.words[variant]
        own = self.spec.message
        texts = (own.get(name) or getattr(words, name) for name in ("th", "en", "fix_th", "fix_en"))
        named = {**self.params, "path": path}
        return (Finding(self.spec.code, path, self.severity, *(text.format_map(named) for text in texts)),)


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the closed list. ``code`` and ``severity`` are what a rule of this kind usually carries."""

    name: str
    doc: str
    code: str
    severity: Severity
    form: Form
    params: tuple[Param, ...]
    words: Mapping[str, Words]
    prepare: Callable[[Rule], Check]

    def build(self, spec: RuleSpec, tables: Tables) -> Check:
        """Prepare the check of one rule of this kind. Raises ``ValueError`` when the parameters do not fit."""
        faults = self.faults(spec.params)
        if faults:
            raise ValueError(f"rule {spec.code} of kind {self.name}: {faults[0].param}: {faults[0].en}")
        params = {p.name: spec.params.get(p.name, p.default) for p in self.params}
        return self.prepare(Rule(spec, params, tables, self.words, Severity(spec.severity or self.severity)))

    def faults(self, params: Mapping[str, Any]) -> tuple[ParamFault, ...]:
        """Everything wrong with these parameters as such; whether fields and lists exist is not asked here."""
        known = {p.name: p for p in self.params}
        found = [
            ParamFault(name, f"ชนิดกฎ {self.name} ไม่มีพารามิเตอร์นี้", f"kind {self.name} has no such parameter")
            for name in params
            if name not in known
        ]
        for param in self.params:
            if param.name not in params and param.default is REQUIRED:
                found.append(ParamFault(param.name, "ต้องมีพารามิเตอร์นี้", "this parameter is mandatory"))
            elif params.get(param.name) is not None and not _FITS[param.shape](params[param.name]):
                fault = ParamFault(param.name, f"ต้องเป็น {param.shape}", f"this must be of the shape '{param.shape}'")
                found.append(fault)
        return tuple(found)

    def fields(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        """The payload fields that these parameters name, defaults included."""
        named: list[str] = []
        for param in self.params:
            value = params.get(param.name, param.default)
            if value is None or value is REQUIRED:
                continue
            if param.shape is Shape.FIELD:
                named.append(value)
            elif param.shape is Shape.FIELDS:
                named.extend(value)
        return tuple(named)

    def lists(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        """The code lists that these parameters name, defaults included."""
        values = (params.get(p.name, p.default) for p in self.params if p.shape is Shape.LIST)
        return tuple(value for value in values if isinstance(value, str))


def reader(path: str | None) -> Callable[[Data], Any]:
    """A function that reads a field, ``a.b`` inside a nested record; an absent or null step reads ``None``."""
    if path is None:
        return lambda data: None
    if "." not in path:
        return methodcaller("get", path)
    first, rest = path.split(".", 1)
    deeper = reader(rest)
    return lambda data: None if (inner := data.get(first)) is None else deeper(inner)


def by_name(kinds: Iterable[Kind]) -> dict[str, Kind]:
    """The kinds by name. Raises ``ValueError`` when two have the same name."""
    kinds = tuple(kinds)
    named = {kind.name: kind for kind in kinds}
    if len(named) != len(kinds):
        raise ValueError("two rule kinds have the same name")
    return named


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) and all(_is_texts(row) for row in value.values())


def _is_rules(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_FITS: Final[Mapping[Shape, Callable[[object], bool]]] = {
    Shape.FIELD: _is_text,
    Shape.FIELDS: _is_texts,
    Shape.LIST: _is_text,
    Shape.NUMBER: _is_number,
    Shape.DATE: _is_text,
    Shape.TEXT: _is_text,
    Shape.TEXTS: _is_texts,
    Shape.REGEX: _is_text,
    Shape.TABLE: _is_table,
    Shape.RULES: _is_rules,
}
