"""The real source: a Maven repository, read with jgo.

jgo is told exact coordinates and never asked to resolve anything. Its errors and its log lines name hosts; none of
them leaves this module.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jgo.maven import MavenContext, PythonResolver

from saan.embedded.lock import Artifact
from saan.embedded.source import Absent, Unreachable

_TIMEOUT = 15  # seconds without an answer: long enough for a poor mobile line, short enough to say "no network"
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS)


class Maven:
    """`saan.embedded.source.Source` over the repository that jgo knows."""

    def __init__(self) -> None:
        # jgo warns about checksums less strictly than the lock does.
        log = logging.getLogger("jgo")
        log.addHandler(logging.NullHandler())
        log.propagate = False

    def obtain(self, artifact: Artifact, scratch: Path, advance: Callable[[int], None]) -> Path:
        @contextmanager
        def watched(_name: str, _size: int) -> Iterator[Callable[[int], None]]:
            yield advance

        resolver = PythonResolver(progress_callback=watched)
        context = MavenContext(resolver=resolver, repo_cache=scratch, timeout=_TIMEOUT)
        component = context.project(artifact.group, artifact.name).at_version(artifact.version)
        try:
            return Path(component.artifact(artifact.classifier, artifact.packaging).resolve())
        except OSError as error:  # every network error of jgo's HTTP client is one too
            if error.errno in _DISK:
                raise
            raise Unreachable(artifact.filename) from None
        except RuntimeError:
            raise Absent(artifact.filename) from None
