"""Nobody in the exchange reads what a transaction has not committed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import saan

SOURCE = Path(saan.__file__).parent


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
    assert said.get("isolation_level") == "'read_committed'", place
