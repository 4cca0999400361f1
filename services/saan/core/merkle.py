"""Merkle trees as RFC 6962 section 2.1 hashes them: one root stands for a whole set, and a short path for a member.

A leaf is hashed as ``SHA-256(0x00 || leaf)``, an inner node as ``SHA-256(0x01 || left || right)``, so no leaf can pass
for a node; the left part of ``n`` leaves holds the largest power of two below ``n``; the root of nothing is
``SHA-256("")``. Here leaves are sorted by their bytes first: a set has one root, in whatever order it was collected.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

_LEAF, _NODE = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class Proof:
    """That one leaf is in a tree: its ``index`` among the ``size`` sorted leaves, and the hashes beside its way up."""

    index: int
    size: int
    path: tuple[bytes, ...]


def root(leaves: Iterable[bytes]) -> bytes:
    """32 bytes that stand for these leaves; a leaf given twice counts twice."""
    return _root([_of_leaf(leaf) for leaf in sorted(leaves)])


def prove(leaves: Iterable[bytes], leaf: bytes) -> Proof:
    """The proof that ``leaf`` is among ``leaves``. Raises ``ValueError`` when it is not."""
    ordered = sorted(leaves)
    index = ordered.index(leaf)
    return Proof(index, len(ordered), tuple(_path([_of_leaf(one) for one in ordered], index)))


def proves(proof: Proof, leaf: bytes, root: bytes) -> bool:
    """Whether ``leaf`` stands at the proof's place in the tree with this ``root`` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= proof.index < proof.size:
        return False
    at, last, found = proof.index, proof.size - 1, _of_leaf(leaf)
    for beside in proof.path:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = _of_node(beside, found)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            found = _of_node(found, beside)
        at, last = at // 2, last // 2
    return last == 0 and found == root


def _of_leaf(leaf: bytes) -> bytes:
    return sha256(_LEAF + leaf).digest()


def _of_node(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


def _root(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return sha256(b"").digest()
    level = list(hashes)
    while len(level) > 1:
        # Pairing level by level and carrying an odd last one up gives the very tree that RFC 6962 splits top down.
        pairs = [_of_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def _path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    if len(hashes) == 1:
        return []
    left = 1 << (len(hashes) - 1).bit_length() - 1
    if index < left:
        return [*_path(hashes[:left], index), _root(hashes[left:])]
    return [*_path(hashes[left:], index - left), _root(hashes[:left])]
