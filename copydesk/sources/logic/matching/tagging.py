"""Say what kind of word a difference touches; the worst first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from copydesk.sources.logic.matching.words import (
    denial_count,
    is_negation,
    is_number,
    is_opposite,
    is_qualifier,
)
from copydesk.sources.logic.verdicts import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: A token as it stands and folded.
Word: TypeAlias = tuple[str, str]


def tag_change(source: Sequence[Word], quote: Sequence[Word], language: str) -> Tag:
    """Return the worst tag of a change from some words to others."""
    if _denies_else(source, quote, language) or _turns(source, quote):
        return Tag.NEGATION
    if _changes(source, quote, lambda fold: is_number(fold, language)):
        return Tag.NUMBER
    if _changes(source, quote, lambda fold: is_qualifier(fold, language)):
        return Tag.QUALIFIER
    names = [word for word, fold in (*source, *quote) if word[:1].isupper() and len(word) > 1]
    return Tag.NAME if names else Tag.WORDS


def _denies_else(source: Sequence[Word], quote: Sequence[Word], language: str) -> bool:
    """Whether the two sides deny by other words, or not as often."""
    counts = [denial_count([fold for _, fold in side], language) for side in (source, quote)]
    return counts[0] != counts[1] or _changes(
        source, quote, lambda fold: is_negation(fold, language)
    )


def _changes(source: Sequence[Word], quote: Sequence[Word], kind: Callable[[str], bool]) -> bool:
    """Whether the two sides differ in their words of a kind."""
    mine = Counter(fold for _, fold in quote if kind(fold))
    return mine != Counter(fold for _, fold in source if kind(fold))


def _turns(source: Sequence[Word], quote: Sequence[Word]) -> bool:
    """Whether a word became its opposite by a prefix: `legal`, `illegal`."""
    mine, theirs = {fold for _, fold in quote}, {fold for _, fold in source}
    if len(mine) > 40 or len(theirs) > 40:
        return False
    return any(is_opposite(one, other) for one in mine - theirs for other in theirs - mine)
