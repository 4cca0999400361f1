"""What a station remembers per learner: RocksDB on this machine, made from the log and from nothing else.

One store per partition number, shared by all domains of that number in this process. A store holds states and,
per domain, the offset of the log they reflect, written in one batch *after* the Kafka commit. So it is behind
the log or equal to it, never ahead, and can be thrown away at any time: `saan.wire.replay.catch_up` makes it anew.
"""

import asyncio
import logging
import shutil
import struct
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rocksdict import BlockBasedOptions, Cache, DBCompressionType, Options, Rdict, WriteBatch

from saan.wire import space
from saan.wire.transport.errors import Unable

log = logging.getLogger("saan.store")

_OFFSET = struct.Struct(">q")
_DAMAGED = "DAMAGED"  # a file of this name in the folder says: do not open, make it anew
_PASSING = (
    "No space left",
    "Permission denied",
    "Too many open files",
    "Read-only file system",
    "Writer has previous error",  # said of every write after one that failed, and that one said what was wrong
)


def key(domain: str, subject: bytes) -> bytes:
    """Return the key under which the state of `subject` is kept: `<domain>`, a zero byte, the subject."""
    return domain.encode() + b"\0" + subject


class Store:
    """States of one partition number. Keys come from `key()`; keys that begin with a zero byte are the store's own.

    Every call raises Unable when the database fails. Unless the cause passes by itself (a full disk), the store is
    condemned then: RocksDB tells of a damaged file when it is read, or with the next write after a compaction met it.
    """

    def __init__(self, path: Path, database: Rdict) -> None:
        self._path, self._database = path, database

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes | None]:
        """Return the state of every key, None where there is none."""
        wanted = list(keys)
        with self._sound():
            return dict(zip(wanted, self._database.get(wanted), strict=True))

    def commit(self, domain: str, overlay: Mapping[bytes, bytes], next_offset: int) -> None:
        """Write the states of `overlay` and the offset of the log they reflect, all or nothing."""
        batch = WriteBatch(raw_mode=True)
        for name, state in overlay.items():
            batch.put(name, state)
        batch.put(_own("offset", domain), _OFFSET.pack(next_offset))
        with self._sound():
            self._database.write(batch)

    def offset(self, domain: str) -> int:
        """Return the offset of the next record of the domain's log that is not yet in the states."""
        with self._sound():
            stored = self._database.get(_own("offset", domain))
            return int(_OFFSET.unpack(stored)[0]) if stored else 0

    def origin(self, domain: str) -> bytes | None:
        """Return what `set_origin` has noted."""
        with self._sound():
            noted = self._database.get(_own("origin", domain))
        return None if noted is None else bytes(noted)

    def set_origin(self, domain: str, origin: bytes) -> None:
        """Note by what the log is recognised from which the states were made."""
        with self._sound():
            self._database.put(_own("origin", domain), origin)

    def condemn(self, why: str) -> None:
        """Have the store made anew at the next start: what it holds cannot be trusted."""
        log.error("the store of partition %s cannot be trusted: %s", self._path.name, why)
        try:
            (self._path / _DAMAGED).touch()
        except OSError as error:  # found again at the next start, by what found it now
            log.error("the store of partition %s could not be marked as damaged: %s", self._path.name, error.strerror)

    def reset(self, domain: str) -> None:
        """Forget everything about one domain, all or nothing: an offset without its states would be believed."""
        batch = WriteBatch(raw_mode=True)
        batch.delete_range(key(domain, b""), domain.encode() + b"\1")
        batch.delete(_own("origin", domain))
        batch.put(_own("offset", domain), _OFFSET.pack(0))
        with self._sound():
            self._database.write(batch)

    @contextmanager
    def _sound(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not _passes(error):
                self.condemn(str(error))
            raise _unable(self._path, error) from error

    def close(self) -> None:
        """Write what is only in memory, and let the folder go."""
        with self._sound():
            self._database.close()


class Stores:
    """All stores of a process, under one folder, with one block cache. A store is open while any domain uses it."""

    def __init__(self, folder: Path, *, cache_bytes: int = 64 << 20) -> None:
        self._folder, self._cache = folder, Cache(cache_bytes)
        self.lock_wait = 10.0  # seconds; the process that held the folder before may just be ending
        self._open: dict[int, Store] = {}
        self._users: dict[int, set[str]] = {}
        self._opening: dict[int, asyncio.Lock] = {}

    async def open(self, partition: int, domain: str) -> Store:
        """Return the store of `partition` for `domain`; a corrupted one is thrown away and begins empty.

        Raises Unable if the folder is held by another process, or the disk is full or not ours.
        """
        async with self._opening.setdefault(partition, asyncio.Lock()):
            if partition not in self._open:
                path = self._folder / str(partition)
                try:
                    self._open[partition] = await asyncio.to_thread(self._open_store, path)
                except OSError as error:  # not even the folder could be made or emptied
                    raise _unable(path, error) from error
            self._users.setdefault(partition, set()).add(domain)
            return self._open[partition]

    def close(self, partition: int, domain: str) -> None:
        """Give the store back; the last domain closes it. Giving back what was not open does nothing."""
        users = self._users.get(partition, set())
        users.discard(domain)
        if not users and partition in self._open:
            self._open.pop(partition).close()

    def _open_store(self, path: Path) -> Store:
        path.mkdir(parents=True, exist_ok=True)
        if (path / _DAMAGED).exists():
            _wipe(path, "it was found damaged")
        deadline = time.monotonic() + self.lock_wait
        while True:
            try:
                return self._checked(path)
            except Exception as error:
                text = str(error)
                if _passes(error):
                    raise _unable(path, error) from error
                if str(path / "LOCK") not in text:
                    _wipe(path, text)
                elif time.monotonic() > deadline:
                    raise Unable(f"the store {path.name} is held by another process") from error
                else:
                    time.sleep(0.1)

    def _checked(self, path: Path) -> Store:
        return Store(path, Rdict(str(path), self._options()))

    def _options(self) -> Options:
        tables = BlockBasedOptions()
        tables.set_bloom_filter(10, False)
        tables.set_block_cache(self._cache)
        tables.set_cache_index_and_filter_blocks(True)
        options = Options(raw_mode=True)
        options.create_if_missing(True)
        options.set_block_based_table_factory(tables)
        options.set_write_buffer_size(32 << 20)
        options.set_max_write_buffer_number(3)
        options.set_compression_type(DBCompressionType.lz4())
        options.set_keep_log_file_num(2)
        return options


def _own(what: str, domain: str) -> bytes:
    return b"\0" + what.encode() + b"\0" + domain.encode()


def _unable(path: Path, error: Exception) -> Unable:
    if space.refused(error):
        return Unable(f"the store of partition {path.name} cannot be used: {space.said_full(path.parent)}")
    return Unable(f"the store of partition {path.name} cannot be used: {error}")


def _passes(error: Exception) -> bool:
    return any(reason in str(error) for reason in _PASSING)


def _wipe(path: Path, why: str) -> None:
    """Empty the folder. The mark goes last: what a crash leaves of a damaged store must not be opened."""
    log.warning("the store %s is thrown away and made anew from the log: %s", path.name, why)
    mark = path / _DAMAGED
    mark.touch()
    for one in path.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        elif one != mark:
            one.unlink()
    mark.unlink()
