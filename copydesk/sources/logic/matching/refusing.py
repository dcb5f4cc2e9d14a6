"""Say what is wrong with a quotation that was not found as quoted: the likeliest passage, and how they differ."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.matching.comparing import Form, Side, compare_form
from copydesk.sources.logic.matching.judging import FAR_WORDS, WEAK_WORDS
from copydesk.sources.logic.matching.locating import align, equal_count, ids_of, pieces
from copydesk.sources.logic.matching.reporting import Report
from copydesk.sources.logic.matching.searching import place_segment
from copydesk.sources.logic.matching.segments import Run, Slot, Stem
from copydesk.sources.logic.matching.splitting import split_refused
from copydesk.sources.logic.matching.steps import ELLIPSIS, Step, joined, steps_of
from copydesk.sources.logic.matching.tokens import tokenize
from copydesk.sources.logic.matching.words import is_negation
from copydesk.sources.logic.verdicts import Finding, Notice, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copydesk.sources.logic.matching.index import TextIndex
    from copydesk.sources.logic.matching.searching import Placement
    from copydesk.sources.logic.matching.segments import Quotation, Segment

#: The share of a quotation's words that must stand in the source, in order, to call it a passage with other words.
ALIGNED_SHARE: Final = 0.72
#: The same for one put together from stretches of five words and more.
ASSEMBLED_SHARE: Final = 0.6
#: From this share on the nearest passage is shown, though the quotation is not found.
_NEAREST_SHARE: Final = 0.4
_FOOTNOTE: Final = re.compile(r"\d{1,2}|[⁰¹²³⁴-⁹]{1,3}")
_YEAR: Final = re.compile(r"(?:19|20)\d\d\.\d{1,2}")
_ASSEMBLED: Final = "assembled"


def report_refused(quotation: Quotation, index: TextIndex, language: str) -> Finding:
    """Return the finding for words that no place of the source has as they are quoted."""
    segments = _nearest(quotation, index, language)
    share = sum(map(equal_count, segments)) / quotation.word_count
    report = Report(quotation, index, language)
    if share >= ALIGNED_SHARE and all(segments):
        return _report_aligned(report, segments)
    found = _report_assembled(report)
    if found is not None:
        return found
    known = [segment for segment in segments if segment]
    if share < _NEAREST_SHARE or not known:
        return Finding(Verdict.NOT_FOUND)
    steps = joined(known)
    finding = report.finding(Verdict.NOT_FOUND, steps, _spans(known), count=0, has_order=False)
    return replace(finding, warnings=())


# -- the passage


def _nearest(quotation: Quotation, index: TextIndex, language: str) -> list[list[Step]]:
    """Return the steps of each segment beside the place it was probably taken from."""
    found: list[list[Step]] = []
    end = 0
    for segment in quotation.segments:
        steps = _placed(segment, quotation, index, end, language) or _aligned(
            segment, quotation, index
        )
        found.append(steps)
        end = steps[-1].last if steps else end
    return found


def _placed(
    segment: Segment, quotation: Quotation, index: TextIndex, after: int, language: str
) -> list[Step]:
    """Return the steps of a segment that stands somewhere word for word, after the one before it if it can."""
    placements = [
        placement
        for placement in place_segment(segment, index)
        if not _is_refused(placement, quotation, index, language)
    ]
    if not placements:
        return []
    following = (placement for placement in placements if placement.first >= after)
    return steps_of(next(following, placements[0]))


def _is_refused(
    placement: Placement, quotation: Quotation, index: TextIndex, language: str
) -> bool:
    return any(
        compare_form(
            Side(quotation.tokens, placed.part.first, placed.part.last),
            Side(index.tokens, placed.first, placed.last),
            language=language,
        ).is_refused
        for placed in placement.parts
        if isinstance(placed.part, Run)
    )


def _aligned(segment: Segment, quotation: Quotation, index: TextIndex) -> list[Step]:
    runs = [part for part in segment if isinstance(part, Run)]
    first, last = runs[0].first, runs[-1].last
    steps = align(quotation.tokens.folds[first:last], first, index)
    at = first
    for part in segment if steps else ():
        if isinstance(part, Run):
            at = part.last
        elif isinstance(part, Slot | Stem):
            steps = _with_mark(steps, at, part.text)
    return steps


def _with_mark(steps: list[Step], at: int, text: str) -> list[Step]:
    """Return the steps with the editor's bracket in its place; words left out right there are what it stands for."""
    for number, step in enumerate(steps):
        if not step.is_equal and not step.mark and step.quote_first == at == step.quote_last:
            return [*steps[:number], replace(step, mark=text), *steps[number + 1 :]]
    for number, step in enumerate(steps):
        if (
            step.quote_first < at < step.quote_last
            and step.is_equal
            and step.source_count == step.quote_count
        ):
            cut = step.first + at - step.quote_first
            slot = Step(cut, cut, at, at, is_equal=False, mark=text)
            before, after = (
                replace(step, last=cut, quote_last=at),
                replace(step, first=cut, quote_first=at),
            )
            return [*steps[:number], before, slot, after, *steps[number + 1 :]]
    edges = [number for number, step in enumerate(steps) if step.quote_first >= at]
    number = edges[0] if edges else len(steps)
    place = steps[number].first if edges else steps[-1].last
    return [*steps[:number], Step(place, place, at, at, is_equal=False, mark=text), *steps[number:]]


# -- the findings


def _report_aligned(report: Report, segments: Sequence[list[Step]]) -> Finding:
    is_backward = any(other[0].first < one[-1].last for one, other in pairwise(segments))
    steps = joined(segments)
    notices = None if is_backward else _footnotes(report, steps)
    if notices is None:
        steps = split_refused(steps, report.quotation, report.index, report.language)
    warnings = _gap_warnings(report, steps)
    if is_backward:
        warnings.append(Notice("ellipsis_backwards"))
    if len(segments) > 1 and all(
        sum(s.quote_count for s in segment) < WEAK_WORDS for segment in segments
    ):
        warnings += [
            Notice("weak_segment", str(len(segments))),
            Notice(_ASSEMBLED, str(len(segments))),
        ]
    return report.finding(
        Verdict.ALTERED if notices is None else Verdict.MINOR,
        steps,
        _spans(segments),
        warnings=warnings,
        notices=notices or (),
        has_order=not is_backward,
    )


def _report_assembled(report: Report) -> Finding | None:
    """Return the finding for words from several places, or None when too few stand anywhere."""
    quotation, index = report.quotation, report.index
    ids = ids_of(quotation.tokens.folds, index)
    found = pieces(ids, index)
    if equal_count(found) < ASSEMBLED_SHARE * quotation.word_count or not found:
        return None
    has_order = all(one.last <= other.first for one, other in pairwise(found))
    is_near = has_order and found[-1].last - found[0].first <= len(ids) + FAR_WORDS
    steps = _filled(found, len(ids), index, has_order=has_order)
    is_passage = is_near and equal_count(found) >= ALIGNED_SHARE * len(ids)
    warnings = [] if is_passage else [Notice(_ASSEMBLED, str(len(found)))]
    spans = [(piece.first, piece.last) for piece in found]
    return report.finding(Verdict.ALTERED, steps, spans, warnings=warnings, has_order=has_order)


def _filled(found: Sequence[Step], length: int, index: TextIndex, *, has_order: bool) -> list[Step]:
    """Return the pieces with what lies between them."""
    steps: list[Step] = []
    at, quote_at = found[0].first, 0
    for piece in found:
        source_at = at if has_order else piece.first
        if piece.first > source_at or piece.quote_first > quote_at:
            steps.append(Step(source_at, piece.first, quote_at, piece.quote_first, is_equal=False))
        steps.append(piece)
        at, quote_at = piece.last, piece.quote_last
    if quote_at < length:
        steps.append(
            Step(at, min(len(index), at + length - quote_at), quote_at, length, is_equal=False)
        )
    return steps


def _spans(segments: Sequence[Sequence[Step]]) -> list[tuple[int, int]]:
    return [(segment[0].first, segment[-1].last) for segment in segments]


def _gap_warnings(report: Report, steps: Sequence[Step]) -> list[Notice]:
    folds = report.index.tokens.folds
    return [
        Notice("ellipsis_hides_negation", report.index.raw(step.first, step.last)[:600])
        for step in steps
        if step.mark == ELLIPSIS
        and any(is_negation(fold, report.language) for fold in folds[step.first : step.last])
    ]


# -- footnotes: the one difference in words that is minor


def _footnotes(report: Report, steps: Sequence[Step]) -> list[Notice] | None:
    """Return the notices when nothing but footnotes' numbers differs, else None."""
    quotation, index = report.quotation, report.index
    form = Form()
    for step in steps:
        if step.mark:
            swallowed = index.tokens.folds[step.first : step.last]
            if step.mark != ELLIPSIS and tokenize(step.mark).folds != swallowed:
                return None
        elif not step.is_equal:
            if not _is_footnote(step, quotation, index):
                return None
            form.note("footnote_marker", index.raw(step.first, step.last))
        else:
            mine = Side(quotation.tokens, step.quote_first, step.quote_last)
            other = compare_form(
                mine, Side(index.tokens, step.first, step.last), language=report.language
            )
            form.is_refused |= other.is_refused
            for code, detail in other.notices.items():
                form.note(code, detail)
    if form.is_refused or "footnote_marker" not in form.notices:
        return None
    return [Notice(code, detail) for code, detail in form.notices.items()]


def _is_footnote(step: Step, quotation: Quotation, index: TextIndex) -> bool:
    """Whether the source's words are the quotation's with the number of a footnote glued on: `bill3`, `alerts,22`."""
    tokens = index.tokens
    if step.source_count == 1 and not step.quote_count:
        start = tokens.starts[step.first]
        glued = tokens.text[max(0, start - 2) : start]
        is_glued = (
            len(glued) == 2
            and glued[1] in '.,;:)"'
            and not glued[0].isspace()
            and not glued[0].isdigit()
        )
        return is_glued and bool(_FOOTNOTE.fullmatch(tokens.word(step.first)))
    if step.source_count != step.quote_count:
        return False
    return all(
        _is_glued(
            quotation.tokens.word(step.quote_first + number), tokens.word(step.first + number)
        )
        for number in range(step.source_count)
    )


def _is_glued(quote: str, source: str) -> bool:
    rest = source[len(quote) :]
    if not rest or source[: len(quote)] != quote:
        return False
    if _YEAR.fullmatch(source):
        return len(quote) == 4
    return (
        len(quote) > 2 and quote.isalpha() and quote.islower() and bool(_FOOTNOTE.fullmatch(rest))
    )
