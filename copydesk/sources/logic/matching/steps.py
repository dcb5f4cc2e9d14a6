"""A quotation laid beside its source, step by step: what both say, and what only one of them says."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.matching.judging import inserted_tokens, shortened
from copydesk.sources.logic.matching.searching import SLOT_WORDS
from copydesk.sources.logic.matching.segments import Run, Slot, Stem
from copydesk.sources.logic.matching.tagging import tag_change
from copydesk.sources.logic.matching.words import turns_round
from copydesk.sources.logic.verdicts import Difference, Tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copydesk.sources.logic.matching.index import TextIndex
    from copydesk.sources.logic.matching.searching import Placement
    from copydesk.sources.logic.matching.segments import Quotation

ELLIPSIS: Final = "[…]"
_LIKE_A_FOOTNOTE: Final = re.compile(
    r"(?:\d{1,3}|[^\W\d_]|note \d{1,3}|edit|sic)[!.]?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Step:
    """Tokens of the source beside tokens of the quotation; `mark` is how the quotation itself marks a departure."""

    first: int
    last: int
    quote_first: int
    quote_last: int
    is_equal: bool
    mark: str = ""
    # What it touches where the words are the same and something between them is not.
    tag: Tag | None = None

    @property
    def source_count(self) -> int:
        return self.last - self.first

    @property
    def quote_count(self) -> int:
        return self.quote_last - self.quote_first


def steps_of(placement: Placement) -> list[Step]:
    """Return the steps of a segment that was found word for word."""
    steps: list[Step] = []
    at = 0
    for placed in placement.parts:
        part = placed.part
        if isinstance(part, Run):
            steps.append(Step(placed.first, placed.last, part.first, part.last, is_equal=True))
            at = part.last
        elif isinstance(part, Slot | Stem):
            steps.append(Step(placed.first, placed.last, at, at, is_equal=False, mark=part.text))
        elif placed.last > placed.first:
            steps.append(Step(placed.first, placed.last, at, at, is_equal=False))
    return steps


def joined(segments: Sequence[Sequence[Step]]) -> list[Step]:
    """Return the steps of all segments with the ellipses between them."""
    steps: list[Step] = []
    for segment in segments:
        if steps and segment:
            at, end, place = steps[-1].last, segment[0].first, steps[-1].quote_last
            steps.append(Step(at, max(at, end), place, place, is_equal=False, mark=ELLIPSIS))
        steps += segment
    return steps


def differences(
    steps: Sequence[Step], quotation: Quotation, index: TextIndex, language: str
) -> tuple[Difference, ...]:
    """Return the word diff, each departure with the tag of the worst word it touches."""
    return tuple(
        _difference(steps, number, quotation, index, language) for number in range(len(steps))
    )


def _difference(
    steps: Sequence[Step], number: int, quotation: Quotation, index: TextIndex, language: str
) -> Difference:
    step = steps[number]
    source = index.raw(step.first, step.last)
    quote = step.mark or _quoted(step, quotation)
    if step.is_equal:
        return Difference(source, quote, is_equal=True)
    return Difference(
        shortened(source), quote, is_equal=False, tag=_tag(step, quotation, index, language)
    )


def _tag(step: Step, quotation: Quotation, index: TextIndex, language: str) -> Tag | None:
    source = [
        (index.tokens.word(at), index.tokens.folds[at]) for at in range(step.first, step.last)
    ]
    quote = [
        (quotation.tokens.word(at), quotation.tokens.folds[at])
        for at in range(step.quote_first, step.quote_last)
    ]
    if step.mark and step.mark != ELLIPSIS:
        inserted = inserted_tokens(step.mark)
        quote = [(inserted.word(at), fold) for at, fold in enumerate(inserted.folds)]
        if turns_round(inserted.folds, [fold for _, fold in source]):
            return Tag.NEGATION
    tag = step.tag or tag_change(source, quote, language)
    return None if step.mark and tag not in {Tag.NEGATION, Tag.NUMBER} else tag


def _quoted(step: Step, quotation: Quotation) -> str:
    return quotation.raw_span(step.quote_first, step.quote_last) if step.quote_count else ""


def marked(steps: Sequence[Step], quotation: Quotation, index: TextIndex) -> str:
    """Return the quotation with every departure marked: `[…]` for omitted words, brackets for its own."""
    pieces: list[str] = []
    for step in _widened(steps, quotation):
        if step.is_equal:
            pieces.append(index.raw(step.first, step.last))
        elif step.mark:
            pieces.append(step.mark)
        elif not step.quote_count:
            pieces.append(ELLIPSIS)
        else:
            words = re.sub(r"[\[\]|]+", " ", _quoted(step, quotation))
            pieces.append(f"[{' '.join(words.split())}]")
            if step.source_count > SLOT_WORDS:
                pieces.append(ELLIPSIS)
    text = " ".join(piece for piece in pieces if piece)
    return re.sub(r"(?:\[…\] )+(?=\[…\])", "", text)


def _widened(steps: Sequence[Step], quotation: Quotation) -> list[Step]:
    """Let a bracket that would read as a footnote's mark, such as `[5]`, take in the word after it or before it."""
    wide = list(steps)
    for number, step in enumerate(wide):
        if step.is_equal or step.mark or not _LIKE_A_FOOTNOTE.fullmatch(_quoted(step, quotation)):
            continue
        if number + 1 < len(wide) and _can_lend(after := wide[number + 1]):
            wide[number] = replace(step, last=step.last + 1, quote_last=step.quote_last + 1)
            wide[number + 1] = replace(
                after, first=after.first + 1, quote_first=after.quote_first + 1
            )
        elif number and _can_lend(before := wide[number - 1]):
            wide[number] = replace(step, first=step.first - 1, quote_first=step.quote_first - 1)
            wide[number - 1] = replace(
                before, last=before.last - 1, quote_last=before.quote_last - 1
            )
    return [step for step in wide if step.source_count or step.quote_count or step.mark]


def _can_lend(step: Step) -> bool:
    return step.is_equal and step.source_count == step.quote_count > 0


def source_words(steps: Sequence[Step], index: TextIndex) -> str:
    """Return the source's own words, with an ellipsis where the quotation marks one or leaves out a long stretch."""
    pieces: list[str] = []
    start = None
    for step in steps:
        if start is None:
            start = step.first
        if step.mark == ELLIPSIS:
            pieces.append(index.raw(start, step.first))
            start = None
    if start is not None:
        pieces.append(index.raw(start, steps[-1].last))
    return f" {ELLIPSIS} ".join(piece for piece in pieces if piece)
