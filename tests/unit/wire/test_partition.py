"""The partition of a key is the one that every other Kafka client computes."""

import aiokafka.partitioner
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.wire.partition import murmur2, partition

# org.apache.kafka.common.utils.UtilsTest#testMurmur2, as signed 32-bit integers
JAVA = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


@pytest.mark.parametrize(("data", "expected"), JAVA.items())
def test_hashes_equal_the_vectors_of_the_java_client(data: bytes, expected: int) -> None:
    assert murmur2(data) == expected & 0xFFFFFFFF


@given(st.binary(max_size=70))
def test_hashes_equal_aiokafka_for_keys_of_any_length(data: bytes) -> None:
    assert murmur2(data) == aiokafka.partitioner.murmur2(data) & 0xFFFFFFFF


@given(st.binary(min_size=1, max_size=40), st.integers(1, 100))
def test_the_partition_is_the_one_of_the_default_partitioner(key: bytes, n: int) -> None:
    expected = aiokafka.partitioner.DefaultPartitioner()(key, list(range(n)), list(range(n)))
    assert partition(key, n) == expected
