"""The order in which records are handed to a lane: every one, once, from the lane's first offset on.

The position of the fetcher is not to be trusted. aiokafka reads it before the partition is fenced, Faust moves it
back to the committed offset when it resumes, and a fetch that was under way when the flow stopped has moved it
forward although nobody got its records. So it is set once after the fence and again after every dropped fetch.
"""

from collections.abc import Sequence

from aiokafka import ConsumerRecord


class Order:
    """Follows one lane; `expected` is the offset of the next record to hand out."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.sure = False  # the fetcher was set to `expected`, and nothing it brought since was dropped

    def take(self, records: Sequence[ConsumerRecord]) -> list[ConsumerRecord]:
        """Return those of a fetch that are to be handed out: none while not sure, else those not handed out before.

        A fetch that begins later than expected is right: transaction markers and removed records leave gaps.
        """
        if not self.sure:
            return []
        fresh = [record for record in records if record.offset >= self.expected]
        if fresh:
            self.expected = fresh[-1].offset + 1
        return fresh

    def give_back(self, fresh: Sequence[ConsumerRecord]) -> None:
        """Note that what `take` has returned last could not be handed out after all."""
        self.expected = fresh[0].offset
        self.sure = False
