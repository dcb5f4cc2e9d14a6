"""Take apart words that are the same and yet not quoted as they stand: an accent, or a stop, makes another sense."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from copydesk.sources.logic.matching.comparing import Form, Side, compare_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from copydesk.sources.logic.matching.index import TextIndex
    from copydesk.sources.logic.matching.segments import Quotation
    from copydesk.sources.logic.matching.steps import Step
    from copydesk.sources.logic.verdicts import Tag


def split_refused(
    steps: Sequence[Step], quotation: Quotation, index: TextIndex, language: str
) -> list[Step]:
    """Return the steps with a step of its own, tagged, for every word whose form is not the source's."""
    found: list[Step] = []
    for step in steps:
        tags = _refused(step, quotation, index, language) if step.is_equal else {}
        found += _cut(step, tags) if tags else [step]
    return found


def _refused(
    step: Step, quotation: Quotation, index: TextIndex, language: str
) -> dict[int, Tag | None]:
    """Return which words of a step are refused, counted from its start, with what that touches."""

    def form(first: int, last: int) -> Form:
        quote = Side(quotation.tokens, step.quote_first + first, step.quote_first + last)
        return compare_form(
            quote, Side(index.tokens, step.first + first, step.first + last), language=language
        )

    count = step.source_count
    if count != step.quote_count or not form(0, count).is_refused:
        return {}
    tags: dict[int, Tag | None] = {
        at: one.tag for at in range(count) if (one := form(at, at + 1)).is_refused
    }
    for at in range(count - 1):
        if at not in tags and at + 1 not in tags and (two := form(at, at + 2)).is_refused:
            tags |= {at: two.tag, at + 1: two.tag}
    return tags


def _cut(step: Step, tags: dict[int, Tag | None]) -> Iterable[Step]:
    at = 0
    while at < step.source_count:
        end = at + 1
        while end < step.source_count and (end in tags) == (at in tags):
            end += 1
        yield replace(
            step,
            first=step.first + at,
            last=step.first + end,
            quote_first=step.quote_first + at,
            quote_last=step.quote_first + end,
            is_equal=at not in tags,
            tag=tags.get(at),
        )
        at = end
