"""The cache of one user: which files of a lock are here, and how a new one is put in place.

A jar lies at ``<cache>/<set>/<name>-<version>.jar``; an archive is unpacked to ``<cache>/<set>/<name>-<version>/``.
Beside each stands a stamp, ``….ok``, written last: a file without its stamp is not there. Since versions are in the
names, two versions of Saan share one cache.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from pathlib import Path

from platformdirs import user_cache_path

from saan.embedded.lock import Artifact


def default_cache() -> Path:
    """The cache folder of this user on this system."""
    return user_cache_path("saan")


def place(cache: Path, artifact: Artifact) -> Path:
    """Where the file (or the unpacked folder) of `artifact` belongs."""
    return cache / artifact.set / (artifact.stem if artifact.is_archive else artifact.filename)


def is_here(cache: Path, artifact: Artifact) -> bool:
    """True when `artifact` was put in place whole. Cheap: looks at names and sizes, reads one small stamp."""
    target = place(cache, artifact)
    try:
        stamp = json.loads(_stamp(target).read_bytes())
        size = target.stat().st_size
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    whole = target.is_dir() if artifact.is_archive else size == artifact.size
    return whole and isinstance(stamp, dict) and stamp.get("sha256") == artifact.sha256


def is_intact(cache: Path, artifact: Artifact) -> bool:
    """True when `artifact` is here and unchanged: a jar is read and hashed, a folder is counted and weighed."""
    if not is_here(cache, artifact):
        return False
    target = place(cache, artifact)
    if not artifact.is_archive:
        return sha256_of(target) == artifact.sha256
    stamp = json.loads(_stamp(target).read_bytes())
    return [stamp.get("files"), stamp.get("bytes")] == list(_weigh(target))


def put(cache: Path, artifact: Artifact, source: Path, scratch: Path) -> None:
    """Move the verified download `source` into place; never half of it, whenever the process dies.

    `scratch` is a folder on the same file system as `cache`, used for unpacking.
    """
    target = place(cache, artifact)
    target.parent.mkdir(parents=True, exist_ok=True)
    _stamp(target).unlink(missing_ok=True)
    if artifact.is_archive:
        unpacked = scratch / "unpacked"
        with tarfile.open(source) as archive:
            archive.extractall(unpacked, filter="data")
        if target.exists():
            shutil.rmtree(target)
        unpacked.rename(target)
        files, size = _weigh(target)
        _write_stamp(target, {"sha256": artifact.sha256, "files": files, "bytes": size})
    else:
        source.replace(target)
        _write_stamp(target, {"sha256": artifact.sha256})


def discard(cache: Path, artifact: Artifact) -> None:
    """Make `artifact` count as absent, so that it is fetched again."""
    _stamp(place(cache, artifact)).unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def class_path(cache: Path, lock: tuple[Artifact, ...], *sets: str) -> str:
    """The jars of `sets`, in the lock's order, as one Java class path."""
    return os.pathsep.join(str(place(cache, artifact)) for artifact in lock if artifact.set in sets)


def _stamp(target: Path) -> Path:
    return target.with_name(f"{target.name}.ok")


def _write_stamp(target: Path, content: dict[str, str | int]) -> None:
    beside = target.with_name(f"{target.name}.ok.new")
    beside.write_text(json.dumps(content), encoding="ascii")
    beside.replace(_stamp(target))


def _weigh(folder: Path) -> tuple[int, int]:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(sizes), sum(sizes)
