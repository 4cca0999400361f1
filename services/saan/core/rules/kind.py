"""What a rule kind is: parameters, words, and a function that prepares a check.

A kind is declared once, and its documentation, the checking of catalogue entries and the check itself derive from the
declaration. Preparing happens once per event type; a prepared check is a closure that costs well under a microsecond.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import methodcaller
from typing import Any, Final

from saan.core.calendar import day_of
from saan.core.catalogue import RuleSpec
from saan.core.codes import CodeList
from saan.core.learner import Learner
from saan.core.organisations import Organisations
from saan.core.outcome import Finding, Severity
from saan.core.rounds import Rounds
from saan.core.rules.param import REQUIRED, Param, ParamFault, Shape, faults

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a check may know besides the record.

    ``received`` is when it was received, in microseconds since the epoch. ``learner`` is what was accepted before about
    the record's subject; ``None`` where that is not known: then rules about the history object to nothing. ``waited``
    is for how many microseconds the record has been kept back since.
    """

    received: int
    learner: Learner | None = None
    waited: int = 0

    @property
    def today(self) -> int:
        """The day of receipt in Bangkok (days since 1970-01-01)."""
        return day_of(self.received)


@dataclass(frozen=True, slots=True)
class Tables:
    """What checks look things up in. ``scales`` maps decimal fields to their number of decimal places;
    ``rounds`` are the reporting rounds that were opened."""

    codes: Mapping[str, CodeList]
    organisations: Organisations
    scales: Mapping[str, int] = field(default_factory=dict)
    rounds: Rounds = field(default_factory=Rounds)


Check = Callable[[Data, Facts], tuple[Finding, ...]]
"""A prepared rule: what it finds in one record, mostly nothing."""

NOTHING: Final[tuple[Finding, ...]] = ()


class Form(StrEnum):
    """What an implementation over undecoded bytes needs for this kind."""

    ONE_FIELD = "one field"
    FIELDS = "several fields"
    CODE_SET = "a set of codes"
    STATE = "tables of organisations or places"
    HISTORY = "the learner's state"
    WINDOW = "the reporting rounds, and the time of the decision"


@dataclass(frozen=True, slots=True)
class Words:
    """The problem and what to do, in both languages. ``{path}`` is the field, other names in braces are parameters."""

    th: str
    en: str
    fix_th: str
    fix_en: str


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

    def say(self, path: str, variant: str = "", severity: Severity | None = None) -> tuple[Finding, ...]:
        """The finding of this rule at ``path``, with the words of one variant of the problem.

        A variant with a severity of its own is another matter than the rule's: it keeps the words of the kind.
        """
        words = self.words[variant]
        own = self.spec.message if severity is None else {}
        texts = (own.get(name) or getattr(words, name) for name in ("th", "en", "fix_th", "fix_en"))
        named = {**self.params, "path": path}
        return (Finding(self.spec.code, path, severity or self.severity, *(text.format_map(named) for text in texts)),)


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
        return faults(self.name, self.params, params)

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
        values = [params.get(p.name, p.default) for p in self.params if p.shape is Shape.LIST]
        for param in self.params:
            if param.shape is Shape.LISTS and isinstance(params.get(param.name), Mapping):
                values.extend(params[param.name].values())
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
