"""The head of the record, signed, and proofs of what it says."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q

from copydesk.record.backends.signing import load_signer
from copydesk.record.logic import merkle
from copydesk.record.logic.canonical import moment
from copydesk.record.logic.heads import SignedHead, key_id, signed_text
from copydesk.record.models import Entry, Head, Node, Redaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def signed_head() -> SignedHead:
    """Return the head over all entries, signed; one query. Raises KeyUnusable."""
    head = Head.objects.first()
    peaks = [bytes.fromhex(peak) for peak in head.peaks] if head else []
    size = head.size if head else 0
    root = merkle.Growing(size, peaks).root.hex()
    at = moment(head.last_at) if head and head.last_at else ""
    name, signer = origin(), load_signer()
    return SignedHead(
        origin=name,
        size=size,
        root=root,
        at=at,
        key_id=key_id(name, signer.public_key),
        public_key=b64encode(signer.public_key).decode(),
        signature=b64encode(signer.sign(signed_text(name, size, root).encode())).decode(),
    )


def origin() -> str:
    """Return the name of the record, the same for every head of it."""
    return f"{urlsplit(settings.COPYDESK_BASE_URL).netloc}/record"


def size() -> int:
    """Return how many entries there are; one query."""
    return Head.objects.values_list("size", flat=True).first() or 0


def record_counts() -> dict[str, int]:
    """Return how much the record holds; two queries."""
    return {"entries": size(), "redactions": Redaction.objects.count()}


def end() -> tuple[int, str]:
    """Return how many entries there are and the hash of the last; one query."""
    return Head.objects.values_list("size", "last_hash").first() or (0, "")


def inclusion(index: int, tree_size: int) -> dict[str, object]:
    """Return the proof that entry `index` is in the tree over the first `tree_size`; two queries.

    Raises IndexError where there is no such entry or tree.
    """
    found = _with_nodes(
        lambda nodes: [
            nodes(0, index),
            merkle.subtree_hash(0, tree_size, nodes),
            *merkle.inclusion_proof(index, tree_size, nodes),
        ]
    )
    leaf, root, *proof = found
    return {"index": index, "size": tree_size, "leaf": leaf, "root": root, "proof": proof}


def consistency(first: int, second: int) -> dict[str, object]:
    """Return the proof that the tree over the first `second` entries continues that over `first`; two queries.

    Raises IndexError unless 0 < first <= second <= the number of entries.
    """
    found = _with_nodes(
        lambda nodes: [
            *merkle.consistency_proof(first, second, nodes),
            merkle.subtree_hash(0, first, nodes),
            merkle.subtree_hash(0, second, nodes),
        ]
    )
    *proof, first_root, second_root = found
    roots = {"first_root": first_root, "second_root": second_root}
    return {"first": first, "second": second, **roots, "proof": proof}


def _with_nodes(make: Callable[[merkle.Nodes], list[bytes]]) -> list[str]:
    """Return, in hexadecimal, what `make` makes of the tree's nodes: those it asks for are looked up at once."""
    wanted: set[tuple[int, int]] = set()

    def note(level: int, position: int) -> bytes:
        wanted.add((level, position))
        return b""

    make(note)
    found = _nodes(wanted)
    return [part.hex() for part in make(lambda level, position: found[level, position])]


def _nodes(wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    which, leaves = Q(), []
    for level, position in wanted:
        if level:
            which |= Q(level=level, position=position)
        else:
            leaves.append(position)
    found = {
        (0, index): bytes.fromhex(leaf)
        for index, leaf in Entry.objects.filter(pk__in=leaves).values_list("index", "hash")
    }
    if which:
        rows = Node.objects.filter(which).values_list("level", "position", "hash")
        found |= {(level, position): bytes.fromhex(node) for level, position, node in rows}
    return found
