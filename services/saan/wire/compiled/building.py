"""Whether the native module was built, and whether it was built from this code."""

import importlib
from enum import IntEnum
from functools import cache
from types import ModuleType

from saan.wire.compiled.program import Op, Shape


@cache
def native() -> ModuleType:
    """The native module. Raises ``LookupError`` where it is missing or older than the compiler beside it."""
    try:
        module = importlib.import_module("saan.wire.compiled.native")
    except ImportError as error:
        raise LookupError("the native module was not built: there was no C compiler") from error
    if _names(Op) != module.OPS or _names(Shape) != module.SHAPES:
        raise LookupError("the native module was built from other code: install again")
    return module


def _names(numbers: type[IntEnum]) -> dict[str, int]:
    return {one.name: one.value for one in numbers}


def is_built() -> bool:
    """Whether the compiled engine can be used here."""
    try:
        native()
    except LookupError:
        return False
    return True
