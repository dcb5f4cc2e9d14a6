"""Places in the stored HTML of an article for what is known of its quotations, which changes while the HTML stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# As editorial's template of a quotation writes it. Neither rich text nor imported HTML can hold an attribute of these.
SLOT = re.compile(
    r'<p class="quotation__check"\s+data-quotation="([^"<>]{1,36})"(\s+data-named)?></p>'
)
ANCHOR = 8


def anchor_of(block_id: str) -> str:
    """Return the id of the element in an article that holds a quotation, by the id of its block."""
    return f"q-{block_id[:ANCHOR]}"


def quoted_blocks(html: str) -> list[str]:
    """Return the ids of the blocks that have a slot in `html`, in order."""
    return [match[1] for match in SLOT.finditer(html)]


def filled(html: str, line: Callable[[str, bool], str]) -> str:
    """Return `html` with each slot replaced by `line(block id, whether the quotation names where it is from)`."""
    return SLOT.sub(lambda match: line(match[1], bool(match[2])), html)


def without_slots(html: str) -> str:
    """Return `html` as it is where nothing is known of quotations: in feeds, drafts and exports."""
    return SLOT.sub("", html)
