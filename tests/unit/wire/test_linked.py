"""Links are read as they are written; what cannot be read says nothing."""

from types import SimpleNamespace
from typing import Any

import pytest

from saan.wire.linked import Linked, record


def told(value: bytes | None) -> Any:
    return SimpleNamespace(value=value, offset=0)


def test_what_is_written_is_what_is_read() -> None:
    linked = Linked({})
    key, value = record("st-new", "st-old")

    assert linked.take(told(value))
    assert linked.links.root("st-new") == "st-old"
    assert key != record("st-new", "st-other")[0], "each pair is kept"


@pytest.mark.parametrize("value", [None, b"", b"{", b"[]", b'{"alias": "st-new"}'])
def test_a_record_that_cannot_be_read_says_nothing(value: bytes | None) -> None:
    linked = Linked({})

    assert not linked.take(told(value))
    assert linked.links.root("st-new") == "st-new"


async def test_links_that_are_known_stay_while_they_are_read_again() -> None:
    linked = Linked({})
    linked.take(told(record("st-new", "st-old")[1]))
    linked.begin()

    assert linked.links.root("st-new") == "st-old"
