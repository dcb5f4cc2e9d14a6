"""The record's tree is that of RFC 9162, and its proofs prove nothing else."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.record.logic.merkle import (
    EMPTY_ROOT,
    Growing,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    proves_consistency,
    proves_inclusion,
    root_of,
)

SIZES = st.integers(1, 70)


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def defined_root(hashes: list[bytes]) -> bytes:
    """Return the Merkle Tree Hash as section 2.1.1 defines it, by recursion."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return node_hash(defined_root(hashes[:half]), defined_root(hashes[half:]))


class Nodes:
    """The whole nodes of a tree of leaves, as the record keeps them."""

    def __init__(self, hashes: list[bytes]) -> None:
        self.kept = {(0, position): leaf for position, leaf in enumerate(hashes)}
        self.tree = Growing()
        for leaf in hashes:
            for level, position, made in self.tree.append(leaf):
                assert (level, position) not in self.kept  # A whole node never changes.
                self.kept[level, position] = made

    def __call__(self, level: int, position: int) -> bytes:
        return self.kept[level, position]


@pytest.mark.parametrize("count", range(66))
def test_the_root_is_the_one_the_standard_defines(count: int) -> None:
    assert root_of(leaves(count)) == defined_root(leaves(count))


def test_known_roots_of_certificate_transparency() -> None:
    # From the test vectors of certificate-transparency's reference tree, of the leaves "", 00, 10.
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    first = leaf_hash(b"")
    assert first.hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    two = root_of([first, leaf_hash(b"\x00")])
    assert two.hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    three = root_of([first, leaf_hash(b"\x00"), leaf_hash(b"\x10")])
    assert three.hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"


@given(st.data(), SIZES)
def test_each_leaf_is_proved_to_be_in_each_tree(data: st.DataObject, size: int) -> None:
    nodes = Nodes(leaves(size + data.draw(st.integers(0, 9))))
    index = data.draw(st.integers(0, size - 1))
    root = defined_root(leaves(size))
    proof = inclusion_proof(index, size, nodes)
    assert proves_inclusion(leaves(size)[index], index, size, proof, root)
    assert not proves_inclusion(leaf_hash(b"another"), index, size, proof, root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        spoiled = [*proof[:at], leaf_hash(proof[at]), *proof[at + 1 :]]
        assert not proves_inclusion(leaves(size)[index], index, size, spoiled, root)
        assert not proves_inclusion(leaves(size)[index], index, size, proof[:-1], root)


@given(st.data(), SIZES)
def test_each_tree_is_proved_to_continue_each_earlier_one(data: st.DataObject, second: int) -> None:
    nodes = Nodes(leaves(second))
    first = data.draw(st.integers(1, second))
    roots = defined_root(leaves(first)), defined_root(leaves(second))
    proof = consistency_proof(first, second, nodes)
    assert proves_consistency(first, roots[0], second, roots[1], proof)
    forged = defined_root([*leaves(first)[:-1], leaf_hash(b"another")])
    assert not proves_consistency(first, forged, second, roots[1], proof)
    if first < second:
        forged = defined_root([*leaves(second)[:-1], leaf_hash(b"another")])
        assert not proves_consistency(first, roots[0], second, forged, proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_what_is_not_there_is_not_proved(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        inclusion_proof(index, size, Nodes(leaves(3)))
    assert not proves_inclusion(leaves(4)[index], index, size, [], EMPTY_ROOT)
    with pytest.raises(IndexError):
        consistency_proof(size + 1, size, Nodes(leaves(3)))


def test_a_tree_goes_on_from_its_peaks_alone() -> None:
    whole, part = Growing(), Growing()
    for leaf in leaves(13):
        whole.append(leaf)
        part = Growing(part.size, part.peaks)
        part.append(leaf)
    assert part.root == whole.root == defined_root(leaves(13))
    with pytest.raises(ValueError, match="3 whole subtrees"):
        Growing(13, part.peaks[:2])
