"""The way in for whatever somebody has: a table, a OneRoster folder, or a OneRoster zip file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from saan.core.participants import Participant
from saan.core.world import World
from saan.sources import formats
from saan.sources.oneroster import bundle
from saan.sources.oneroster import reading as oneroster_reading
from saan.sources.refusal import refuse
from saan.sources.row import Occasion, Reading

ONEROSTER = oneroster_reading.NAME
NAMES = (*formats.FORMATS, ONEROSTER)
"""The formats that can be read."""

_ZIP = b"PK"


@contextmanager
def opened(
    path: Path,
    participant: Participant,
    world: World,
    of: Occasion,
    *,
    format: str | None = None,
    school: str | None = None,
) -> Iterator[Reading]:
    """The judged rows of what lies at ``path``, while the context lasts; see ``formats.read``. A folder and a zip file
    are a OneRoster bundle. Raises ``FileRefused`` and ``OSError``; ``KeyError`` for an unknown format."""
    if format is not None and format not in NAMES:
        raise KeyError(format)
    if path.is_dir():
        _only_oneroster(format, "โฟลเดอร์", "a folder")
        yield oneroster_reading.read(bundle.folder(path), participant, world, of)
        return
    with path.open("rb") as file:
        if file.read(len(_ZIP)) == _ZIP:
            files = bundle.archive(file)
            _only_oneroster(format, "ไฟล์ zip", "a zip file")
            yield oneroster_reading.read(files, participant, world, of)
            return
        if format == ONEROSTER:
            raise refuse("FILE-13", what_th="ต้องเป็นโฟลเดอร์หรือไฟล์ zip", what_en="it is neither a folder nor a zip file")
        yield formats.read(file, participant, world, of, format=format, school=school)


def _only_oneroster(format: str | None, th: str, en: str) -> None:
    if format not in (None, ONEROSTER):
        raise refuse("FILE-1", kind_th=th, kind_en=en)
