"""`endpoints.json` is whole, private, and gone when nothing runs."""

from pathlib import Path

from saan.exchange.endpoints import NAME, Endpoints, clear, read, write

SOME = Endpoints("127.0.0.1:1", "127.0.0.1:2", "http://127.0.0.1:3", gateway="http://127.0.0.1:4", pids={"kafka": 7})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write(tmp_path, SOME)

    assert read(tmp_path) == SOME


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    write(tmp_path, SOME)

    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_nothing_is_read_where_nothing_runs(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    write(tmp_path, SOME)
    clear(tmp_path)
    assert read(tmp_path) is None
