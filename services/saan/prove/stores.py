"""Reads what routers remember from their local stores, once the exchange has stopped: nothing is written to them."""

import struct
from pathlib import Path
from typing import Final

from rocksdict import AccessType, Options, Rdict

from saan.core.learner import Learner
from saan.core.learner_bytes import decode
from saan.prove.state import Held, Subject

_CONDEMNED: Final = "DAMAGED"
_OFFSET: Final = b"\0offset\0"


def stores(exchange: Path) -> tuple[list[Held], list[str]]:
    """Every store below the folder of an exchange that has stopped, and in a few words why one was left out.

    A store is left out that its own process had condemned, or that cannot be opened: both are made anew from the log
    before anybody relies on them.
    """
    held, left_out = [], []
    for path in sorted((exchange / "state").glob("router-*/learners/*")):
        where = f"{path.parts[-3]}/{path.name}"
        if (path / _CONDEMNED).exists():
            left_out.append(f"{where}: condemned")
            continue
        try:
            held.append(_read(path, where))
        except Exception as broken:  # noqa: BLE001 - RocksDB has no other class of errors
            left_out.append(f"{where}: {str(broken)[:120]}")
    return held, left_out


def _read(path: Path, where: str) -> Held:
    database = Rdict(str(path), Options(raw_mode=True), access_type=AccessType.read_only())
    try:
        offsets: dict[str, int] = {}
        states: dict[Subject, Learner | None] = {}
        for name, value in database.items():
            if name.startswith(_OFFSET):
                offsets[name.removeprefix(_OFFSET).decode()] = struct.unpack(">q", value)[0]
            elif not name.startswith(b"\0"):
                domain, _, subject = name.partition(b"\0")
                states[domain.decode(), subject] = _state(value)
        return Held(where, int(path.name), offsets, states)
    finally:
        database.close()


def _state(value: bytes) -> Learner | None:
    try:
        return decode(value)
    except ValueError:
        return None
