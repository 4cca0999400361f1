"""Secrets stay with their owner, and a rotation locks nobody out."""

import hashlib
import stat
from pathlib import Path

import pytest

from saan.wire.credentials import BearerToken, Vault, issue, rotate, secret_key
from saan.wire.trouble import TROUBLES, Trouble

HOUR = 3_600_000_000


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_kept_is_read_again_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "credentials")
    issued = issue("sis-1", 1000)

    vault.keep(issued)

    assert vault.read("sis-1") == issued
    assert "sis-1" in vault
    assert list(vault) == ["sis-1"]
    assert mode(tmp_path / "credentials" / "sis-1.json") == 0o600
    assert mode(tmp_path / "credentials") == 0o700


def test_two_participants_never_get_the_same_secrets() -> None:
    one, other = issue("a", 0), issue("b", 0)

    assert len({one.password, other.password, one.token, other.token}) == 4
    assert min(len(one.password), len(one.token)) >= 43


def test_of_two_that_issue_at_once_both_find_the_first_ones_file(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    first = issue("sis-1", 1000)

    vault.keep_first(first)
    vault.keep_first(issue("sis-1", 2000))

    assert vault.read("sis-1") == first
    assert [path.name for path in tmp_path.iterdir()] == ["sis-1.json"]


def test_only_digests_are_for_others() -> None:
    issued = issue("sis-1", 1000)

    (token,) = issued.governed()

    assert token.digest == hashlib.sha256(issued.token.encode()).hexdigest()
    assert token.valid(1000)
    assert not token.valid(999)


def test_nothing_secret_is_in_what_is_printed() -> None:
    issued = issue("sis-1", 1000)

    printed = f"{issued!r} {issued.tokens!r} {issued.governed()!r}"

    assert issued.token not in printed
    assert issued.password not in printed


def test_the_old_token_stays_valid_beside_the_new_one_for_the_overlap() -> None:
    old = issue("sis-1", 0)

    new = rotate(old, 10 * HOUR, overlap=HOUR)

    assert new.password != old.password
    assert new.tokens[0] == BearerToken(old.token, 0, 11 * HOUR)
    assert new.token not in (old.token, new.tokens[0].secret)
    before, after = (tuple(t.valid(at) for t in new.governed()) for at in (11 * HOUR - 1, 11 * HOUR))
    assert (before, after) == ((True, True), (False, True))


def test_a_second_rotation_ends_the_oldest_token_so_that_two_are_live() -> None:
    third = rotate(rotate(issue("sis-1", 0), HOUR, overlap=HOUR), HOUR + 5, overlap=HOUR)

    assert len(third.tokens) == 2
    assert third.tokens[0].end == 2 * HOUR + 5


def test_a_rotation_without_overlap_ends_the_old_token_at_once() -> None:
    assert len(rotate(issue("sis-1", 0), HOUR, overlap=0).tokens) == 1


@pytest.mark.parametrize("body", ["", "{", "[]", '{"participant": "other", "password": "x", "tokens": []}'])
def test_a_broken_file_is_a_coded_trouble_that_names_the_participant(tmp_path: Path, body: str) -> None:
    (tmp_path / "sis-1.json").write_text(body)

    with pytest.raises(Trouble, match=r"credentials\.unreadable.*sis-1"):
        Vault(tmp_path).read("sis-1")


@pytest.mark.parametrize("name", ["../etc", "a/b", "", "A", ".hidden", "x" * 65])
def test_a_name_that_could_leave_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Trouble, match=r"credentials\.bad-name"):
        Vault(tmp_path).read(name)


def test_absent_credentials_are_a_coded_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"credentials\.absent"):
        Vault(tmp_path).read("sis-1")


def test_a_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "pseudonym.key"

    key = secret_key(path)

    assert len(key) == 32
    assert secret_key(path) == key
    assert mode(path) == 0o600


def test_a_key_of_another_size_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    path.write_bytes(b"short")

    with pytest.raises(Trouble, match=r"secret\.wrong-size"):
        secret_key(path)

    assert path.read_bytes() == b"short"


@pytest.mark.parametrize("code", TROUBLES)
def test_every_trouble_is_said_in_both_languages_with_a_way_out(code: str) -> None:
    facts = dict.fromkeys(
        ("cause", "record", "action", "count", "first", "participant", "name", "place", "seconds"), "x"
    )

    met = Trouble(code, **facts)

    assert all((met.said_th, met.said_en, met.fix_th, met.fix_en))
    assert str(met).startswith(f"{code}: ")
