"""Say of words that were found whether they are quoted exactly, exactly with marks, or with minor differences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.matching.comparing import Form, Side, compare_form
from copydesk.sources.logic.matching.normalizing import IGNORED
from copydesk.sources.logic.matching.searching import gaps
from copydesk.sources.logic.matching.segments import Break, Run, Slot, Stem
from copydesk.sources.logic.matching.tokens import tokenize
from copydesk.sources.logic.matching.words import denial_count, is_number, turns_round
from copydesk.sources.logic.verdicts import Notice, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copydesk.sources.logic.matching.index import TextIndex
    from copydesk.sources.logic.matching.searching import Placed, Placement
    from copydesk.sources.logic.matching.segments import Quotation
    from copydesk.sources.logic.matching.tokens import Tokens

#: An ellipsis over more words than this is worth a look.
FAR_WORDS: Final = 400
#: Segments of fewer words prove nothing: two words of another page are found by chance on 6.8 % of pages, three on 0.4.
WEAK_WORDS: Final = 3
#: Weak segments alone are believed only when all stand within so few words.
_WEAK_SPAN: Final = 25
_GLUED_DIGITS: Final = re.compile(r"(?<![\d.,])(?!(?:1[5-9]|20)\d\d\[)[\d.,]{0,20}\d\[\d{1,3}\]")
_IGNORED: Final = re.compile(f"[{IGNORED}]")


@dataclass(slots=True)
class Judgement:
    """What is said of one way to place a quotation; `verdict` None when the words found are not those quoted."""

    placements: Sequence[Placement]
    verdict: Verdict | None
    warnings: list[Notice] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    count: int = 1


def judge(
    quotation: Quotation, placements: Sequence[Placement], index: TextIndex, language: str
) -> Judgement:
    """Return the verdict on words that stand, skeleton for skeleton, at these places."""
    judgement = Judgement(placements, None)
    form = Form()
    swallows_negation = False
    for placement in placements:
        for placed in placement.parts:
            if isinstance(placed.part, Run):
                _merge(form, _form_of(quotation, placed, index, language))
            elif isinstance(placed.part, Slot):
                swallows_negation |= _look_into_slot(judgement, placed, index, language)
            elif isinstance(placed.part, Break):
                _look_into_break(judgement, form, placed, index, language)
    for first, last in gaps(placements):
        _look_into_gap(judgement, first, last, index, language)
    _compare_endings(form, quotation, placements[-1].parts[-1], index)
    judgement.notices += [Notice(code, detail) for code, detail in form.notices.items()]
    if form.is_refused or _proves_nothing(judgement, placements):
        return judgement
    judgement.verdict = _verdict(quotation, form, swallows_negation=swallows_negation)
    if judgement.verdict is Verdict.EXACT and (added := _added_digits(quotation, judgement, index)):
        judgement.verdict = Verdict.EXACT_MARKED
        _warn(judgement, "bracket_adds_number", added)
    return judgement


def _added_digits(quotation: Quotation, judgement: Judgement, index: TextIndex) -> str:
    """Return figures in brackets that are glued to a figure, `50[0]`, and are not the source's; "" for none.

    They count as the mark of a footnote, but readers take them for part of the number. A year's are a footnote's.
    """
    places = [index.raw_span(placement.first, placement.last) for placement in judgement.placements]
    start, end = min(first for first, _ in places), max(last for _, last in places)
    found = _GLUED_DIGITS.search(_IGNORED.sub("", quotation.raw))
    return found[0] if found and found[0] not in index.text[start : end + 10] else ""


def _verdict(quotation: Quotation, form: Form, *, swallows_negation: bool) -> Verdict:
    if swallows_negation:
        return Verdict.ALTERED
    if form.notices:
        return Verdict.MINOR
    return Verdict.EXACT_MARKED if quotation.has_marks else Verdict.EXACT


def _form_of(quotation: Quotation, placed: Placed, index: TextIndex, language: str) -> Form:
    run = placed.part
    assert isinstance(run, Run)
    quote = Side(quotation.tokens, run.first, run.last)
    return compare_form(
        quote, Side(index.tokens, placed.first, placed.last), run.free_case, language
    )


def _merge(form: Form, other: Form) -> None:
    form.is_refused |= other.is_refused
    for code, detail in other.notices.items():
        form.note(code, detail)


def _look_into_slot(judgement: Judgement, placed: Placed, index: TextIndex, language: str) -> bool:
    """Warn of a number or many words behind a bracket; return whether a negation was taken away or put in."""
    assert isinstance(placed.part, Slot)
    swallowed = index.tokens.folds[placed.first : placed.last]
    inserted = inserted_tokens(placed.part.text).folds
    if any(is_number(fold, language) and fold not in inserted for fold in swallowed):
        _warn(judgement, "bracket_swallows_number", index.raw(placed.first, placed.last))
    elif any(is_number(fold, language) and fold not in swallowed for fold in inserted):
        _warn(judgement, "bracket_adds_number", placed.part.text)
    if len(swallowed) > 3:
        _warn(judgement, "long_insertion", index.raw(placed.first, placed.last))
    elif len(inserted) > 3:
        _warn(judgement, "long_insertion", placed.part.text)
    is_denied = denial_count(swallowed, language) != denial_count(inserted, language)
    return is_denied or turns_round(inserted, swallowed)


def inserted_tokens(mark: str) -> Tokens:
    """Return what a bracket makes readers read, glued to what it is glued to: `can['t]` is "can't", `[1]50` is 150."""
    apart = re.sub(r"(?<!\w)\[(?=\w)|(?<=\w)\](?!\w)", " ", mark)
    # Beside a bracket an apostrophe was taken for a quotation mark.
    return tokenize(re.sub(r"(?<=\w)[\"'](?=\w)", "'", re.sub(r"[\[\]]", "", apart)))


def _look_into_break(
    judgement: Judgement, form: Form, placed: Placed, index: TextIndex, language: str
) -> None:
    if placed.first == placed.last:
        return
    start = index.raw_span(placed.first - 1, placed.first)[1]
    end = index.raw_span(placed.last, placed.last + 1)[0]
    if "\n" not in index.text[start:end]:
        form.is_refused = (
            True  # The source has no paragraphs there: words were left out in silence.
        )
    skipped = index.raw(placed.first, placed.last)
    form.note("paragraph_break", skipped)
    if denial_count(index.tokens.folds[placed.first : placed.last], language):
        form.is_refused = (
            True  # Headings and captions seldom deny; what was left out here is part of the matter.
        )
        _warn(judgement, "ellipsis_hides_negation", skipped)


def _look_into_gap(
    judgement: Judgement, first: int, last: int, index: TextIndex, language: str
) -> None:
    if denial_count(index.tokens.folds[first:last], language):
        _warn(judgement, "ellipsis_hides_negation", shortened(index.raw(first, last)))
    if last - first > FAR_WORDS:
        _warn(judgement, "ellipsis_skips_far", str(last - first))


def _proves_nothing(judgement: Judgement, placements: Sequence[Placement]) -> bool:
    """Warn of weak segments; return whether there are no others and they stand far apart."""
    if len(placements) < 2:
        return False
    weak = [placement for placement in placements if words_in(placement) < WEAK_WORDS]
    if weak:
        _warn(judgement, "weak_segment", str(len(weak)))
    span = placements[-1].last - placements[0].first
    return len(weak) == len(placements) and span > _WEAK_SPAN


def words_in(placement: Placement) -> int:
    """Return how many words of the source a segment quotes."""
    return sum(
        placed.last - placed.first
        for placed in placement.parts
        if isinstance(placed.part, Run | Stem)
    )


def _compare_endings(form: Form, quotation: Quotation, placed: Placed, index: TextIndex) -> None:
    """A question may not become a statement unseen, nor a statement a question."""
    run = placed.part
    if not isinstance(run, Run):
        return
    mine = quotation.mapped.text[quotation.tokens.ends[run.last - 1] :].lstrip(' "')[:1]
    theirs = index.tokens.text[index.tokens.ends[placed.last - 1] :][:8].lstrip(' "')[:1]
    if (mine == "?") != (theirs == "?") and (mine in ".!?" or theirs == "?"):
        form.note("question_mark", f"{theirs or '–'} → {mine or '–'}")


def shortened(text: str, limit: int = 600) -> str:
    """Return the text, its middle left out when it is longer than the limit."""
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-limit // 2 :]}"


def _warn(judgement: Judgement, code: str, detail: str) -> None:
    judgement.warnings.append(Notice(code, detail))
