"""Places in the stored HTML of a body that a notice can name: its blocks, and the paragraphs of texts.

A place is the id of a block, or that and the key of a paragraph in it, such as `8f14e45f-….k3j4h`. Both come from the
editor and stay when the words change. Blocks are found by comments that only our rendering writes; every page leaves
them out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MARKER = re.compile(r"<!--block ([\w-]{1,36})-->")
# As the editor of texts writes them.
KEYED = re.compile(r'<(?:p|li|h[1-6]|blockquote) data-block-key="(\w{1,12})"[^>]*>')
# What a mark can stand in at the very start of a block, so that it does not take a line of its own.
OPENING = re.compile(r"\s*<(?:p|h[1-6])(?:\s[^>]*)?>")


@dataclass(frozen=True)
class Place:
    """A place and the HTML that stands there."""

    id: str
    html: str


def marker(block_id: str) -> str:
    """Return what goes before the HTML of a block, so that it is found again."""
    return f"<!--block {block_id}-->" if block_id else ""


def without_markers(html: str) -> str:
    """Return `html` as readers get it where nothing in it has a notice."""
    return MARKER.sub("", html)


def find_places(html: str) -> list[Place]:
    """Return the places of a body in order: paragraphs where they are told apart, else whole blocks."""
    return [
        place for block_id, inside in _blocks(html) for place in _places_of_block(block_id, inside)
    ]


def with_marks(html: str, marks: Mapping[str, str]) -> str:
    """Return `html` without markers and with the mark of each place put at its start.

    The mark of a paragraph that is no longer told apart, or no longer there, stands at its block; that of a block which
    is gone, nowhere.
    """
    if not marks:
        return without_markers(html)
    opening = html[: first.start()] if (first := MARKER.search(html)) else html
    return opening + "".join(_marked(block_id, inside, marks) for block_id, inside in _blocks(html))


def shown_places(html: str, places: Mapping[str, object] | list[str]) -> set[str]:
    """Return those of `places` whose mark stands somewhere in `html`."""
    blocks = {block_id for block_id, _inside in _blocks(html)}
    return {place for place in places if place.partition(".")[0] in blocks}


def _blocks(html: str) -> Iterator[tuple[str, str]]:
    """Yield the id of each block and its HTML; the last has whatever follows the body, too."""
    parts = MARKER.split(html)
    yield from zip(parts[1::2], parts[2::2], strict=True)


def _places_of_block(block_id: str, inside: str) -> Iterator[Place]:
    starts = list(KEYED.finditer(inside))
    if not starts:
        yield Place(block_id, inside)
        return
    ends = [start.start() for start in starts[1:]] + [len(inside)]
    for start, end in zip(starts, ends, strict=True):
        yield Place(f"{block_id}.{start[1]}", inside[start.start() : end])


def _marked(block_id: str, inside: str, marks: Mapping[str, str]) -> str:
    keys = {place.partition(".")[2] for place in marks if place.partition(".")[0] == block_id}
    if not keys:
        return inside
    found = {match[1] for match in KEYED.finditer(inside)} & keys
    inside = KEYED.sub(
        lambda match: match[0] + (marks[f"{block_id}.{match[1]}"] if match[1] in found else ""),
        inside,
    )
    lost = [f"{block_id}.{key}" if key else block_id for key in sorted(keys - found)]
    opening = "".join(marks[place] for place in lost)
    if not opening:
        return inside
    start = OPENING.match(inside)
    if start is None:
        return f'<p class="noticed-block">{opening}</p>{inside}'
    return inside[: start.end()] + opening + inside[start.end() :]
