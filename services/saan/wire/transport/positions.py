"""What this machine remembers of committed positions, because a group coordinator can forget.

A broker that comes back after a crash loads its offsets, leads, loses the lead and leads again within half a second.
When the second load overtakes the first, Kafka keeps a state minutes old and answers with it (seen once in a run of
half an hour: "Ignored load completion … because context is in ACTIVE state"). Everything since would be processed
again. So every commit is noted here as well, after Kafka has taken it: a note is behind the truth or equal to it,
never ahead, and can be lost at any time.
"""

import asyncio
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiokafka import ConsumerRecord, TopicPartition

from saan.wire.transport.reader import content, reading
from saan.wire.transport.settings import TransportSettings

log = logging.getLogger("saan.transport")

_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Note:
    """The next offset to process, and by what the record of the last processed offset is recognised."""

    next: int
    last: int
    timestamp: int
    content: int

    def fits(self, record: ConsumerRecord) -> bool:
        """Whether it is that very record: a topic that was made anew has others at the same offsets."""
        return (self.last, self.timestamp, self.content) == (record.offset, record.timestamp, content(record))


class Positions:
    """One file per input partition in `folder`, shared by all processes of a station; nothing is kept without one."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def note(self, tp: TopicPartition, records: Sequence[ConsumerRecord]) -> None:
        """Remember that everything up to the last of `records` is committed. A full disk costs the note, no more."""
        if self._folder is None:
            return
        record = records[-1]
        path = self._path(self._folder, tp)
        part = path.with_suffix(f".{os.getpid()}")
        try:
            part.write_text(f"{record.offset + 1} {record.offset} {record.timestamp} {content(record)}", "ascii")
            part.replace(path)
        except OSError as error:
            log.warning("the position of %s is not noted on this machine: %s", tp, error.strerror)

    def known(self, tp: TopicPartition) -> Note | None:
        """The last note; None where there is none that can be read."""
        if self._folder is None:
            return None
        try:
            next_, last, timestamp, content = map(int, self._path(self._folder, tp).read_text("ascii").split())
        except (FileNotFoundError, ValueError):
            return None
        return Note(next_, last, timestamp, content)

    def _path(self, folder: Path, tp: TopicPartition) -> Path:
        return folder / f"{tp.topic}-{tp.partition}.position"


async def furthest(
    committed: int | None, note: Note | None, tp: TopicPartition, settings: TransportSettings
) -> int | None:
    """Where to go on: at what the coordinator says, or further on where this machine knows better.

    A note counts only if its record still lies in the log at its offset.
    """
    if note is None or note.next <= (committed or 0):
        return committed
    if not await _lies_there(note, tp, settings):
        log.warning("%s: the position noted on this machine is of another log and is not used", tp)
        return committed
    log.error(
        "%s: the coordinator says %s, but everything before %d was committed; going on there", tp, committed, note.next
    )
    return note.next


async def _lies_there(note: Note, tp: TopicPartition, settings: TransportSettings) -> bool:
    async with reading(tp, settings) as kafka:
        if not (await kafka.beginning_offsets([tp]))[tp] <= note.last < (await kafka.end_offsets([tp]))[tp]:
            return False
        kafka.seek(tp, note.last)
        async with asyncio.timeout(_PATIENCE):
            return note.fits(await kafka.getone(tp))
