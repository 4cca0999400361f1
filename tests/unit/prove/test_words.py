"""Logs are kept although they are replaced, and an identity or a secret in them is found without being repeated."""

from pathlib import Path

import pytest

from saan.prove.words import Keeper, told

PERSON = "9900000000016"


def test_an_identity_in_a_log_is_found_and_not_said_again() -> None:
    found = told([("validator.log", f"refused {PERSON} twice {PERSON}".encode())], frozenset({PERSON}), ["token"])

    assert [(one.where, one.what) for one in found] == [("validator.log", "identity, 2 times")]
    assert PERSON not in str(found)


def test_a_secret_in_a_log_is_found_and_not_said_again() -> None:
    found = told([("gateway.log", b"Bearer s3cr3t")], frozenset(), ["s3cr3t"])

    assert [one.what for one in found] == ["secret, 1 times"]
    assert "s3cr3t" not in str(found)


def test_other_numbers_are_no_identities() -> None:
    assert told([("router.log", b"offset 1234567890123")], frozenset({PERSON}), []) == []


@pytest.mark.parametrize(("place", "kept_as"), [("logs", "router-*.log"), ("engine/kafka", "kafka-router-*.log")])
def test_a_log_that_is_replaced_is_kept(tmp_path: Path, place: str, kept_as: str) -> None:
    logs = tmp_path / place
    logs.mkdir(parents=True)
    keeper = Keeper(tmp_path, tmp_path / "kept")
    for text in ("first", "second"):
        (logs / "part").write_text(text, encoding="utf-8")
        (logs / "part").replace(logs / "router.log")
        keeper.look()
        keeper.look()

    assert sorted(text for _, text in keeper.texts()) == [b"first", b"second"]
    assert len(list((tmp_path / "kept").glob(kept_as))) == 2
