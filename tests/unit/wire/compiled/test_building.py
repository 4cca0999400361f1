"""Without the native module, or with an old one, the reference engine serves, and everybody is told."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from saan.embedded.doctor import checks
from saan.wire import composing
from saan.wire.compiled.building import is_built, native
from saan.wire.compiled.engine import Compiled
from saan.wire.compiled.program import Op
from saan.wire.reference import Reference
from saan.wire.settings import Settings

NATIVE = "saan.wire.compiled.native"


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The loaded modules, to be changed by the test."""
    native.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    native.cache_clear()


@pytest.fixture
def absent(modules: pytest.MonkeyPatch) -> None:
    """As where there was no C compiler: the import fails."""
    modules.setitem(sys.modules, NATIVE, None)


@pytest.mark.usefixtures("absent")
def test_where_it_was_not_built_auto_means_the_reference() -> None:
    assert not is_built()
    assert composing.engine(Settings(engine="auto")) is Reference


@pytest.mark.usefixtures("absent")
def test_where_it_was_not_built_it_cannot_be_asked_for() -> None:
    with pytest.raises(LookupError, match="no C compiler"):
        composing.engine(Settings(engine="compiled"))


def test_a_module_built_from_other_code_is_not_used(modules: pytest.MonkeyPatch) -> None:
    old = ModuleType(NATIVE)
    old.OPS = {op.name: op.value + 1 for op in Op}  # type: ignore[attr-defined]
    old.SHAPES = {}  # type: ignore[attr-defined]
    modules.setitem(sys.modules, NATIVE, old)

    with pytest.raises(LookupError, match="install again"):
        native()


@pytest.mark.skipif(not is_built(), reason="the native module is not built here")
def test_where_it_was_built_auto_means_the_compiled_engine() -> None:
    assert composing.engine(Settings(engine="auto")) is Compiled
    assert composing.engine(Settings(engine="compiled")) is Compiled
    assert composing.engine(Settings(engine="reference")) is Reference


@pytest.mark.usefixtures("absent")
def test_the_doctor_says_that_the_reference_serves_and_finds_no_fault_in_it(tmp_path: Path) -> None:
    (answer,) = (check for check in checks(tmp_path, tmp_path / "cache") if check.name == "rules")

    assert answer.ok
    assert "reference engine" in answer.said_en
    assert "อ้างอิง" in answer.said_th
