"""Put a finding together: places, differences, warnings, and the words to offer instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.matching.context import (
    context_after,
    context_before,
    context_warnings,
    mixed_scripts,
)
from copydesk.sources.logic.matching.steps import (
    differences,
    joined,
    marked,
    source_words,
    steps_of,
)
from copydesk.sources.logic.matching.tokens import UNSPACED
from copydesk.sources.logic.verdicts import Difference, Finding, Notice, Tag, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copydesk.sources.logic.matching.index import TextIndex
    from copydesk.sources.logic.matching.judging import Judgement
    from copydesk.sources.logic.matching.segments import Quotation
    from copydesk.sources.logic.matching.steps import Step

#: Quotations of fewer words are found by chance.
SHORT_QUOTE: Final = 4
_ENDING: Final = re.compile(r"[.!?…。\uff01\uff1f]{1,3}")
_TAG_ORDER: Final = {tag: number for number, tag in enumerate(Tag)}
_UNSPACED: Final = re.compile(f"[{UNSPACED}]")


def report_accepted(
    quotation: Quotation, judgement: Judgement, index: TextIndex, language: str
) -> Finding:
    """Return the finding for words that were found as quoted."""
    assert judgement.verdict is not None
    steps = joined([steps_of(placement) for placement in judgement.placements])
    spans = [(placement.first, placement.last) for placement in judgement.placements]
    warnings = list(judgement.warnings)
    if judgement.count > 1 and quotation.word_count >= SHORT_QUOTE:
        warnings.append(Notice("several_places", str(judgement.count)))
    report = Report(quotation, index, language)
    return report.finding(
        judgement.verdict,
        steps,
        spans,
        warnings=warnings,
        notices=judgement.notices,
        count=judgement.count,
    )


class Report:
    """What findings about one quotation have in common."""

    def __init__(self, quotation: Quotation, index: TextIndex, language: str) -> None:
        self.quotation = quotation
        self.index = index
        self.language = language

    def finding(
        self,
        verdict: Verdict,
        steps: Sequence[Step],
        spans: Sequence[tuple[int, int]],
        *,
        warnings: Sequence[Notice] = (),
        notices: Sequence[Notice] = (),
        count: int = 1,
        has_order: bool = True,
    ) -> Finding:
        """Return a finding on a passage; `spans` are tokens, `has_order` whether they keep the quotation's order."""
        raw_spans = self._raw_spans(spans)
        start = min(first for first, _ in raw_spans)
        end = max(last for _, last in raw_spans)
        shown = differences(steps, self.quotation, self.index, self.language)
        is_kept = verdict in {Verdict.EXACT, Verdict.EXACT_MARKED}
        return Finding(
            verdict,
            spans=raw_spans,
            differences=shown,
            tags=_tags(shown) if verdict is Verdict.ALTERED else (),
            warnings=(*warnings, *self._warnings(start, end)),
            notices=tuple(notices),
            before=context_before(self.index.text, start),
            after=context_after(self.index.text, end),
            source_words=source_words(steps, self.index) + self._ending(end),
            marked=self._marked(steps, end, is_kept=is_kept, has_order=has_order),
            occurrence_count=count,
        )

    def _marked(self, steps: Sequence[Step], end: int, *, is_kept: bool, has_order: bool) -> str:
        if is_kept:
            return self.quotation.raw
        return marked(steps, self.quotation, self.index) + self._ending(end) if has_order else ""

    def _raw_spans(self, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        return tuple(self.index.raw_span(first, last) for first, last in spans)

    def _ending(self, end: int) -> str:
        """The source's final punctuation, when the quotation ends with some, or when it makes a question of it."""
        match = _ENDING.match(self.index.text, end)
        if match is None:
            return ""
        is_ended = _ENDING.search(self.quotation.raw.rstrip(" \t\r\n\"'”’»)")[-1:])
        return match[0] if is_ended or "?" in match[0] else ""

    def _warnings(self, start: int, end: int) -> list[Notice]:
        found = context_warnings(self.index.text, start, end, self.language)
        words = self.quotation.word_count
        if _UNSPACED.search(self.quotation.tokens.text):
            words //= 2  # Most words of scripts without spaces take two characters.
        if words < SHORT_QUOTE:
            found.append(Notice("too_short", str(words)))
        if mixed := mixed_scripts(self.quotation.mapped.text) or mixed_scripts(
            self.index.text[start : min(end, start + 100_000)]
        ):
            found.append(Notice("mixed_scripts", mixed))
        return found


def _tags(shown: Sequence[Difference]) -> tuple[Tag, ...]:
    """Return the tags of all departures, the worst first; an ellipsis that hides something is a warning instead."""
    tags = {one.tag for one in shown if one.tag is not None and one.quote != "[…]"}
    return tuple(sorted(tags, key=_TAG_ORDER.__getitem__))
