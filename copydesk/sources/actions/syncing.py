"""What is known of quotations follows what is published, in the same transaction."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import DataError, transaction
from wagtail.log_actions import log
from wagtail.models import Page

from copydesk.pagestore.actions import expire_tags, keep_commit_order
from copydesk.pagestore.logic.tags import tag
from copydesk.sources.actions.adding import add_source
from copydesk.sources.actions.checking import check_words
from copydesk.sources.backends.archive import Damaged, Missing
from copydesk.sources.logic.addresses import BadAddress
from copydesk.sources.logic.checklist import excerpt
from copydesk.sources.logic.citing import SyncReport, block_uuid, own_uuid, selector_of
from copydesk.sources.logic.quoting import quote_sha256
from copydesk.sources.logic.verdicts import ACCEPTED, Layer, Verdict
from copydesk.sources.models import (
    Citation,
    Override,
    Quotation,
    QuotationKind,
    Relation,
    Trigger,
)
from copydesk.sources.queries.copies import existing_sources, newest_with_text, sources_at
from copydesk.sources.queries.texts import layers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from copydesk.members.models import Member
    from copydesk.sources.logic.citing import CitedSource, QuotedBlock
    from copydesk.sources.models import Snapshot, Source

logger = logging.getLogger("copydesk.sources")

# Why a copy cannot be compared with. None of these keeps an article from its readers.
ARCHIVE_TROUBLE = (Missing, Damaged, OSError, DataError)
# The name of its entry in Wagtail's log.
OVERRIDDEN = "sources.override"
PINNING = ("snapshot", "check_result", "latest_check", "selector")
WRITTEN = (
    "position", "is_live", "source", "text", "quote_sha256", "language", "speaker", "kind", *PINNING,
)  # fmt: skip


@transaction.atomic
def sync_quotations(
    *,
    page_id: int,
    quotations: Sequence[QuotedBlock],
    citations: Sequence[CitedSource],
    by: Member | None,
    at: datetime,
) -> SyncReport:
    """Keep what a page that is now published quotes and cites; safe to run twice.

    A quotation without a source that exists is none of ours. Its words are compared with the newest copy of the source
    when they are first published, and stay pinned to it: later copies never take its place, other words pin anew.
    Where there is no copy yet, or it cannot be read, they are left unchecked, and published all the same. Blocks that
    went away are kept, not live.

    Whoever published words that are not their source's, and gave a reason, is recorded with it, here and in the page's
    history: once for each block and reason, unless another reason was given in between.
    """
    keep_commit_order()
    before = _relied_on(page_id)
    known = existing_sources(
        [quoted.source_id for quoted in quotations] + [cited.source_id for cited in citations]
    )
    wanted = [quoted for quoted in quotations if quoted.source_id in known and quoted.text]
    cited = [cited for cited in citations if cited.source_id in known]
    if not (before or wanted or cited):
        return SyncReport(live_count=0, dropped_count=0)
    rows, dropped_count = _write_quotations(page_id, wanted, at)
    _write_citations(page_id, wanted, cited)
    report = _report(wanted, rows, dropped_count)
    _write_overrides(page_id, wanted, rows, by, at)
    if report.unexplained:
        logger.warning(
            "Page %s is published with words that are not their sources': blocks %s",
            page_id,
            ", ".join(report.unexplained),
        )
    after = {row.source_id for row in rows} | {each.source_id for each in cited}
    expire_tags({tag("source", pk) for pk in before | after}, at=at)
    return report


@transaction.atomic
def withdraw_quotations(*, page_id: int, at: datetime) -> None:
    """Let the quotations of a page that readers get no more be no longer live."""
    keep_commit_order()
    before = _relied_on(page_id)
    Quotation.objects.filter(page_id=page_id, is_live=True).update(is_live=False)
    expire_tags({tag("source", pk) for pk in before}, at=at)


@transaction.atomic
def pin_waiting(source: Source, snapshot: Snapshot, at: datetime) -> int:
    """Check the quotations that were published before their source had a copy; return how many were pinned to it."""
    if not snapshot.has_text:
        return 0
    keep_commit_order()
    rows = list(Quotation.objects.filter(source=source, snapshot=None).order_by("pk"))
    for row in rows:
        _pin(row, snapshot, at)
    pinned = [row for row in rows if row.snapshot_id]
    Quotation.objects.bulk_update(pinned, PINNING)
    shown = {tag("article", row.page_id) for row in pinned if row.is_live}
    if pinned:
        expire_tags({tag("source", source.pk), *shown}, at=at)
    return len(pinned)


def with_sources(
    quotations: Sequence[QuotedBlock], *, adds_sources: bool, by: Member | None, at: datetime
) -> list[QuotedBlock]:
    """Return quotations with the sources at the addresses their writers typed.

    An address nobody has named before becomes a source with `adds_sources`, and is left alone without.
    """
    typed = {quoted.url for quoted in quotations if quoted.url and not quoted.source_id}
    found = sources_at(typed)
    if adds_sources:
        found |= _added(typed - found.keys(), by, at)
    return [
        quoted if quoted.source_id else replace(quoted, source_id=found.get(quoted.url))
        for quoted in quotations
    ]


def _added(urls: Iterable[str], by: Member | None, at: datetime) -> dict[str, int]:
    added = {}
    for url in sorted(urls):
        try:
            source, _is_new = add_source(url=url, by=by, at=at)
        except BadAddress as error:
            logger.info("No source can be at %s: %s", url, error)
        else:
            added[url] = source.pk
    return added


def _relied_on(page_id: int) -> set[int]:
    quoted = Quotation.objects.filter(page_id=page_id, is_live=True).values_list("source_id")
    cited = Citation.objects.filter(page_id=page_id).order_by().values_list("source_id")
    return {pk for (pk,) in quoted.union(cited)}


# --- Quotations


def _write_quotations(
    page_id: int, wanted: Sequence[QuotedBlock], at: datetime
) -> tuple[list[Quotation], int]:
    kept = {
        row.block_id: row
        for row in Quotation.objects.filter(page_id=page_id).select_related(
            "snapshot__source", "check_result"
        )
    }
    newest = newest_with_text(quoted.source_id for quoted in wanted if quoted.source_id)
    rows = []
    for position, quoted in enumerate(wanted):
        row = kept.pop(quoted.block_id, None) or Quotation(page_id=page_id)
        _fill(row, quoted, position)
        _pin(row, row.snapshot or newest.get(row.source_id), at)
        rows.append(row)
    new = [row for row in rows if row._state.adding]  # noqa: SLF001 - Django's word for it
    Quotation.objects.bulk_update([row for row in rows if row not in new], WRITTEN)
    _give_uuids(new)
    Quotation.objects.bulk_create(new)
    gone = [row.pk for row in kept.values() if row.is_live]
    return rows, Quotation.objects.filter(pk__in=gone).update(is_live=False)


def _fill(row: Quotation, quoted: QuotedBlock, position: int) -> None:
    sha256 = quote_sha256(quoted.text, quoted.language)
    if (row.quote_sha256, row.source_id) != (sha256, quoted.source_id):
        row.snapshot = row.check_result = row.latest_check = None
        row.selector = {}
    row.block_id, row.position, row.is_live = quoted.block_id, position, True
    row.source_id = quoted.source_id or 0
    row.text, row.quote_sha256, row.language = quoted.text, sha256, quoted.language
    row.speaker, row.kind = quoted.speaker, QuotationKind(quoted.kind)


def _pin(row: Quotation, snapshot: Snapshot | None, at: datetime) -> None:
    """Pin a quotation to a copy and check it, unless both has been done, or the copy cannot be read."""
    if snapshot is None:
        return
    if row.kind == QuotationKind.TRANSLATED:
        row.snapshot, row.check_result, row.latest_check, row.selector = snapshot, None, None, {}
        return
    if row.check_result is not None:
        return
    try:
        with transaction.atomic():
            check = check_words(
                text=row.text,
                snapshot=snapshot,
                language=row.language,
                trigger=Trigger.PUBLISH,
                at=at,
            )
            layer = layers_of(snapshot)[Layer(check.layer)] if check.spans else ""
    except ARCHIVE_TROUBLE:
        logger.exception("A quotation of page %s is left unchecked", row.page_id)
        return
    row.snapshot, row.check_result = snapshot, check
    row.selector = selector_of(check.spans, layer)


def _give_uuids(rows: Sequence[Quotation]) -> None:
    """Name each quotation after its block, unless the block was copied with another page and the name is taken."""
    wanted = {row.block_id: block_uuid(row.block_id) for row in rows}
    names = [name for name in wanted.values() if name]
    taken = set(Quotation.objects.filter(uuid__in=names).values_list("uuid", flat=True))
    for row in rows:
        name = wanted[row.block_id]
        row.uuid = own_uuid(row.page_id, row.block_id) if name is None or name in taken else name
        taken.add(row.uuid)


# --- Citations and overrides


def _write_citations(
    page_id: int, quoted: Sequence[QuotedBlock], cited: Sequence[CitedSource]
) -> None:
    wanted = {(each.source_id, Relation.QUOTES.value): ("", "") for each in quoted}
    said = {(each.source_id, each.relation): (each.claim, each.note) for each in reversed(cited)}
    wanted |= {key: said[key] for key in [(each.source_id, each.relation) for each in cited]}
    kept = {(row.source_id, row.relation): row for row in Citation.objects.filter(page_id=page_id)}
    rows = []
    for position, ((source_id, relation), (claim, note)) in enumerate(wanted.items()):
        row = kept.pop((source_id or 0, relation), None) or Citation(
            page_id=page_id, source_id=source_id or 0, relation=relation
        )
        row.position, row.claim, row.note = position, claim, note
        rows.append(row)
    Citation.objects.filter(pk__in=[row.pk for row in kept.values()]).delete()
    Citation.objects.bulk_update([row for row in rows if row.pk], ["position", "claim", "note"])
    Citation.objects.bulk_create([row for row in rows if not row.pk])


def _verdict(row: Quotation) -> str:
    return row.check_result.verdict if row.check_result else ""


def _report(
    wanted: Sequence[QuotedBlock], rows: Sequence[Quotation], dropped_count: int
) -> SyncReport:
    pairs = list(zip(wanted, rows, strict=True))
    refused = [(quoted, row) for quoted, row in pairs if _verdict(row) and not _is_accepted(row)]
    return SyncReport(
        live_count=len(rows),
        dropped_count=dropped_count,
        unchecked=tuple(row.block_id for row in rows if not _verdict(row)),
        unexplained=tuple(row.block_id for quoted, row in refused if not quoted.override_reason),
        overridden=tuple(row.block_id for quoted, row in refused if quoted.override_reason),
    )


def _is_accepted(row: Quotation) -> bool:
    return Verdict(_verdict(row)) in ACCEPTED


def _write_overrides(
    page_id: int,
    wanted: Sequence[QuotedBlock],
    rows: Sequence[Quotation],
    by: Member | None,
    at: datetime,
) -> None:
    given = [
        (quoted.override_reason, row)
        for quoted, row in zip(wanted, rows, strict=True)
        if quoted.override_reason and _verdict(row) and not _is_accepted(row)
    ]
    if not given:
        return
    last = _last_reasons(page_id)
    new = [
        (reason, row)
        for reason, row in given
        if last.get((row.block_id, row.quote_sha256)) != reason
    ]
    if by is None:
        if new:
            logger.warning("Page %s explains its quotations, but nobody published it", page_id)
        return
    overrides = [
        Override(
            page_id=page_id,
            block_id=row.block_id,
            quote_sha256=row.quote_sha256,
            source_id=row.source_id,
            verdict=_verdict(row),
            reason=reason,
            by=by,
            created_at=at,
        )
        for reason, row in new
    ]
    Override.objects.bulk_create(overrides)
    for override, (_reason, row) in zip(overrides, new, strict=True):
        _log_override(override, row, at)


def _last_reasons(page_id: int) -> dict[tuple[str, str], str]:
    """Return the reason given last for each block and its words: it counts, for readers too."""
    written = Override.objects.filter(page_id=page_id).order_by("created_at", "pk")
    rows = written.values_list("block_id", "quote_sha256", "reason")
    return {(block_id, sha256): reason for block_id, sha256, reason in rows}


def _log_override(override: Override, row: Quotation, at: datetime) -> None:
    """Have the history of the page, and that of the site, tell who put their name to which words, and why."""
    data = {
        "verdict": override.verdict,
        "reason": override.reason,
        "words": excerpt(row.text),
        "source": row.source_id,
    }
    page = Page.objects.get(pk=override.page_id).specific
    log(page, OVERRIDDEN, user=override.by, data=data, timestamp=at)
