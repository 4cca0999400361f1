"""Fetching, against a source that a test can break in every way."""

import errno
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from saan.embedded import store
from saan.embedded.errors import EngineError
from saan.embedded.fetch import ATTEMPTS, fetch
from saan.embedded.lock import Artifact
from saan.embedded.source import Absent, Unreachable

Fault = Exception | bytes | None


@dataclass
class Shelf:
    """A source that has `content` by file name, and first gives the `faults` of a file, one per attempt."""

    content: dict[str, bytes]
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def obtain(self, artifact: Artifact, scratch: Path, advance: Callable[[int], None]) -> Path:
        with self.guard:
            self.asked.append(artifact.filename)
            faults = self.faults.get(artifact.filename, [])
            fault = faults.pop(0) if faults else None
        path = scratch / "download"
        content = fault if isinstance(fault, bytes) else self.content[artifact.filename]
        path.write_bytes(content)
        advance(len(content))
        if isinstance(fault, Exception):
            raise fault
        return path


@dataclass
class Meter:
    """A watcher that adds up."""

    total: int = 0
    done: int = 0
    ended: bool = False

    def note(self, said_th: str, said_en: str) -> None:
        assert said_th
        assert said_en

    def begin(self, total: int) -> None:
        self.total = total

    def advance(self, size: int) -> None:
        self.done += size

    def end(self) -> None:
        self.ended = True


def jar(name: str, content: bytes) -> Artifact:
    return Artifact(hashlib.sha256(content).hexdigest(), len(content), "g", name, "1", "jar", "", "kafka")


def archive(content: bytes) -> Artifact:
    return Artifact(hashlib.sha256(content).hexdigest(), len(content), "g", "app", "1", "tar.gz", "all", "registry")


def tarball(*names: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 3
            tar.addfile(member, io.BytesIO(b"run"))
    return buffer.getvalue()


ONE, TWO = jar("one", b"first"), jar("two", b"the second")
BOTH = {"one-1.jar": b"first", "two-1.jar": b"the second"}


def no_pause(seconds: float) -> None:
    assert seconds > 0


def test_all_files_arrive_and_the_bar_ends_exactly_at_the_total(tmp_path: Path) -> None:
    meter = Meter()
    fetch(tmp_path, [ONE, TWO], source=Shelf(dict(BOTH)), watcher=meter)
    assert store.place(tmp_path, ONE).read_bytes() == b"first"
    assert store.place(tmp_path, TWO).read_bytes() == b"the second"
    assert (meter.total, meter.done, meter.ended) == (15, 15, True)


@dataclass
class Rounds(Shelf):
    """A shelf that gives nothing before eight have asked."""

    eight: threading.Barrier = field(default_factory=lambda: threading.Barrier(8, timeout=60))

    def obtain(self, artifact: Artifact, scratch: Path, advance: Callable[[int], None]) -> Path:
        self.eight.wait()
        return super().obtain(artifact, scratch, advance)


def test_the_eight_biggest_files_are_asked_for_first(tmp_path: Path) -> None:
    sizes = range(1, 17)
    shelf = Rounds({f"n{size}-1.jar": b"x" * size for size in sizes})
    fetch(tmp_path, [jar(f"n{size}", b"x" * size) for size in sizes], source=shelf)
    assert set(shelf.asked[:8]) == {f"n{size}-1.jar" for size in range(9, 17)}


def test_a_complete_cache_asks_the_source_nothing(tmp_path: Path) -> None:
    fetch(tmp_path, [ONE, TWO], source=Shelf(dict(BOTH)))
    shelf = Shelf({})
    fetch(tmp_path, [ONE, TWO], source=shelf)
    assert shelf.asked == []


def test_only_what_is_missing_is_fetched(tmp_path: Path) -> None:
    fetch(tmp_path, [ONE], source=Shelf(dict(BOTH)))
    shelf = Shelf(dict(BOTH))
    fetch(tmp_path, [ONE, TWO], source=shelf)
    assert shelf.asked == ["two-1.jar"]


def test_a_broken_download_is_thrown_away_and_fetched_again(tmp_path: Path) -> None:
    shelf, meter = Shelf(dict(BOTH), {"one-1.jar": [b"f1rst", b"fir", b"first and more"]}), Meter()
    fetch(tmp_path, [ONE, TWO], source=shelf, watcher=meter, pause=no_pause)
    assert store.is_intact(tmp_path, ONE)
    assert shelf.asked.count("one-1.jar") == 4
    assert meter.done == 15


def test_a_line_that_breaks_in_the_middle_is_tried_again(tmp_path: Path) -> None:
    fetch(tmp_path, [ONE], source=Shelf(dict(BOTH), {"one-1.jar": [Unreachable()]}), pause=no_pause)
    assert store.is_intact(tmp_path, ONE)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (b"f1rst", "engine.download-broken"),
        (Unreachable(), "engine.no-network"),
        (Absent(), "engine.not-available"),
    ],
)
def test_a_fault_that_stays_is_one_coded_sentence(tmp_path: Path, fault: Fault, code: str) -> None:
    shelf = Shelf(dict(BOTH), {"one-1.jar": [fault] * ATTEMPTS})
    with pytest.raises(EngineError) as told:
        fetch(tmp_path, [ONE], source=shelf, pause=no_pause)
    assert told.value.code == code
    assert "one-1.jar" in told.value.said_en
    assert shelf.asked == ["one-1.jar"] * ATTEMPTS
    assert not store.is_here(tmp_path, ONE)
    assert not (tmp_path / "partial").exists()


def test_what_arrived_whole_stays_when_another_file_fails(tmp_path: Path) -> None:
    fetch(tmp_path, [TWO], source=Shelf(dict(BOTH)))
    shelf = Shelf(dict(BOTH), {"one-1.jar": [Absent()] * ATTEMPTS})
    with pytest.raises(EngineError):
        fetch(tmp_path, [ONE, TWO], source=shelf, pause=no_pause)
    assert store.is_intact(tmp_path, TWO)


def test_a_full_disk_is_named_and_not_tried_again(tmp_path: Path) -> None:
    shelf = Shelf(dict(BOTH), {"one-1.jar": [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))]})
    with pytest.raises(EngineError) as told:
        fetch(tmp_path, [ONE], source=shelf, pause=no_pause)
    assert told.value.code == "engine.disk-full"
    assert shelf.asked == ["one-1.jar"]


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(EngineError) as told:
        fetch(tmp_path / "cache", [ONE], source=Shelf(dict(BOTH)))
    assert told.value.code == "engine.not-writable"


def test_an_archive_is_unpacked_and_not_kept(tmp_path: Path) -> None:
    content = tarball("./run.jar", "lib/a.jar")
    fetch(tmp_path, [archive(content)], source=Shelf({"app-1-all.tar.gz": content}))
    assert (tmp_path / "registry/app-1-all/run.jar").read_bytes() == b"run"
    assert (tmp_path / "registry/app-1-all/lib/a.jar").exists()
    assert not list(tmp_path.rglob("*.tar.gz"))


def test_an_archive_may_not_write_outside_its_folder(tmp_path: Path) -> None:
    content = tarball("../../outside")
    with pytest.raises(tarfile.OutsideDestinationError):
        fetch(tmp_path, [archive(content)], source=Shelf({"app-1-all.tar.gz": content}))
    assert not list(tmp_path.rglob("outside"))


def test_a_folder_left_half_unpacked_is_replaced(tmp_path: Path) -> None:
    content = tarball("run.jar")
    (tmp_path / "registry/app-1-all").mkdir(parents=True)
    (tmp_path / "registry/app-1-all/half").write_text("from a process that was killed")
    fetch(tmp_path, [archive(content)], source=Shelf({"app-1-all.tar.gz": content}))
    assert [path.name for path in (tmp_path / "registry/app-1-all").iterdir()] == ["run.jar"]


def test_a_file_that_was_damaged_later_is_seen_and_fetched_again_once_discarded(tmp_path: Path) -> None:
    content = tarball("run.jar")
    shelf = Shelf(BOTH | {"app-1-all.tar.gz": content})
    fetch(tmp_path, [ONE, archive(content)], source=shelf)
    store.place(tmp_path, ONE).write_bytes(b"f1rst")
    (tmp_path / "registry/app-1-all/run.jar").unlink()
    for artifact in (ONE, archive(content)):
        assert not store.is_intact(tmp_path, artifact)
        store.discard(tmp_path, artifact)
    fetch(tmp_path, [ONE, archive(content)], source=shelf)
    assert store.is_intact(tmp_path, ONE)
    assert store.is_intact(tmp_path, archive(content))


@pytest.mark.parametrize("left", [b"firs", b""])
def test_a_shortened_file_is_not_here(tmp_path: Path, left: bytes) -> None:
    fetch(tmp_path, [ONE], source=Shelf(dict(BOTH)))
    store.place(tmp_path, ONE).write_bytes(left)
    assert not store.is_here(tmp_path, ONE)


@pytest.mark.parametrize("stamp", ["", "[]", "{}", '{"sha256": "another"}'])
def test_a_file_without_its_own_stamp_is_not_here(tmp_path: Path, stamp: str) -> None:
    fetch(tmp_path, [ONE], source=Shelf(dict(BOTH)))
    (tmp_path / "kafka/one-1.jar.ok").write_text(stamp)
    assert not store.is_here(tmp_path, ONE)


SECOND_PROCESS = """
import sys
from pathlib import Path
from saan.embedded.fetch import fetch
from saan.embedded.lock import read_lock

class Nobody:
    def obtain(self, artifact, scratch, advance):
        raise SystemExit("the source was asked a second time")

print("begun", flush=True)
fetch(Path(sys.argv[1]), read_lock(sys.argv[2]), source=Nobody())
"""


def test_a_second_process_waits_for_the_first_and_finds_the_work_done(tmp_path: Path) -> None:
    line = f"{ONE.sha256} {ONE.size} g:one:1 kafka"
    others: list[subprocess.Popen[str]] = []

    class Slow(Shelf):
        def obtain(self, artifact: Artifact, scratch: Path, advance: Callable[[int], None]) -> Path:
            command = [sys.executable, "-c", SECOND_PROCESS, str(tmp_path), line]
            others.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            assert others[0].stdout is not None
            assert others[0].stdout.readline() == "begun\n"
            return super().obtain(artifact, scratch, advance)

    fetch(tmp_path, [ONE], source=Slow(dict(BOTH)))
    with others[0] as other:
        assert other.wait(20) == 0
