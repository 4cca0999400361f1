"""Outputs become closed batches, in order, each below the limit."""

from typing import Any

import pytest
from aiokafka.record.memory_records import MemoryRecords

from saan.wire.partition import partition
from saan.wire.transport.errors import MissingTopic, OversizedRecord
from saan.wire.transport.outputs import CODECS, Committed, Outputs


class Counts:
    """The partition counts of a cluster with two topics."""

    def of(self, topic: str) -> int:
        try:
            return {"inbox.a": 4, "ledger": 1}[topic]
        except KeyError:
            raise MissingTopic(topic) from None


def outputs(batch_bytes: int = 10_000, codec: str = "none") -> Outputs:
    return Outputs(Counts(), batch_bytes=batch_bytes, codec=CODECS[codec])


def written(batches: Any) -> list[Any]:
    found = []
    for batch in batches:
        memory = MemoryRecords(bytes(batch._build()))
        while (parsed := memory.next_batch()) is not None:
            found += list(parsed)
    return found


def test_records_keep_key_value_headers_timestamp_and_order() -> None:
    out = outputs()
    for number in range(5):
        out.put("ledger", 0, b"k", b"%d" % number, [("ce_id", b"x"), ("empty", None)], 1_700_000_000_000 + number)
    records = written(out.close()["ledger", 0])
    assert [record.value for record in records] == [b"0", b"1", b"2", b"3", b"4"]
    assert [record.timestamp for record in records] == [1_700_000_000_000 + number for number in range(5)]
    assert list(records[0].headers) == [("ce_id", b"x"), ("empty", None)]


def test_without_a_partition_the_key_decides_as_in_every_kafka_client() -> None:
    out = outputs()
    out.put("inbox.a", None, b"subject", b"v")
    assert list(out.close()) == [("inbox.a", partition(b"subject", 4))]


def test_a_batch_that_is_full_is_followed_by_another() -> None:
    out = outputs(batch_bytes=1000)
    for number in range(20):
        out.put("ledger", 0, None, b"%03d" % number + b"x" * 200)
    batches = out.close()["ledger", 0]
    assert len(batches) > 1
    assert all(batch.closed() and batch.size() <= 1000 for batch in batches)
    assert [record.value[:3] for record in written(batches)] == [b"%03d" % number for number in range(20)]


@pytest.mark.parametrize("codec", CODECS)
def test_every_codec_can_be_read_back(codec: str) -> None:
    out = outputs(codec=codec)
    out.put("ledger", 0, b"k", b"v" * 500)
    assert [record.value for record in written(out.close()["ledger", 0])] == [b"v" * 500]


def test_a_record_larger_than_a_batch_is_refused_and_leaves_the_others_as_they_are() -> None:
    out = outputs(batch_bytes=1000)
    out.put("ledger", 0, None, b"before")
    with pytest.raises(OversizedRecord, match="SAAN-T002: a record of 2086 bytes for 'ledger'") as caught:
        out.put("ledger", 0, None, b"x" * 2000)
    out.put("ledger", 0, None, b"after")
    assert caught.value.limit == 1000
    assert [record.value for record in written(out.close()["ledger", 0])] == [b"before", b"after"]


def test_a_missing_topic_or_partition_is_refused_by_name() -> None:
    with pytest.raises(MissingTopic, match=r"topic 'inbox\.b' does not exist; run `saan apply`"):
        outputs().put("inbox.b", None, b"k", b"v")
    with pytest.raises(MissingTopic, match=r"partition 4 of topic 'inbox\.a' does not exist"):
        outputs().put("inbox.a", 4, b"k", b"v")


def test_what_was_committed_says_the_next_offset_of_every_target() -> None:
    committed = Committed({("record.student", 3): 42})
    assert committed.next_offset("record.student", 3) == 42
    assert committed.next_offset("record.student", 2) is None


def test_outcomes_are_counted() -> None:
    out = outputs()
    out.count("accepted", 3)
    out.count("accepted")
    out.count("rejected")
    assert dict(out.outcomes) == {"accepted": 4, "rejected": 1}
