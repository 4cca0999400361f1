"""Which partition a key belongs to: murmur2, as Kafka's Java clients compute it.

Every client must agree on this, or one learner's events are split over two partitions and lose their order.
Source: `org.apache.kafka.common.utils.Utils.murmur2` and `BuiltInPartitioner.partitionForKey`.
"""

from functools import lru_cache
from struct import Struct

_SEED = 0x9747B28C
_MIX = 0x5BD1E995
_MASK = 0xFFFFFFFF


@lru_cache(maxsize=64)
def _words(count: int) -> Struct:
    return Struct(f"<{count}I")


def murmur2(data: bytes) -> int:
    """Return the 32-bit murmur2 hash of `data` as an unsigned integer."""
    length = len(data)
    whole = length & ~3
    state = _SEED ^ length
    for word in _words(whole >> 2).unpack_from(data):
        word = (word * _MIX) & _MASK
        word = ((word ^ (word >> 24)) * _MIX) & _MASK
        state = ((state * _MIX) & _MASK) ^ word
    if whole != length:
        state = ((state ^ int.from_bytes(data[whole:], "little")) * _MIX) & _MASK
    state = ((state ^ (state >> 13)) * _MIX) & _MASK
    return state ^ (state >> 15)


@lru_cache(maxsize=65_536)
def partition(key: bytes, n: int) -> int:
    """Return the partition of `key`, 0 ≤ p < `n`, in a topic of `n` partitions."""
    return (murmur2(key) & 0x7FFFFFFF) % n
