"""A block: consecutive records of one input partition, decided and committed together."""

from dataclasses import dataclass

from aiokafka import ConsumerRecord, TopicPartition

from saan.wire.transport.errors import LostBlock


@dataclass(slots=True, eq=False)
class Block:
    """Grows while it waits for its lane: under load, few large transactions instead of many small ones."""

    tp: TopicPartition
    generation: int  # of the consumer group, when the records were fetched
    previous_end: int | None  # end of the block handed out before it; None for the first after an assignment
    records: list[ConsumerRecord]
    taken: bool = False  # the lane works on it: it no longer grows

    @property
    def end(self) -> int:
        """Offset after the last record."""
        return int(self.records[-1].offset) + 1

    def merge(self, generation: int, records: list[ConsumerRecord], limit: int) -> bool:
        """Append `records`, unless the block is taken, full, of another generation, or beyond them already.

        Returns whether it did.
        """
        if self.taken or self.generation != generation or len(self.records) >= limit or records[0].offset < self.end:
            return False
        self.records += records
        return True

    def owed(self, next_offset: int, generation: int) -> list[ConsumerRecord]:
        """Return the records that a lane of `generation` still has to process; none if the block is left over.

        Raises LostBlock if there is a hole before the block. A gap inside it, or before the first block of an
        assignment, is no hole: transaction markers and removed records take offsets too.
        """
        if self.generation != generation:
            return []
        if self.records[0].offset < next_offset:
            return [record for record in self.records if record.offset >= next_offset]
        if self.previous_end is not None and self.previous_end > next_offset:
            raise LostBlock(next_offset, self.previous_end)
        return self.records
