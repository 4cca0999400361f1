"""The parameters of rule kinds: what each holds, and whether what a catalogue entry wrote fits."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Shape(StrEnum):
    """What a parameter holds."""

    FIELD = "field"
    FIELDS = "fields"
    LIST = "list"
    LISTS = "lists"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    TEXTS = "texts"
    REGEX = "regex"
    TABLE = "table"
    RULES = "rules"


REQUIRED: Final = object()


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter. ``default`` is ``REQUIRED`` or the value taken when the parameter is left out."""

    name: str
    shape: Shape
    doc: str
    default: Any = REQUIRED


@dataclass(frozen=True, slots=True)
class ParamFault:
    """A parameter that does not fit its kind."""

    param: str
    th: str
    en: str


def faults(kind: str, params: Iterable[Param], written: Mapping[str, Any]) -> tuple[ParamFault, ...]:
    """Everything wrong with the written parameters as such; whether fields and lists exist is not asked here."""
    known = {param.name: param for param in params}
    found = [
        ParamFault(name, f"ชนิดกฎ {kind} ไม่มีพารามิเตอร์นี้", f"kind {kind} has no such parameter")
        for name in written
        if name not in known
    ]
    for name, param in known.items():
        if written.get(name) is None and param.default is REQUIRED:
            found.append(ParamFault(name, "ต้องมีพารามิเตอร์นี้", "this parameter is mandatory"))
        elif written.get(name) is not None and not _FITS[param.shape](written[name]):
            found.append(ParamFault(name, f"ต้องเป็น {param.shape}", f"this must be of the shape '{param.shape}'"))
    return tuple(found)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) and all(_is_texts(row) for row in value.values())


def _is_names(value: object) -> bool:
    return isinstance(value, Mapping) and _is_texts(list(value.values()))


def _is_rules(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_FITS: Final[Mapping[Shape, Callable[[object], bool]]] = {
    Shape.FIELD: _is_text,
    Shape.FIELDS: _is_texts,
    Shape.LIST: _is_text,
    Shape.LISTS: _is_names,
    Shape.NUMBER: _is_number,
    Shape.DATE: _is_text,
    Shape.TEXT: _is_text,
    Shape.TEXTS: _is_texts,
    Shape.REGEX: _is_text,
    Shape.TABLE: _is_table,
    Shape.RULES: _is_rules,
}
