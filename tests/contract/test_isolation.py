"""Nobody in the exchange reads what a transaction has not committed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import saan

SOURCE = Path(saan.__file__).parent
ASKS_FOR_ENDS = "wire/transport/undecided.py"
"""It compares where committed records end with where all do, and reads neither."""


def consumers() -> Iterator[tuple[str, ast.Call]]:
    """Every place that makes an aiokafka consumer, whose own default is to read uncommitted records."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "AIOKafkaConsumer":
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", node


def test_the_search_finds_the_consumer_of_the_stations() -> None:
    assert any(place.startswith("wire/transport/fetch.py") for place, _ in consumers())


@pytest.mark.parametrize(("place", "call"), list(consumers()))
def test_every_aiokafka_consumer_of_the_exchange_reads_committed_records_only(place: str, call: ast.Call) -> None:
    said = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    allowed = {"'read_committed'"} | ({"'read_uncommitted'"} if place.startswith(ASKS_FOR_ENDS) else set())
    assert said.get("isolation_level") in allowed, place


def test_who_looks_beyond_what_is_committed_reads_no_record_there() -> None:
    called = ast.walk(ast.parse((SOURCE / ASKS_FOR_ENDS).read_text(encoding="utf-8")))
    named = {node.attr for node in called if isinstance(node, ast.Attribute)}
    assert "end_offsets" in named
    assert not named & {"getone", "getmany", "subscribe", "assign", "seek"}
