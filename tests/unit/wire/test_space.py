"""The room of an exchange's disks is measured where it writes."""

from pathlib import Path

from saan.wire import space


def test_one_file_system_is_told_once_however_many_folders_lie_on_it(tmp_path: Path) -> None:
    for place in ("state", "engine/kafka/data"):
        (tmp_path / place).mkdir(parents=True)

    (room,) = space.rooms(tmp_path)

    assert room.folder == tmp_path
    assert room.free > 0


def test_a_folder_that_is_not_there_has_no_room(tmp_path: Path) -> None:
    assert list(space.rooms(tmp_path / "absent")) == []
    assert not space.full(tmp_path / "absent")


def test_a_disk_is_full_before_its_last_byte() -> None:
    assert space.Room(Path("x"), space.FULL - 1).full
    assert not space.Room(Path("x"), space.FULL).full


def test_a_database_that_met_a_full_disk_is_understood() -> None:
    assert space.refused(RuntimeError("IO error: No space left on device: While appending to file"))
    assert not space.refused(RuntimeError("Corruption: block checksum mismatch"))
