"""What this machine remembers of committed positions, because a group coordinator can forget.

A lone broker that comes back after a crash leads as it did before, loses the lead and leads again within half a
second. When the second load of the offsets begins before the first has ended, Kafka calls the second loaded as soon
as the first is, and answers with a state minutes old, or none ("The state machine of the coordinator … is out of sync
with the underlying log"). Everything since would be processed again.

So every position is noted here too, just before it is committed, with some of the records that it is committed with.
Whether they are in their logs tells whether that commit came about, even of a process that was killed in it.
"""

import asyncio
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from saan.wire.transport.outputs import Target
from saan.wire.transport.reader import content, reading
from saan.wire.transport.settings import TransportSettings

log = logging.getLogger("saan.transport")

WITNESSES = 4
"""How many output records are noted with a position: one that is there is enough."""

_PATIENCE = 10.0
_STABLE = 1.0
"""Seconds in which the end of a transaction reaches all replicas, once its owner is fenced."""


@dataclass(frozen=True, slots=True)
class Note:
    """The next offset to process, by what the record of the last processed offset is recognised, and ``witnesses``:
    records (topic, partition, offset) of the transaction that commits it; none for one known to be committed."""

    next: int
    last: int
    timestamp: int
    content: int
    witnesses: tuple[tuple[str, int, int], ...] = ()

    def fits(self, record: ConsumerRecord) -> bool:
        """Whether it is that very record: a topic that was made anew has others at the same offsets."""
        return (self.last, self.timestamp, self.content) == (record.offset, record.timestamp, content(record))

    @property
    def line(self) -> str:
        told = (f"{topic}:{partition}:{offset}" for topic, partition, offset in self.witnesses)
        return " ".join((*map(str, (self.next, self.last, self.timestamp, self.content)), *told))


def note_of(line: str) -> Note:
    """Raises ValueError for a line that is none."""
    words = line.split()
    next_, last, timestamp, crc = map(int, words[:4])
    told = (word.rsplit(":", 2) for word in words[4:])
    return Note(
        next_, last, timestamp, crc, tuple((topic, int(partition), int(offset)) for topic, partition, offset in told)
    )


class Positions:
    """One file per input partition in `folder`, shared by all processes of a station; nothing is kept without one."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._done: dict[TopicPartition, Note] = {}
        self._begun: dict[TopicPartition, Note] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def begin(self, tp: TopicPartition, records: Sequence[ConsumerRecord], ends: Mapping[Target, int]) -> None:
        """Note that everything up to the last of `records` is about to be committed, and what was before.

        `ends` are the offsets after the last record written to each target. A full disk costs the note, no more.
        """
        if self._folder is None:
            return
        record = records[-1]
        witnesses = tuple((topic, partition, end - 1) for (topic, partition), end in [*ends.items()][:WITNESSES])
        note = Note(record.offset + 1, record.offset, record.timestamp, content(record), witnesses)
        self._begun[tp] = note
        path = self._path(self._folder, tp)
        part = path.with_suffix(f".{os.getpid()}")
        try:
            part.write_text("\n".join(one.line for one in (self._done.get(tp), note) if one is not None), "ascii")
            part.replace(path)
        except OSError as error:
            log.warning("the position of %s is not noted on this machine: %s", tp, error.strerror)

    def end(self, tp: TopicPartition) -> None:
        """What `begin` was told last is committed."""
        if tp in self._begun:
            self._done[tp] = self._begun.pop(tp)

    async def furthest(self, committed: int | None, tp: TopicPartition, settings: TransportSettings) -> int | None:
        """Where to go on: at what the coordinator says, or further on where this machine knows better.

        Asked once every older owner is fenced. A note counts only if its record still lies in the log at its offset,
        and if a record that was written with it has been committed. Raises aiokafka's errors.
        """
        self._done.pop(tp, None)
        for note in reversed(self._known(tp)):
            if note.next <= (committed or 0):
                return committed
            if not await _lies_there(note, tp, settings):
                log.warning("%s: the position noted on this machine is of another log and is not used", tp)
            elif not note.witnesses or await _committed(note, settings):
                log.error(
                    "%s: the coordinator says %s, but everything before %d was committed", tp, committed, note.next
                )
                self._done[tp] = note
                return note.next
        return committed

    def _known(self, tp: TopicPartition) -> list[Note]:
        """The noted positions, the older one first; nothing where there is nothing that can be read."""
        if self._folder is None:
            return []
        try:
            return [note_of(line) for line in self._path(self._folder, tp).read_text("ascii").splitlines()]
        except (FileNotFoundError, ValueError):
            return []

    def _path(self, folder: Path, tp: TopicPartition) -> Path:
        return folder / f"{tp.topic}-{tp.partition}.position"


async def _lies_there(note: Note, tp: TopicPartition, settings: TransportSettings) -> bool:
    async with reading(tp, settings) as kafka:
        record = await _at(kafka, tp, note.last)
    return record is not None and note.fits(record)


async def _committed(note: Note, settings: TransportSettings) -> bool:
    """Whether one of the note's witnesses is there for those who read what is committed."""
    for topic, partition, offset in note.witnesses:
        if await _is_there(TopicPartition(topic, partition), offset, settings):
            return True
    return False


async def _is_there(tp: TopicPartition, offset: int, settings: TransportSettings) -> bool:
    async with reading(tp, settings) as kafka:
        give_up = time.monotonic() + _STABLE
        while (await kafka.end_offsets([tp]))[tp] <= offset:  # the last stable offset
            if time.monotonic() > give_up:
                return False
            await asyncio.sleep(_STABLE / 20)
        return await _at(kafka, tp, offset) is not None


async def _at(kafka: AIOKafkaConsumer, tp: TopicPartition, offset: int) -> ConsumerRecord | None:
    """The committed record at this offset, if there is one."""
    if not (await kafka.beginning_offsets([tp]))[tp] <= offset < (await kafka.end_offsets([tp]))[tp]:
        return None
    kafka.seek(tp, offset)
    async with asyncio.timeout(_PATIENCE):
        while await kafka.position(tp) <= offset:  # what was aborted is passed over without a record
            for record in (await kafka.getmany(tp, timeout_ms=100, max_records=1)).get(tp, ()):
                return record if record.offset == offset else None
    return None
