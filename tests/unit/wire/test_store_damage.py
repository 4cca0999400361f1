"""Whatever happens to the files of a store: it says what was written, up to an offset that it tells, or nothing."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from rocksdict import Options, Rdict

from saan.wire.replay import fold_in
from saan.wire.store import Store, Stores, key
from saan.wire.transport.errors import Unable

LEARNERS = 600
BLOCK = 60
NAMES = [key("student", b"st-%05d" % n) for n in range(LEARNERS)]


def state(n: int) -> bytes:
    return b"%d/" % n * 40


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a kill leaves behind: half of the states in a table, the other half only in the write-ahead log."""
    folder, left = tmp_path_factory.mktemp("store"), tmp_path_factory.mktemp("left")
    stores = Stores(folder, cache_bytes=1 << 20)
    store = asyncio.run(stores.open(0, "student"))
    for half in (0, LEARNERS // 2):
        for first in range(half, half + LEARNERS // 2, BLOCK):
            written = range(first, first + BLOCK)
            store.commit("student", {NAMES[n]: state(n) for n in written}, first + BLOCK)
        if half == 0:
            stores.close(0, "student")  # which writes the table
            store = asyncio.run(stores.open(0, "student"))
    shutil.copytree(folder / "0", left / "0")
    stores.close(0, "student")
    return left


def flip(content: bytes, draw: Random) -> bytes:
    changed = bytearray(content)
    changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def truncate(content: bytes, draw: Random) -> bytes:
    return content[: draw.randrange(len(content))]


def overwrite(content: bytes, draw: Random) -> bytes:
    return draw.randbytes(len(content))


async def brought_back(folder: Path) -> tuple[int, dict[bytes, bytes | None]]:
    """Offset and states as a station has them that starts again whenever the store is found damaged."""
    for _ in range(3):
        stores = Stores(folder, cache_bytes=1 << 20)
        stores.lock_wait = 0.0
        store = await stores.open(0, "student")
        try:
            return store.offset("student"), store.get(NAMES)
        except Unable:
            assert (folder / "0" / "DAMAGED").exists()
        finally:
            stores.close(0, "student")
    raise AssertionError("the store is damaged again and again")


@pytest.mark.parametrize("harm", [flip, truncate, overwrite, None], ids=["flip", "truncate", "overwrite", "remove"])
@pytest.mark.parametrize("pattern", ["*.sst", "*.log", "MANIFEST-*", "CURRENT", "OPTIONS-*", "rocksdict-config.json"])
async def test_a_harmed_file_gives_a_store_that_says_nothing_but_what_was_written(
    killed: Path, tmp_path: Path, pattern: str, harm: Callable[[bytes, Random], bytes] | None
) -> None:
    harmed = 0
    for seed in range(4 if harm else 1):
        folder = tmp_path / str(seed)
        shutil.copytree(killed, folder)
        for file in (folder / "0").glob(pattern):
            content, harmed = file.read_bytes(), harmed + 1
            file.unlink()
            if harm is not None:
                file.write_bytes(harm(content, Random(seed)) if content else b"")

        offset, states = await brought_back(folder)

        assert offset % BLOCK == 0
        assert states == {name: state(n) if n < offset else None for n, name in enumerate(NAMES)}
    assert harmed


async def test_a_store_without_harm_comes_back_whole_after_a_kill(killed: Path, tmp_path: Path) -> None:
    shutil.copytree(killed, tmp_path / "whole")

    assert (await brought_back(tmp_path / "whole"))[0] == LEARNERS


async def test_a_table_with_a_wrong_checksum_is_not_taken_for_a_store_that_another_process_holds(
    killed: Path, tmp_path: Path
) -> None:
    """RocksDB says "block checksum mismatch", in which there is a "lock"."""
    (table,) = (killed / "0").glob("*.sst")
    content = table.read_bytes()
    for place in range(len(content) - 400, len(content), 40):
        folder = tmp_path / str(place)
        shutil.copytree(killed, folder)
        spoilt = bytearray(content)
        spoilt[place] ^= 0xFF
        (folder / "0" / table.name).write_bytes(spoilt)

        offset, states = await brought_back(folder)

        assert states == {name: state(n) if n < offset else None for n, name in enumerate(NAMES)}


async def test_damage_that_only_a_compaction_meets_condemns_the_store_with_the_next_write(
    killed: Path, tmp_path: Path
) -> None:
    shutil.copytree(killed, tmp_path / "store")
    (table,) = (tmp_path / "store" / "0").glob("*.sst")
    spoilt = bytearray(table.read_bytes())
    spoilt[len(spoilt) // 3] ^= 0xFF
    table.write_bytes(spoilt)
    database = Rdict(str(tmp_path / "store" / "0"), Options(raw_mode=True))
    store = Store(tmp_path / "store" / "0", database)
    database.compact_range(None, None)
    with pytest.raises(Unable, match="cannot be used"):
        store.commit("student", {NAMES[0]: b"x"}, LEARNERS + 1)
    with pytest.raises(Unable, match="cannot be used"):
        store.close()

    assert (await brought_back(tmp_path / "store"))[0] == 0


async def test_a_folder_half_wiped_is_wiped_again_and_not_opened(killed: Path, tmp_path: Path) -> None:
    shutil.copytree(killed, tmp_path / "store")
    (tmp_path / "store" / "0" / "DAMAGED").touch()
    for log in (tmp_path / "store" / "0").glob("*.log"):
        log.unlink()

    assert (await brought_back(tmp_path / "store"))[0] == 0
    assert not (tmp_path / "store" / "0" / "DAMAGED").exists()


async def test_a_state_that_cannot_be_read_while_the_log_is_replayed_condemns_the_store(tmp_path: Path) -> None:
    def fold(old: bytes | None, record: object) -> bytes:
        raise ValueError("not in a shape that this version wrote")

    class Record:
        key, offset = b"st-1", 4

    stores = Stores(tmp_path, cache_bytes=1 << 20)
    store = await stores.open(0, "student")
    store.commit("student", {key("student", b"st-1"): b"nonsense"}, 4)
    with pytest.raises(Unable, match="cannot be trusted"):
        fold_in(store, "student", [Record()], fold)
    stores.close(0, "student")

    again = await stores.open(0, "student")
    assert (again.offset("student"), again.get([NAMES[0]])) == (0, {NAMES[0]: None})
    stores.close(0, "student")
