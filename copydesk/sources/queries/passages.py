"""Where in a page the words of a quotation stand, for links that lead there."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from copydesk.sources.backends.archive import Damaged, Missing
from copydesk.sources.logic.fragments import deep_link, text_fragment
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.queries.texts import archive, texts_from

if TYPE_CHECKING:
    from copydesk.sources.models import Check, Snapshot

# A fragment is some 70 characters.
REMEMBERED = 4096


def link_into(url: str, *, check: Check, snapshot: Snapshot) -> str:
    """Return the address that leads to the words a check found in a copy of the page at `url`.

    It is the address of the page where the words are not in its visible text, or not to be told from others there, or
    where the copy's text is lost.
    """
    if check.layer != Layer.VISIBLE or not check.spans:
        return url
    start = min(first for first, _last in check.spans)
    end = max(last for _first, last in check.spans)
    try:
        return deep_link(url, _fragment(snapshot.layers_sha256, start, end))
    except (Missing, Damaged, OSError):
        return url


@lru_cache(maxsize=REMEMBERED)
def _fragment(layers_sha256: str, start: int, end: int) -> str | None:
    """Remembered, since a copy never changes and every page that shows the quotation asks."""
    text = texts_from(archive().get(layers_sha256)).get(Layer.VISIBLE, "")
    return text_fragment(text, start, end)
