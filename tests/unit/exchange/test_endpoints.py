"""`endpoints.json` is whole, private, and gone when nothing runs."""

from dataclasses import replace
from pathlib import Path

from structlog.testing import capture_logs

from saan.exchange.endpoints import AGAIN_AFTER, NAME, Endpoints, Notice, clear, read, write

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


def test_a_file_that_cannot_be_written_ends_nothing_is_said_once_and_is_written_when_it_can_be(tmp_path: Path) -> None:
    folder, now = tmp_path / "absent", [100.0]
    notice, later = Notice(folder, clock=lambda: now[0]), replace(SOME, pids={"kafka": 8})
    with capture_logs() as logs:
        notice.put(SOME)
        notice.put(later)
        folder.mkdir()
        notice.look()
        assert read(folder) is None  # it is tried again, but not all the time
        now[0] += AGAIN_AFTER
        notice.look()

    assert read(folder) == later
    assert [line["event"] for line in logs] == ["endpoints.unwritten"]


def test_the_file_of_another_exchange_is_not_removed(tmp_path: Path) -> None:
    write(tmp_path, SOME)
    other = Notice(tmp_path)

    other.remove()
    assert read(tmp_path) == SOME

    other.put(SOME)
    other.remove()
    assert read(tmp_path) is None
