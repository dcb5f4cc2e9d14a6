"""Check a quotation against a text, or against the layers of a source's text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.matching.judging import Judgement, judge
from copydesk.sources.logic.matching.normalizing import repaired
from copydesk.sources.logic.matching.refusing import report_refused
from copydesk.sources.logic.matching.reporting import report_accepted
from copydesk.sources.logic.matching.searching import place_in_order, place_segment
from copydesk.sources.logic.matching.segments import read_marked, read_plain
from copydesk.sources.logic.verdicts import ACCEPTED, Finding, Layer, Notice, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copydesk.sources.logic.matching.index import TextIndex
    from copydesk.sources.logic.matching.searching import Placement
    from copydesk.sources.logic.matching.segments import Quotation

#: Part of the key of every stored check: higher whenever the same words could get another verdict.
ALGORITHM_VERSION: Final = 2

_RANK: Final = {verdict: number for number, verdict in enumerate(Verdict)}
#: Characters compared at all places of one wording together, to find the place that differs least.
_COMPARED: Final = 100_000


def check_quote(quote: str, index: TextIndex, *, language: str = "") -> Finding:
    """Return whether the words of a quotation are the source's, with the evidence.

    `language` is that of the quotation ("en", "de", "fr", "es", or "" for any of them); it chooses the words that deny,
    count and qualify. Never raises; bounded in time by the lengths of both texts. Texts that were decoded wrongly are
    repaired when the words are not found as they stand (rule N1).
    """
    language = _shared(language, index.language)
    finding = _check(quote, index, language)
    if finding.is_accepted:
        return finding
    mended, source = repaired(quote), index.repaired
    if mended is None and source is None:
        return finding
    second = _check(quote if mended is None else mended, source or index, language)
    if _RANK[second.verdict] >= _RANK[finding.verdict]:
        return finding
    return replace(second, notices=(*second.notices, Notice("mojibake_repaired")))


def _shared(quoted: str, stated: str) -> str:
    """Return the language of words and of their source; "" for any where the two are said to be different ones.

    An article in English quotes German, too, and what denies in it is what denies in German.
    """
    if quoted and stated and quoted[:2].lower() != stated[:2].lower():
        return ""
    return quoted or stated


def check_layers(quote: str, layers: Mapping[Layer, TextIndex], *, language: str = "") -> Finding:
    """Return the best finding over the layers of a source: what is visible first, then what rescues it.

    Warns of words that are visible but outside the main text, and notes words that only the page's data holds.
    """
    findings = {
        layer: replace(check_quote(quote, layers[layer], language=language), layer=layer)
        for layer in Layer
        if layer in layers
    }
    if not findings:
        return Finding(Verdict.NOT_FOUND)
    best = min(findings.values(), key=lambda finding: _RANK[finding.verdict])
    main = findings.get(Layer.MAIN)
    if (
        best.layer is Layer.VISIBLE
        and best.is_accepted
        and main is not None
        and not main.is_accepted
    ):
        if len(layers[Layer.MAIN]):
            return replace(best, warnings=(*best.warnings, Notice("outside_main_text")))
    elif best.layer is Layer.EMBEDDED and best.is_accepted:
        return replace(best, notices=(*best.notices, Notice("only_embedded")))
    return best


def _check(quote: str, index: TextIndex, language: str) -> Finding:
    plain = read_plain(quote)
    if not len(plain.tokens):
        return Finding(Verdict.NOT_FOUND, warnings=(Notice("empty"),))
    whole = _judge_whole(plain, index, language)
    if whole is not None and whole.verdict is Verdict.EXACT:
        return report_accepted(plain, whole, index, language)
    quotation = read_marked(quote, plain.mapped)
    pieces = None
    if quotation.segments and (quotation.has_marks or quotation.has_breaks):
        pieces = _judge_marked(quotation, index, language)
    if pieces is not None and pieces.verdict in ACCEPTED and _is_better(pieces, whole):
        return report_accepted(quotation, pieces, index, language)
    if whole is not None and whole.verdict in ACCEPTED:
        return report_accepted(plain, whole, index, language)
    if not quotation.segments:
        return Finding(Verdict.NOT_FOUND, warnings=(Notice("empty"),))
    return report_refused(quotation, index, language)


def _judge_whole(plain: Quotation, index: TextIndex, language: str) -> Judgement | None:
    """Return the judgement on the place that differs least from the quotation taken as it stands."""
    return _least_different(plain, place_segment(plain.segments[0], index), index, language)


def _judge_marked(quotation: Quotation, index: TextIndex, language: str) -> Judgement | None:
    choices: list[list[Placement]] = []
    for segment in quotation.segments:
        choices.append(place_segment(segment, index))
        if not choices[-1]:
            return None
    if len(choices) == 1:
        return _least_different(quotation, choices[0], index, language)
    chain = place_in_order(choices)
    return None if chain is None else judge(quotation, chain, index, language)


def _least_different(
    quotation: Quotation, placements: Sequence[Placement], index: TextIndex, language: str
) -> Judgement | None:
    best: Judgement | None = None
    for placement in placements[: 1 + _COMPARED // len(quotation.tokens.text)]:
        judgement = judge(quotation, [placement], index, language)
        judgement.count = len(placements)
        if judgement.verdict is not None and _is_better(judgement, best):
            best = judgement
        if judgement.verdict is Verdict.EXACT:
            break
    return best


def _is_better(one: Judgement, other: Judgement | None) -> bool:
    if other is None or other.verdict is None:
        return True
    assert one.verdict is not None
    return (_RANK[one.verdict], len(one.notices)) < (_RANK[other.verdict], len(other.notices))
