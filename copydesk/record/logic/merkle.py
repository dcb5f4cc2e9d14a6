"""The tree over all entries of the record, in the shape of RFC 9162 (Certificate Transparency 2.0), section 2.1.

Leaves are hashed as SHA-256(0x00 ‖ leaf), nodes as SHA-256(0x01 ‖ left ‖ right). A node is named by its level (0 for
leaves) and its position in it; it is whole when all of its 2^level leaves are there, and from then on never changes.
Hashes are 32 bytes throughout.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    # Returns the hash of a whole node by its level and position.
    Nodes = Callable[[int, int], bytes]

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from those of its halves."""
    return sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that grows at its right edge, known by the roots of its whole subtrees alone, the largest first.

    Appending costs one hash on average and log2(size) at most; nothing else of the tree is needed.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Go on from a tree of `size` leaves, whose whole subtrees have these roots. Raises ValueError."""
        if size.bit_count() != len(peaks):
            raise ValueError(f"A tree of {size} leaves has {size.bit_count()} whole subtrees.")
        self.size, self.peaks = size, list(peaks)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add the hash of a leaf, and return the nodes above it that are whole now: (level, position, hash)."""
        made, level, position = [], 0, self.size
        whole = leaf
        while position & 1:
            whole = node_hash(self.peaks.pop(), whole)
            level, position = level + 1, position >> 1
            made.append((level, position, whole))
        self.peaks.append(whole)
        self.size += 1
        return made

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        return _folded(self.peaks) if self.peaks else EMPTY_ROOT


def _folded(peaks: Sequence[bytes]) -> bytes:
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root of the tree over these hashes of leaves."""
    tree = Growing()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return the path that proves leaf `index` to be in the tree of the first `size` (RFC 9162, 2.1.3.1).

    Raises IndexError where there is no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(index)
    return list(_path(index, 0, size, nodes))


def _path(index: int, first: int, last: int, nodes: Nodes) -> Iterator[bytes]:
    if last - first == 1:
        return
    middle = first + _split(last - first)
    if index < middle:
        yield from _path(index, first, middle, nodes)
        yield subtree_hash(middle, last, nodes)
    else:
        yield from _path(index, middle, last, nodes)
        yield subtree_hash(first, middle, nodes)


def subtree_hash(first: int, last: int, nodes: Nodes) -> bytes:
    """Return the hash over the leaves from `first` to before `last`, which begin at a whole node's edge."""
    peaks = []
    while first < last:
        level = (last - first).bit_length() - 1
        peaks.append(nodes(level, first >> level))
        first += 1 << level
    return _folded(peaks)


def consistency_proof(first: int, second: int, nodes: Nodes) -> list[bytes]:
    """Return the path that proves the tree of `second` leaves to continue that of `first` (RFC 9162, 2.1.4.1).

    Raises IndexError unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise IndexError(first)
    return list(_subproof(first, 0, second, nodes, is_root=True))


def _subproof(
    wanted: int, first: int, last: int, nodes: Nodes, *, is_root: bool
) -> Iterator[bytes]:
    if wanted == last - first:
        if not is_root:
            yield subtree_hash(first, last, nodes)
        return
    half = _split(last - first)
    if wanted <= half:
        yield from _subproof(wanted, first, first + half, nodes, is_root=is_root)
        yield subtree_hash(first + half, last, nodes)
    else:
        yield from _subproof(wanted - half, first + half, last, nodes, is_root=False)
        yield subtree_hash(first, first + half, nodes)


def _split(size: int) -> int:
    """Return the largest power of two below a size of at least two."""
    return 1 << ((size - 1).bit_length() - 1)


def proves_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether a path proves that the leaf with this hash is in the tree with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, edge, found = index, size - 1, leaf
    for step in proof:
        if edge == 0:
            return False
        if here & 1 or here == edge:
            found = node_hash(step, found)
            while not here & 1 and here:
                here, edge = here >> 1, edge >> 1
        else:
            found = node_hash(found, step)
        here, edge = here >> 1, edge >> 1
    return edge == 0 and found == root


def proves_consistency(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a path proves that the second tree continues the first (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    steps = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not steps:
        return False
    here, edge = first - 1, second - 1
    while here & 1:
        here, edge = here >> 1, edge >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if edge == 0:
            return False
        if here & 1 or here == edge:
            old, new = node_hash(step, old), node_hash(step, new)
            while not here & 1 and here:
                here, edge = here >> 1, edge >> 1
        else:
            new = node_hash(new, step)
        here, edge = here >> 1, edge >> 1
    return edge == 0 and old == first_root and new == second_root
