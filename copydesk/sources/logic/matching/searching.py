"""Find where the segments of a quotation stand, word for word and in order."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from copydesk.sources.logic.matching.segments import Run, Slot, Stem
from copydesk.sources.logic.matching.words import is_negation, is_opposite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copydesk.sources.logic.matching.index import TextIndex
    from copydesk.sources.logic.matching.segments import Part, Segment

#: How many words of the source an editor's bracket may stand for, and how many may lie between two paragraphs.
SLOT_WORDS: Final = 8
BREAK_WORDS: Final = 80
#: Places tried for one segment in all, and kept at each step: what bounds the time of a hostile quotation.
_BUDGET: Final = 60_000
_STATES: Final = 24
_STARTS: Final = 400


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of a quotation and the tokens of the source it stands for."""

    part: Part
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Placement:
    """A segment and where each of its parts stands."""

    parts: tuple[Placed, ...]
    first: int
    last: int


_Chain: TypeAlias = "tuple[_Chain, Placed] | None"


class _Search:
    """One search with its budget."""

    def __init__(self, index: TextIndex) -> None:
        self.index = index
        self.budget = _BUDGET

    def extend(self, parts: Sequence[Part], token: int, *, forward: bool) -> list[Placed] | None:
        """Place the parts one after the other, away from `token`; the narrowest gaps are tried first."""
        states: dict[int, _Chain] = {token: None}
        for number, part in enumerate(parts):
            is_last = number == len(parts) - 1
            following: dict[int, _Chain] = {}
            for at, chain in states.items():
                for first, last in self._options(part, at, forward=forward, is_last=is_last):
                    following.setdefault(
                        last if forward else first, (chain, Placed(part, first, last))
                    )
                    self.budget -= 1
            if not following or self.budget < 0:
                return None
            is_fixed = isinstance(part, Run | Stem)
            states = dict(list(following.items())[:_STATES]) if is_fixed else following
        return _unchained(next(iter(states.values())))

    def _options(
        self, part: Part, at: int, *, forward: bool, is_last: bool
    ) -> Iterator[tuple[int, int]]:
        index = self.index
        if isinstance(part, Run):
            other = (index.starts_with if forward else index.ends_with)(part.skeleton, at)
            if other is not None:
                yield (at, other) if forward else (other, at)
        elif isinstance(part, Stem):
            token = at if forward else at - 1
            if 0 <= token < len(index) and _is_form_of(index.tokens.word(token).casefold(), part):
                yield token, token + 1
        else:
            width = 0 if is_last else SLOT_WORDS if isinstance(part, Slot) else BREAK_WORDS
            for gap in range(width + 1):
                if forward and at + gap <= len(index):
                    yield at, at + gap
                elif not forward and at >= gap:
                    yield at - gap, at


def place_segment(segment: Segment, index: TextIndex) -> list[Placement]:
    """Return the places of a segment, in the order of the source.

    Its longest run is looked for; what stands around that is held against the source on both sides.
    """
    search = _Search(index)
    anchor = max(
        (number for number, part in enumerate(segment) if isinstance(part, Run)),
        key=lambda number: len(_skeleton(segment[number])),
    )
    run = segment[anchor]
    before, after = segment[:anchor][::-1], segment[anchor + 1 :]
    found: list[Placement] = []
    for first, last in index.places(_skeleton(run)):
        ahead = search.extend(before, first, forward=False)
        behind = None if ahead is None else search.extend(after, last, forward=True)
        if ahead is not None and behind is not None:
            parts = (*ahead[::-1], Placed(run, first, last), *behind)
            found.append(Placement(parts, parts[0].first, parts[-1].last))
        if search.budget < 0:
            break
    return sorted(found, key=lambda placement: placement.first)


def place_in_order(choices: Sequence[Sequence[Placement]]) -> list[Placement] | None:
    """Return a place for each segment, one after the other, over the shortest stretch; None if there is none."""
    starts = [[placement.first for placement in choice] for choice in choices]
    best: list[Placement] | None = None
    for opening in choices[0][:_STARTS] if len(choices) > 1 else choices[0][:1]:
        chain = [opening]
        for choice, firsts in zip(choices[1:], starts[1:], strict=True):
            number = bisect_left(firsts, chain[-1].last)
            if number == len(choice):
                return best
            chain.append(choice[number])
        if best is None or chain[-1].last - chain[0].first < best[-1].last - best[0].first:
            best = chain
    return best


def gaps(placements: Sequence[Placement]) -> list[tuple[int, int]]:
    """Return the tokens that the ellipses between the segments stand for."""
    return [(one.last, other.first) for one, other in pairwise(placements)]


def _is_form_of(word: str, part: Stem) -> bool:
    """Whether a word of the source is the stem with another ending."""
    quoted = part.text.replace("[", "").replace("]", "").casefold()
    return (
        word.startswith(part.stem)
        and word.endswith(part.rest)
        and len(word) <= len(part.stem) + len(part.rest) + 5
        and is_negation(word) == is_negation(quoted)
        and not is_opposite(word, quoted)
    )


def _skeleton(part: Part) -> str:
    return part.skeleton if isinstance(part, Run) else ""


def _unchained(chain: _Chain) -> list[Placed]:
    placed: list[Placed] = []
    while chain is not None:
        chain, last = chain
        placed.append(last)
    return placed[::-1]
