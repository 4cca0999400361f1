"""Make the cache complete: fetch what a lock names and the cache does not have.

Nothing is done, and nothing outside the cache is asked, when all is there. Two processes may fetch into one cache at
once: the second waits for the first and then finds the work done.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from saan.embedded import store
from saan.embedded.errors import EngineError
from saan.embedded.filelock import lock_file
from saan.embedded.lock import Artifact
from saan.embedded.progress import Download, Silent, Watcher
from saan.embedded.source import Absent, Source, Unreachable

WORKERS = 8
ATTEMPTS = 4


class Tampered(Exception):
    """A download whose bytes are not those of the lock."""


def fetch(
    cache: Path,
    artifacts: Iterable[Artifact],
    *,
    source: Source | None = None,
    watcher: Watcher | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Bring all `artifacts` into `cache`, eight at a time, the biggest first, each verified against its sha256.

    A download that breaks or does not match is thrown away and tried again, at most ATTEMPTS times, with `pause`
    (seconds) in between. Raises EngineError; what had arrived whole by then stays in the cache.
    """
    wanted = tuple(artifacts)
    if not _missing(cache, wanted):
        return
    watcher = watcher or Silent()
    with _writable(cache):
        cache.mkdir(parents=True, exist_ok=True)
        with lock_file(cache / "fetch.lock", lambda: _tell_waiting(watcher)):
            if missing := _missing(cache, wanted):
                _fetch_all(_Job(cache, source or _maven(), watcher, pause), missing)


def _missing(cache: Path, artifacts: tuple[Artifact, ...]) -> list[Artifact]:
    absent = [artifact for artifact in artifacts if not store.is_here(cache, artifact)]
    return sorted(absent, key=lambda artifact: -artifact.size)


def _maven() -> Source:
    from saan.embedded.maven import Maven  # noqa: PLC0415 - half a second that a warm start need not pay

    return Maven()


def _tell_waiting(watcher: Watcher) -> None:
    watcher.note("รอโพรเซสอื่นที่กำลังดาวน์โหลดอยู่", "waiting for another process that is downloading")


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise EngineError("engine.disk-full" if full else "engine.not-writable", path=path) from error


class _Stopped(Exception):
    """Another download failed for good, or a person pressed Ctrl-C: this one is no longer wanted."""


@dataclass(frozen=True)
class _Job:
    """What all downloads of one call have in common."""

    cache: Path
    source: Source
    watcher: Watcher
    pause: Callable[[float], None]
    stopping: threading.Event = field(default_factory=threading.Event)


def _fetch_all(job: _Job, missing: list[Artifact]) -> None:
    partial = job.cache / "partial"
    shutil.rmtree(partial, ignore_errors=True)  # left by a process that was killed
    partial.mkdir()
    job.watcher.note("ดาวน์โหลดเครื่องยนต์ (ครั้งเดียว)", "fetching the engine (once)")
    try:
        with Download(job.watcher, sum(artifact.size for artifact in missing)):
            _fetch_side_by_side(job, missing)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _fetch_side_by_side(job: _Job, missing: list[Artifact]) -> None:
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="fetch")
    try:
        done, _ = wait([pool.submit(_fetch_one, job, artifact) for artifact in missing], return_when=FIRST_EXCEPTION)
        for future in done:
            future.result()
    finally:
        job.stopping.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _fetch_one(job: _Job, artifact: Artifact) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        scratch = Path(tempfile.mkdtemp(dir=job.cache / "partial"))
        counted = _Counted(job, artifact.size)
        try:
            download = job.source.obtain(artifact, scratch, counted.advance)
            if store.sha256_of(download) != artifact.sha256:
                raise Tampered(artifact.filename)
            store.put(job.cache, artifact, download, scratch)
            counted.settle(artifact.size)
            return
        except (Unreachable, Absent, Tampered) as error:
            counted.settle(0)
            if attempt == ATTEMPTS or job.stopping.is_set():
                raise _final(error, artifact) from error
            job.pause(0.5 * 2**attempt)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _final(error: Exception, artifact: Artifact) -> EngineError:
    code = {Unreachable: "engine.no-network", Absent: "engine.not-available", Tampered: "engine.download-broken"}
    return EngineError(code[type(error)], file=artifact.filename, attempts=ATTEMPTS)


class _Counted:
    """The bytes one download has reported, so that they can be taken back or made exact."""

    def __init__(self, job: _Job, size: int) -> None:
        self._job, self._size, self._told = job, size, 0

    def advance(self, size: int) -> None:
        if self._job.stopping.is_set():
            raise _Stopped
        size = min(size, self._size - self._told)  # a source may send more than the lock says
        self._told += size
        self._job.watcher.advance(size)

    def settle(self, size: int) -> None:
        self._job.watcher.advance(size - self._told)
        self._told = size
