"""The word a misspelt one was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable

# One slip in a word of up to five letters, two in a longer one (the usual AUTO fuzziness of search engines).
SHORT = 5


def nearest_word(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate the fewest slips away (a swap of neighbors is one), or None where none is near enough."""
    allowed = 1 if len(word) <= SHORT else 2
    near = (
        (OSA.distance(word, candidate, score_cutoff=allowed), candidate) for candidate in candidates
    )
    return min(
        ((slips, candidate) for slips, candidate in near if slips <= allowed), default=(0, None)
    )[1]
