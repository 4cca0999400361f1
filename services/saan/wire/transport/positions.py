"""What this machine remembers of committed positions, because a group coordinator can be wrong about them.

It can forget. A lone broker that comes back after a crash leads as it did before, loses the lead and leads again within
half a second. When the second load of the offsets begins before the first has ended, Kafka calls the second loaded as
soon as the first is, and answers with a state minutes old, or none ("The state machine of the coordinator … is out of
sync with the underlying log"). Everything since would be processed again.

And it can say too much. A broker of three that dies when a commit has reached it and nobody else comes back believing
for some seconds that it still coordinates the transaction, and sends the commit to all partitions. Those of topics
refuse it for as long as too few replicas are in sync; the offsets take it at once. Then the present coordinator aborts
the transaction, as it must, and what was written with the offset is gone (seen once in an hour under faults, as one
record that nobody ever got).

So every position is noted here too, just before it is committed, with the last records that it is committed with.
Whether they are in their logs tells whether that commit came about, even of a process that was killed in it.
"""

import asyncio
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from saan.wire.transport.outputs import Target
from saan.wire.transport.reader import content, reading, record_at
from saan.wire.transport.settings import TransportSettings

log = logging.getLogger("saan.transport")

_ASKED = 4
"""Of how many records written with a position it is asked whether they are there: one that is says it of all."""
_STABLE = 3.0
"""Seconds in which the end of a transaction reaches all replicas, once its owner is fenced."""


class Fate(Enum):
    """What became of a transaction."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Start:
    """Where a lane goes on (``None``: at the beginning), and ``unread``: where the transaction before, which was
    committed, has written something that readers still wait for."""

    next: int | None
    unread: frozenset[TopicPartition] = frozenset()


@dataclass(frozen=True, slots=True)
class Note:
    """The next offset to process and the ``first`` that was processed with it, by what the record of the last processed
    offset is recognised, and ``witnesses``: the last record (topic, partition, offset) that the transaction wrote to
    each partition; none for one known to be committed."""

    next: int
    first: int
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
        return " ".join((*map(str, (self.next, self.first, self.last, self.timestamp, self.content)), *told))


def note_of(line: str) -> Note:
    """Raises ValueError for a line that is none."""
    words = line.split()
    next_, first, last, timestamp, crc = map(int, words[:5])
    told = (word.rsplit(":", 2) for word in words[5:])
    witnesses = tuple((topic, int(partition), int(offset)) for topic, partition, offset in told)
    return Note(next_, first, last, timestamp, crc, witnesses)


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
        witnesses = tuple((topic, partition, end - 1) for (topic, partition), end in ends.items())
        note = Note(record.offset + 1, records[0].offset, record.offset, record.timestamp, content(record), witnesses)
        self._begun[tp] = note
        self._write(self._folder, tp, [one for one in (self._done.get(tp), note) if one is not None])

    def end(self, tp: TopicPartition) -> None:
        """What `begin` was told last is committed."""
        if tp in self._begun:
            self._done[tp] = self._begun.pop(tp)

    def rest(self, tp: TopicPartition) -> None:
        """Nothing more is to come: note that all was committed, unless another process has noted something since."""
        done = self._done.pop(tp, None)
        if self._folder is None or done is None or tp in self._begun:
            return
        if [note for note, _ in self._known(tp)[:1]] == [done]:
            self._write(self._folder, tp, [replace(done, witnesses=())])

    async def start(self, committed: int | None, tp: TopicPartition, settings: TransportSettings) -> Start:
        """Where to go on: at what the coordinator says, unless this machine knows better.

        Asked once every older owner is fenced. A note counts only if its record still lies in the log at its offset.
        Then it is asked whether a record that was written with it has been committed. Raises aiokafka's errors.
        """
        self._done.pop(tp, None)
        told = committed or 0
        for note, sure in self._known(tp):
            if note.next < told or (note.next == told and sure):
                break
            if not await _lies_there(note, tp, settings):
                log.warning("%s: the position noted on this machine is of another log and is not used", tp)
                continue
            fate, unread = await _fate(note, settings)
            fate = Fate.COMMITTED if sure else fate
            if note.next == told and fate is Fate.ABORTED:
                log.error("%s: the coordinator says %d, but what came before from %d was not", tp, told, note.first)
                return Start(note.first)
            if note.next > told and fate is Fate.COMMITTED:
                log.error("%s: the coordinator says %s, but all before %d was committed", tp, committed, note.next)
            if note.next == told or fate is Fate.COMMITTED:
                self._done[tp] = note
                return Start(note.next, unread)
        return Start(committed)

    def _known(self, tp: TopicPartition) -> list[tuple[Note, bool]]:
        """The noted positions, newest first, and whether each is known to be committed; nothing where there is nothing
        that can be read."""
        if self._folder is None:
            return []
        try:
            lines = self._path(self._folder, tp).read_text("ascii").splitlines()
            notes = [note_of(line) for line in lines]
        except (FileNotFoundError, ValueError):
            return []
        return [(note, number > 0 or not note.witnesses) for number, note in enumerate(reversed(notes))]

    def _write(self, folder: Path, tp: TopicPartition, notes: Sequence[Note]) -> None:
        path = self._path(folder, tp)
        part = path.with_suffix(f".{os.getpid()}")
        try:
            part.write_text("\n".join(note.line for note in notes), "ascii")
            part.replace(path)
        except OSError as error:
            log.warning("the position of %s is not noted on this machine: %s", tp, error.strerror)

    def _path(self, folder: Path, tp: TopicPartition) -> Path:
        return folder / f"{tp.topic}-{tp.partition}.position"


async def _lies_there(note: Note, tp: TopicPartition, settings: TransportSettings) -> bool:
    async with reading((tp,), settings) as kafka:
        record = await record_at(kafka, tp, note.last)
    return record is not None and note.fits(record)


async def _fate(note: Note, settings: TransportSettings) -> tuple[Fate, frozenset[TopicPartition]]:
    """What became of the note's transaction, and where readers do not get as far as to what it wrote."""
    if not note.witnesses:
        return Fate.COMMITTED, frozenset()
    async with reading((), settings) as kafka:
        written = await _there(kafka, note)
        unread = await _unread(kafka, written)
        asked = [tp for tp in written if tp not in unread][:_ASKED]
        kafka.assign(asked)
        held = await kafka.beginning_offsets(asked) if asked else {}
        asked = [tp for tp in asked if held[tp] <= written[tp]]
        for tp in asked:
            if await record_at(kafka, tp, written[tp]) is not None:
                return Fate.COMMITTED, unread
    return Fate.ABORTED if asked else Fate.OPEN, unread


async def _there(kafka: AIOKafkaConsumer, note: Note) -> dict[TopicPartition, int]:
    """What the note's transaction wrote last to each partition that is still there."""
    await kafka._client.set_topics(())
    written = {TopicPartition(topic, partition): offset for topic, partition, offset in note.witnesses}
    return {tp: at for tp, at in written.items() if tp.partition in (kafka.partitions_for_topic(tp.topic) or ())}


async def _unread(kafka: AIOKafkaConsumer, written: Mapping[TopicPartition, int]) -> frozenset[TopicPartition]:
    """Where the last stable offset stays before what was written."""
    give_up = time.monotonic() + _STABLE
    while True:
        ends = await kafka.end_offsets(list(written)) if written else {}
        unread = frozenset(tp for tp, end in ends.items() if end <= written[tp])
        if not unread or time.monotonic() > give_up:
            return unread
        await asyncio.sleep(_STABLE / 60)
