"""What an article quotes and relies on, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.db import connection
from django.db.models import FilteredRelation, OuterRef, Q, Subquery

from copydesk.pagestore.logic.tags import depends_on_each
from copydesk.sources.logic.schedule import Liveness
from copydesk.sources.logic.slots import anchor_of, quoted_blocks
from copydesk.sources.logic.states import Known, Mark, Words, standing_of
from copydesk.sources.logic.verdicts import State, Verdict
from copydesk.sources.models import (
    Access,
    Citation,
    Override,
    Quotation,
    QuotationKind,
    Relation,
    Snapshot,
    Standing,
)
from copydesk.sources.queries import wording
from copydesk.sources.queries.addresses import full_url
from copydesk.sources.queries.passages import link_into

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet


# A list of up to this many sources is no longer than an author's card or two.
SHORT = 8

Row = TypeVar("Row", Quotation, Citation)


@dataclass(frozen=True)
class CheckLine:
    """The line under a quotation: its sentences, and where to see for oneself ("" for nowhere)."""

    words: Words
    state: State
    mark: Mark
    sentences: tuple[str, ...]
    checked_at: datetime | None
    in_source_url: str
    archived_url: str

    @property
    def said(self) -> str:
        """Its sentences, one after the other."""
        return " ".join(self.sentences)

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return self.mark.value


@dataclass(frozen=True)
class SourceView:
    """A source as lists of sources name it. `version_url` and `version_on` are of our newest copy of it."""

    pk: int
    title: str
    url: str
    page_url: str
    publisher: str
    byline: tuple[str, ...]
    published_on: str
    language: str
    doi: str
    isbn: str
    locator: str
    kind: str
    access: str
    access_label: str
    is_online: bool
    standing: str
    standing_label: str
    relations: tuple[str, ...] = ()
    version_url: str = ""
    version_at: datetime | None = None

    @property
    def link(self) -> str:
        """Where its title leads: to itself, or to what we know of it where it is no more."""
        return self.url if self.is_online else self.page_url

    @property
    def version_full_url(self) -> str:
        """The whole address of our newest copy, as Robust Links want it."""
        return full_url(self.version_url)

    @property
    def authors(self) -> str:
        """Its authors as a sentence lists them."""
        return wording.listed(self.byline)

    @property
    def date(self) -> str:
        """Its date for readers."""
        return wording.partial_date(self.published_on)

    @property
    def relied_on(self) -> str:
        """How the article relies on it."""
        return wording.relations_phrase(self.relations)

    @property
    def is_walled(self) -> bool:
        """Whether not everybody can read it at once."""
        return self.access != Access.FREE


@dataclass(frozen=True)
class QuotationView:
    """A quotation with what is known of it."""

    uuid: str
    block_id: str
    text: str
    speaker: str
    language: str
    source: SourceView
    line: CheckLine

    @property
    def anchor(self) -> str:
        """The id of its element in the article."""
        return anchor_of(self.block_id)


@dataclass(frozen=True)
class Relied:
    """The sources of an article in order, and those of its quotations that the page shows, by their blocks."""

    page_id: int = 0
    sources: Sequence[SourceView] = ()
    quotations: Sequence[QuotationView] = ()

    @property
    def is_short(self) -> bool:
        """Whether the list of sources is short enough to be open from the start."""
        return len(self.sources) <= SHORT

    def quotations_of(self, source: SourceView) -> list[QuotationView]:
        """Return what the page quotes from a source."""
        return [quoted for quoted in self.quotations if quoted.source.pk == source.pk]


def relied_on(page_id: int, *, html: str) -> Relied:
    """Return what a page relies on, and those of its quotations that `html`, the shown part of it, has a place for.

    One query where it quotes, or relies on nothing; two where it only cites.
    """
    blocks = quoted_blocks(html)
    if not blocks and not _has_citations(page_id):
        return Relied(page_id)
    rows = list(_cited(page_id, with_quotations=bool(blocks)))
    depends_on_each("source", {row.source_id for row in rows})
    place = {block_id: number for number, block_id in enumerate(blocks)}
    quotations = {
        quotation.pk: quotation
        for row in rows
        if (quotation := _quoted_by(row)) is not None and quotation.block_id in place
    }
    shown = sorted(quotations.values(), key=lambda quotation: place[quotation.block_id])
    return Relied(page_id, _sources(rows), [quotation_view(row) for row in shown])


def _has_citations(page_id: int) -> bool:
    """Whether a page relies on anything: most do not, and to compose the query that says on what takes 2 ms."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sources_citation WHERE page_id = %s LIMIT 1", [page_id])
        return cursor.fetchone() is not None


def _cited(page_id: int, *, with_quotations: bool) -> QuerySet[Citation]:
    """Return the citations of a page; with its quotations, a row for each of a source's, as a join gives them."""
    rows = citations_with_sources(Citation.objects.filter(page_id=page_id))
    if not with_quotations:
        return rows
    live = Q(source__quotations__page_id=page_id, source__quotations__is_live=True)
    return rows.annotate(
        quoted=FilteredRelation("source__quotations", condition=live), reason=_reason("quoted__")
    ).select_related(*QUOTED)


QUOTED = (
    "source", "quoted__snapshot", "quoted__check_result", "quoted__latest_check__snapshot",
)  # fmt: skip


def _quoted_by(row: Citation) -> Quotation | None:
    """Return the quotation that was loaded with a citation, knowing what the citation knows of their source."""
    quotation: Quotation | None = getattr(row, "quoted", None)
    if quotation is not None:
        quotation.source = row.source
        for name in ("version_id", "version_at", "version_has_text", "reason"):
            setattr(quotation, name, getattr(row, name))
    return quotation


def _reason(prefix: str = "") -> Subquery:
    reasons = Override.objects.filter(
        page_id=OuterRef("page_id"),
        quote_sha256=OuterRef(f"{prefix}quote_sha256"),
        block_id=OuterRef(f"{prefix}block_id"),
    )
    return Subquery(reasons.order_by("-created_at", "-pk").values("reason")[:1])


def live_quotations(rows: QuerySet[Quotation], most: int | None = None) -> list[Quotation]:
    """Return quotations, the first so many, with all that their lines say, in one query."""
    found = _with_sources(rows.filter(is_live=True)).select_related(
        "source", "snapshot", "check_result", "latest_check__snapshot"
    )
    return list(found.annotate(reason=_reason()).order_by("position", "pk")[:most])


def citations_with_sources(rows: QuerySet[Citation]) -> QuerySet[Citation]:
    """Return citations with their sources and the newest copy of each."""
    return _with_sources(rows)


def _with_sources(rows: QuerySet[Row]) -> QuerySet[Row]:
    newest = Snapshot.objects.filter(source_id=OuterRef("source_id")).order_by(
        "-captured_at", "-pk"
    )
    return rows.select_related("source").annotate(
        version_id=Subquery(newest.values("pk")[:1]),
        version_at=Subquery(newest.values("captured_at")[:1]),
        version_has_text=Subquery(newest.values("has_text")[:1]),
    )


def _sources(rows: Sequence[Citation]) -> list[SourceView]:
    """Return the sources, each once, with all the ways the article relies on it."""
    relations: dict[int, list[str]] = {}
    for row in rows:
        names = relations.setdefault(row.source_id, [])
        if row.relation not in names:
            names.append(row.relation)
    first = {row.source_id: row for row in reversed(rows)}
    return [source_view(first[pk], tuple(names)) for pk, names in relations.items()]


def source_view(row: Row, relations: tuple[str, ...] = ()) -> SourceView:
    """Return the source of a quotation or citation that `_with_sources` has loaded."""
    source, version_id = row.source, getattr(row, "version_id", None)
    page_url = source.get_absolute_url()
    return SourceView(
        pk=source.pk,
        title=source.title or source.url or source.publisher,
        url=source.url,
        page_url=page_url,
        publisher=source.publisher,
        byline=tuple(str(name) for name in source.byline),
        published_on=source.published_on,
        language=source.language,
        doi=source.doi,
        isbn=source.isbn,
        locator=source.locator,
        kind=source.kind,
        access=source.access,
        access_label=str(Access(source.access).label),
        is_online=bool(source.url) and source.liveness != Liveness.DEAD,
        standing=source.standing if source.standing != Standing.OK else "",
        standing_label=wording.standing_phrase(source.standing, source.standing_at),
        relations=relations,
        version_url=f"{page_url}#snapshot-{version_id}" if version_id else "",
        version_at=getattr(row, "version_at", None),
    )


def quotation_view(row: Quotation) -> QuotationView:
    """Return a quotation that `live_quotations` has loaded."""
    return QuotationView(
        uuid=str(row.uuid),
        block_id=row.block_id,
        text=row.text,
        speaker=row.speaker,
        language=row.language,
        source=source_view(row, (Relation.QUOTES,)),
        line=_line(row),
    )


def known_of(row: Quotation) -> Known:
    """Return what is known of a quotation, as states are decided from it."""
    source, pinned, latest = row.source, row.snapshot, row.latest_check
    return Known(
        text=row.text,
        verdict=Verdict(row.check_result.verdict) if row.check_result else None,
        latest=Verdict(latest.verdict) if latest else None,
        is_latest_cut=bool(latest and latest.snapshot.is_paywalled),
        liveness=Liveness(source.liveness),
        is_on_web=bool(source.url),
        is_paywalled=source.access == Access.PAYWALLED,
        is_supplied=bool(pinned and pinned.is_supplied),
        has_text=pinned.has_text if pinned else getattr(row, "version_has_text", None),
        is_unreadable=bool(source.trouble),
        is_translation=row.kind == QuotationKind.TRANSLATED,
        has_reason=bool(getattr(row, "reason", "")),
    )


def _line(row: Quotation) -> CheckLine:
    known, pinned = known_of(row), row.snapshot
    found = standing_of(known)
    is_checked = known.verdict is not None and not known.is_translation
    sentences = (
        wording.words_sentence(
            found.words,
            is_supplied=known.is_supplied,
            copied_at=pinned.captured_at if pinned else None,
            details=wording.details_of(_notices(row)),
            reason=str(getattr(row, "reason", "") or ""),
        ),
        wording.state_sentence(found.state, is_supplied=known.is_supplied, is_checked=is_checked),
    )
    return CheckLine(
        words=found.words,
        state=found.state,
        mark=found.mark,
        sentences=tuple(sentence for sentence in sentences if sentence),
        checked_at=_checked_at(row) if is_checked else None,
        in_source_url=_in_source_url(row) if found.is_in_source else "",
        archived_url=f"{row.source.get_absolute_url()}#snapshot-{pinned.pk}" if pinned else "",
    )


def _notices(row: Quotation) -> list[str]:
    evidence = row.check_result.evidence if row.check_result else {}
    return [str(notice.get("code", "")) for notice in evidence.get("notices", [])]


def _checked_at(row: Quotation) -> datetime | None:
    """Return when the words were last compared, or the source last found to say what it said."""
    checks = [check.checked_at for check in (row.check_result, row.latest_check) if check]
    if row.source.checked_at and not row.source.trouble:
        checks.append(row.source.checked_at)
    return max(checks, default=None)


def _in_source_url(row: Quotation) -> str:
    check = row.latest_check or row.check_result
    snapshot = row.latest_check.snapshot if row.latest_check else row.snapshot
    if check is None or snapshot is None or snapshot.is_supplied:
        return ""
    return link_into(row.source.url, check=check, snapshot=snapshot)
