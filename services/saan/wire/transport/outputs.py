"""What a handler wants written for a block: records, gathered into closed batches, and what to do after the commit."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder

from saan.wire.partition import partition as partition_of
from saan.wire.transport.errors import MissingTopic, OversizedRecord

Headers = Sequence[tuple[str, bytes | None]]
Target = tuple[str, int]  # topic, partition

CODECS: Mapping[str, int] = {
    "none": 0,
    "gzip": DefaultRecordBatch.CODEC_GZIP,
    "snappy": DefaultRecordBatch.CODEC_SNAPPY,
    "lz4": DefaultRecordBatch.CODEC_LZ4,
    "zstd": DefaultRecordBatch.CODEC_ZSTD,
}


class Counts(Protocol):
    """Partition counts of topics, as far as they are known."""

    def of(self, topic: str) -> int:
        """Return the number of partitions; raise MissingTopic if the topic does not exist."""


class Committed:
    """Where the records of one transaction went: ``ends`` are the offsets after the last one, by target."""

    def __init__(self, ends: Mapping[Target, int]) -> None:
        self.ends = ends

    def next_offset(self, topic: str, partition: int) -> int | None:
        """Offset after the last record written there; None if nothing was."""
        return self.ends.get((topic, partition))


AfterCommit = Callable[[Committed], None]


class Outputs:
    """Made by `lane.outputs()`, filled by the handler, sent by the lane in one transaction.

    Order is kept per target partition. Nothing is sent before the handler has returned, so an error while
    filling costs nothing.
    """

    def __init__(self, counts: Counts, *, batch_bytes: int, codec: int) -> None:
        self._counts, self._limit, self._codec = counts, batch_bytes, codec
        self._batches: dict[Target, list[BatchBuilder]] = {}
        self.outcomes: Counter[str] = Counter()
        self.after: list[AfterCommit] = []

    def put(
        self,
        topic: str,
        partition: int | None,
        key: bytes | None,
        value: bytes | None,
        headers: Headers = (),
        timestamp_ms: int | None = None,
    ) -> None:
        """Add a record. `partition` None means: by its key, as every Kafka client does. `timestamp_ms` None means: now.

        Raises MissingTopic and OversizedRecord; the other records stay as they are.
        """
        count = self._counts.of(topic)
        if partition is None:
            partition = partition_of(key or b"", count)
        elif not 0 <= partition < count:
            raise MissingTopic(topic, partition)
        pairs = list(headers)
        size = DefaultRecordBatchBuilder.estimate_size_in_bytes(key, value, pairs)
        if size > self._limit:
            raise OversizedRecord(topic, size, self._limit)
        batches = self._batches.setdefault((topic, partition), [])
        if not batches or not self._append(batches[-1], key, value, pairs, timestamp_ms):
            batches.append(self._batch())
            self._append(batches[-1], key, value, pairs, timestamp_ms)

    def count(self, outcome: str, n: int = 1) -> None:
        """Count `n` input records of this outcome; added to the metrics once the transaction is committed."""
        self.outcomes[outcome] += n

    def after_commit(self, action: AfterCommit) -> None:
        """Call `action` once the transaction is committed, before the next block is decided."""
        self.after.append(action)

    def close(self) -> Mapping[Target, Sequence[BatchBuilder]]:
        """Close the last batches and return all of them by target."""
        for batches in self._batches.values():
            batches[-1].close()
        return self._batches

    def _batch(self) -> BatchBuilder:
        return BatchBuilder(self._limit, self._codec, is_transactional=True)

    @staticmethod
    def _append(
        batch: BatchBuilder, key: bytes | None, value: bytes | None, headers: Headers, timestamp_ms: int | None
    ) -> bool:
        return batch.append(timestamp=timestamp_ms, key=key, value=value, headers=headers) is not None
