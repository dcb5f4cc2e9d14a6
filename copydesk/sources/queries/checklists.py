"""What is known, before publishing, of the quotations and sources of a page as edited."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from copydesk.sources.backends.archive import Damaged, Missing
from copydesk.sources.logic.checklist import (
    Checklist,
    Place,
    QuotedFact,
    SourceFact,
    excerpt,
    make_checklist,
)
from copydesk.sources.logic.citing import QuotedBlock
from copydesk.sources.logic.matching import ALGORITHM_VERSION, check_layers
from copydesk.sources.logic.quoting import quote_sha256
from copydesk.sources.logic.unsourced import find_quotations
from copydesk.sources.logic.verdicts import ACCEPTED, Verdict
from copydesk.sources.models import (
    Check,
    Quotation,
    QuotationKind,
    QuotationPolicy,
    Relation,
    Standing,
)
from copydesk.sources.queries.copies import existing_sources, newest_with_text, sources_at
from copydesk.sources.queries.texts import indexes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from copydesk.sources.logic.citing import CitedSource
    from copydesk.sources.models import Snapshot, Source

logger = logging.getLogger("copydesk.sources")

TROUBLED = frozenset(Standing) - {Standing.OK, Standing.CHANGED}
# Who cites a retracted paper as retracted does what is right.
AT_A_DISTANCE = {Relation.DISPUTES, Relation.MENTIONS}


def checklist_of(
    *,
    page_id: int,
    quotations: Sequence[QuotedBlock],
    citations: Sequence[CitedSource],
    texts: Iterable[tuple[str, str]],
) -> Checklist:
    """Return the list for a page as edited; `texts` are its text blocks, by their ids, without markup.

    Words are compared with the copy they are pinned to, else with the newest; what is computed here is not kept.
    Asks no more queries for many quotations than for one.
    """
    named = _bound(quotations)
    sources = existing_sources([*named.values(), *(cited.source_id for cited in citations)])
    bound = {block_id: pk for block_id, pk in named.items() if pk in sources}
    copies = newest_with_text(sources)
    verdicts = _verdicts(page_id, quotations, bound, copies)
    policy = QuotationPolicy.objects.first() or QuotationPolicy()
    return make_checklist(
        quotations=[
            QuotedFact(
                block_id=quoted.block_id,
                words=quoted.text,
                verdict=verdicts.get(quoted.block_id),
                has_source=quoted.block_id in bound,
                is_explained=bool(quoted.override_reason),
                is_translated=quoted.kind == QuotationKind.TRANSLATED,
            )
            for quoted in quotations
            if quoted.text
        ],
        sources=_source_facts(sources, bound, citations, copies),
        inline=_inline(texts, _quoted_inline(citations, copies)),
        choices=policy.choices(),
    )


def _bound(quotations: Sequence[QuotedBlock]) -> dict[str, int]:
    """Return the source of each block that has one, or that names the address of one."""
    typed = sources_at(quoted.url for quoted in quotations if quoted.url and not quoted.source_id)
    return {
        quoted.block_id: quoted.source_id or typed[quoted.url]
        for quoted in quotations
        if quoted.source_id or quoted.url in typed
    }


def _verdicts(
    page_id: int,
    quotations: Sequence[QuotedBlock],
    bound: Mapping[str, int],
    copies: Mapping[int, Snapshot],
) -> dict[str, Verdict | None]:
    pinned = _pinned(page_id)
    kept = _kept_checks(quotations, copies)
    found: dict[str, Verdict | None] = {}
    for quoted in quotations:
        source_id = bound.get(quoted.block_id)
        if source_id is None or quoted.kind == QuotationKind.TRANSLATED:
            continue
        sha256 = quote_sha256(quoted.text, quoted.language)
        verdict = pinned.get((quoted.block_id, sha256, source_id))
        copy = copies.get(source_id)
        if verdict is None and copy is not None:
            verdict = kept.get((sha256, copy.pk)) or _compare(quoted, copy)
        found[quoted.block_id] = verdict
    return found


def _pinned(page_id: int) -> dict[tuple[str, str, int], Verdict]:
    rows = Quotation.objects.filter(page_id=page_id, check_result__isnull=False)
    columns = ("block_id", "quote_sha256", "source_id", "check_result__verdict")
    return {
        (block_id, sha256, source_id): Verdict(verdict)
        for block_id, sha256, source_id, verdict in rows.values_list(*columns)
    }


def _kept_checks(
    quotations: Sequence[QuotedBlock], copies: Mapping[int, Snapshot]
) -> dict[tuple[str, int], Verdict]:
    rows = Check.objects.filter(
        quote_sha256__in={quote_sha256(quoted.text, quoted.language) for quoted in quotations},
        snapshot__in=list(copies.values()),
        algorithm_version=ALGORITHM_VERSION,
    )
    columns = ("quote_sha256", "snapshot_id", "verdict")
    return {(sha256, pk): Verdict(verdict) for sha256, pk, verdict in rows.values_list(*columns)}


def _compare(quoted: QuotedBlock, copy: Snapshot) -> Verdict | None:
    try:
        return check_layers(quoted.text, indexes_of(copy), language=quoted.language).verdict
    except (Missing, Damaged, OSError):
        logger.exception("A quotation of source %s cannot be checked", copy.source_id)
        return None


def _source_facts(
    sources: Mapping[int, Source],
    bound: Mapping[str, int],
    citations: Sequence[CitedSource],
    copies: Mapping[int, Snapshot],
) -> list[SourceFact]:
    first = {pk: block_id for block_id, pk in reversed(list(bound.items()))}
    vouched = set(first) | {
        cited.source_id for cited in citations if cited.relation not in AT_A_DISTANCE
    }
    order = dict.fromkeys([*bound.values(), *(cited.source_id for cited in citations)])
    return [
        SourceFact(
            number=source.pk,
            title=str(source),
            has_copy=source.pk in copies,
            has_byline=bool(source.byline),
            has_date=bool(source.published_on),
            is_troubled=source.standing in TROUBLED and source.pk in vouched,
            block_id=first.get(source.pk, ""),
        )
        for source in (sources[pk] for pk in order if pk in sources)
    ]


def _quoted_inline(
    citations: Sequence[CitedSource], copies: Mapping[int, Snapshot]
) -> list[Snapshot]:
    """Return the copies of sources whose words are said to stand in the text itself."""
    quoted = dict.fromkeys(
        cited.source_id for cited in citations if cited.relation == Relation.QUOTES
    )
    return [copies[pk] for pk in quoted if pk in copies]


def _inline(texts: Iterable[tuple[str, str]], quoted: Sequence[Snapshot]) -> list[Place]:
    """Return the passages in quotation marks whose words none of these copies has."""
    return [
        Place(excerpt(words), block_id)
        for block_id, text in texts
        for words in find_quotations(text)
        if not any(_has(copy, words) for copy in quoted)
    ]


def _has(copy: Snapshot, words: str) -> bool:
    return _compare(QuotedBlock("", words), copy) in ACCEPTED
