"""Merkle trees: the published vectors, and the laws that make a root worth signing."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saan.core.merkle import Proof, prove, proves, root

# The test vectors of Certificate Transparency (RFC 6962), whose leaves happen to be in order of their bytes.
LEAVES = [bytes.fromhex(x) for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes.fromhex("606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}

sets = st.sets(st.binary(max_size=8), min_size=1, max_size=40).map(sorted)


@pytest.mark.parametrize(("n", "expected"), ROOTS.items())
def test_the_root_is_that_of_the_published_vectors(n: int, expected: str) -> None:
    assert root(LEAVES[:n]).hex() == expected


@given(sets)
def test_the_root_is_that_of_the_recursive_definition(leaves: list[bytes]) -> None:
    def defined(part: list[bytes]) -> bytes:
        if len(part) == 1:
            return sha256(b"\x00" + part[0]).digest()
        k = 1
        while k * 2 < len(part):
            k *= 2
        return sha256(b"\x01" + defined(part[:k]) + defined(part[k:])).digest()

    assert root(leaves) == defined(leaves)


@given(st.permutations(LEAVES))
def test_the_order_of_collecting_does_not_matter(leaves: list[bytes]) -> None:
    assert root(leaves).hex() == ROOTS[8]


@given(sets)
def test_every_leaf_is_proved_and_nothing_else_is(leaves: list[bytes]) -> None:
    whole = root(leaves)
    for leaf in leaves:
        proof = prove(leaves, leaf)
        assert proves(proof, leaf, whole)
        assert not proves(proof, leaf + b"x", whole)
        assert not proves(proof, leaf, sha256(whole).digest())


@given(sets, st.data())
def test_a_proof_of_another_place_or_size_or_with_another_hash_proves_nothing(
    leaves: list[bytes], data: st.DataObject
) -> None:
    leaf, whole = data.draw(st.sampled_from(leaves)), root(leaves)
    proof = prove(leaves, leaf)
    other = data.draw(st.integers(-1, len(leaves)).filter(lambda index: index != proof.index))
    assert not proves(Proof(other, proof.size, proof.path), leaf, whole)
    assert not proves(Proof(proof.index, proof.size, (*proof.path, b"\x00" * 32)), leaf, whole)
    if proof.path:
        assert not proves(Proof(proof.index, proof.size, proof.path[:-1]), leaf, whole)


@given(sets, st.binary(max_size=9), st.data())
def test_any_change_of_the_set_changes_the_root(leaves: list[bytes], new: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    without = leaves[:place] + leaves[place + 1 :]
    assert root(without) != root(leaves)
    if new not in leaves:
        assert root([*leaves, new]) != root(leaves)
        assert root([*without, new]) != root(leaves)


def test_an_inner_node_cannot_pass_for_a_leaf() -> None:
    children = b"".join(sha256(b"\x00" + leaf).digest() for leaf in LEAVES[:2])
    assert root([children]) != root(LEAVES[:2])


def test_what_is_not_in_the_set_cannot_be_proved() -> None:
    with pytest.raises(ValueError, match="not in"):
        prove(LEAVES, b"absent")
