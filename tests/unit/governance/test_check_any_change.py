"""Whatever people do to a file, ``check`` answers with faults and never with a traceback."""

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saan.governance.check import check
from saan.wire import plain_yaml

GOOD = Path(__file__).parent / "good"
FILES = sorted(path.relative_to(GOOD).as_posix() for path in GOOD.rglob("*") if path.suffix in (".avsc", ".yaml"))
JUNK = [None, [], {}, 5, -1, "x", True, 1.5, {"a": 1}, [1], [None], "int", "idValue", "marks", "fee", {"type": "enum"}]
GONE = object()


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of everything below ``value``."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*above, key)
        yield from places(item, (*above, key))


def changed(document: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """A copy with something else, or nothing, at ``path``."""
    spoiled = copy.deepcopy(document)
    holder = spoiled
    for key in path[:-1]:
        holder = holder[key]
    if junk is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = junk
    return spoiled


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_change_of_a_file_gives_faults_and_no_crash(file: str, data: st.DataObject) -> None:
    document = plain_yaml.load((GOOD / file).read_text(encoding="utf-8"))
    path = data.draw(st.sampled_from(list(places(document))))
    junk = data.draw(st.sampled_from([GONE, *JUNK]))
    with TemporaryDirectory() as folder:
        copied = Path(folder) / "schemas"
        shutil.copytree(GOOD, copied)
        (copied / file).write_text(json.dumps(changed(document, path, junk), ensure_ascii=False), encoding="utf-8")
        for fault in check(copied):
            assert fault.said_th, fault
            assert fault.said_en, fault
