"""The public page of a source: what it is, where we rely on it, which copies we keep, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from copydesk.kit.html import json_ld
from copydesk.pagestore.logic.tags import depends_on, depends_on_each, tag
from copydesk.sources.logic.lines import one_line
from copydesk.sources.models import Citation, Method, Quotation, SourceKind
from copydesk.sources.queries import wording
from copydesk.sources.queries.addresses import full_url, path_of
from copydesk.sources.queries.files import source_nodes
from copydesk.sources.queries.relied import (
    QuotationView,
    SourceView,
    citations_with_sources,
    live_quotations,
    quotation_view,
    source_view,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from copydesk.sources.models import Snapshot, Source

# Of each kind of row a page lists no more than this.
MOST = 200
# A sentence around a quotation is shown up to this length: some pages have no end of a sentence.
LONGEST_CONTEXT = 400
# Where words stand out of an article that only some may read, they are not shown outside of it.
OPEN_TO_ALL = Q(page__article__published__visibility="public") | Q(page__article__isnull=True)


@dataclass(frozen=True)
class Head:
    """The head of a page, as the theme writes it."""

    title: str
    description: str
    canonical_url: str
    robots: str = ""
    og: Sequence[tuple[str, str]] = ()
    json_ld: str = ""
    feeds: Sequence[object] = ()
    breadcrumbs: Sequence[object] = ()


@dataclass(frozen=True)
class Fact:
    """Something known of a source; a guess is said to be one."""

    label: str
    value: str
    is_guess: bool


@dataclass(frozen=True)
class Passage:
    """A quotation, with the sentence before and after it in the source."""

    quoted: QuotationView
    before: str
    after: str


@dataclass(frozen=True)
class Use:
    """A live article that relies on a source."""

    title: str
    url: str
    relations: str
    claim: str
    passages: Sequence[Passage]


@dataclass(frozen=True)
class Copy:
    """A copy that is kept."""

    pk: int
    captured_at: datetime
    seen_at: datetime
    method: str
    sha256: str
    size: int

    @property
    def is_seen_later(self) -> bool:
        """Whether the source was found to say the same on a later day."""
        return self.seen_at.date() > self.captured_at.date()


@dataclass(frozen=True)
class Event:
    """Something that happened."""

    at: datetime
    sentence: str


@dataclass(frozen=True)
class SourcePage:
    """Everything the page of a source shows."""

    source: SourceView
    kind_label: str
    standing_note: str
    facts: Sequence[Fact]
    uses: Sequence[Use]
    copies: Sequence[Copy]
    events: Sequence[Event] = field(default_factory=list)
    is_cut: bool = False


def source_head(page: SourcePage) -> Head:
    """Return the head of a source's page."""
    title, url = one_line(page.source.title), full_url(page.source.page_url)
    description = _("What we quote from “%(title)s”, and what we compared it with.") % {
        "title": title
    }
    uses = [(use.title, full_url(use.url)) for use in page.uses]
    return Head(
        title=title,
        description=description,
        canonical_url=url,
        og=[
            ("og:type", "website"),
            ("og:title", title),
            ("og:description", description),
            ("og:url", url),
        ],
        json_ld=json_ld(source_nodes(page.source, url=url, uses=uses)),
    )


def source_page(source: Source) -> SourcePage:
    """Return the page of a source, in four queries."""
    depends_on(tag("source", source.pk))
    citations = list(
        citations_with_sources(Citation.objects.filter(source=source, page__live=True))
        .select_related("source", "page")
        .order_by("-page__first_published_at", "-page_id", "pk")[: MOST + 1]
    )
    quoted = Quotation.objects.filter(OPEN_TO_ALL, source=source, page__live=True)
    if citations:
        quoted = quoted.filter(page__in={row.page_id for row in citations[:MOST]})
    quotations = live_quotations(quoted, MOST)
    pages = {row.page_id for row in citations} | {row.page_id for row in quotations}
    depends_on_each("article", pages)
    copies = [_copy(snapshot) for snapshot in source.snapshots.all()[:MOST]]
    view = source_view(citations[0]) if citations else source_view(quotations[0])
    return SourcePage(
        source=view,
        kind_label=str(SourceKind(source.kind).label),
        standing_note=source.standing_note,
        facts=_facts(source, view),
        uses=_uses(citations[:MOST], quotations),
        copies=copies,
        events=_events(source),
        is_cut=len(citations) > MOST,
    )


def _facts(source: Source, view: SourceView) -> list[Fact]:
    known = [
        ("byline", _("By"), view.authors),
        ("publisher", _("Published by"), source.publisher),
        ("published_on", _("Date"), view.date),
        ("modified_on", _("Changed on"), wording.partial_date(source.modified_on)),
        ("access", _("Access"), view.access_label),
        ("language", _("Language"), source.language),
        ("doi", "DOI", source.doi),
        ("isbn", "ISBN", source.isbn),
        ("locator", _("Where in it"), source.locator),
        ("", _("Last looked at"), wording.day(source.checked_at) if source.checked_at else ""),
    ]
    return [
        Fact(label, value, source.origins.get(name) == "guess")
        for name, label, value in known
        if value
    ]


def _uses(citations: Sequence[Citation], quotations: Sequence[Quotation]) -> list[Use]:
    """Return the articles in the order of `citations`, each with all its ways of relying on the source."""
    by_page: dict[int, list[Citation]] = {}
    for row in citations:
        by_page.setdefault(row.page_id, []).append(row)
    return [
        Use(
            title=rows[0].page.title,
            url=path_of(rows[0].page),
            relations=wording.relations_phrase(row.relation for row in rows),
            claim=next((row.claim for row in rows if row.claim), ""),
            passages=[_passage(row) for row in quotations if row.page_id == page_id],
        )
        for page_id, rows in by_page.items()
    ]


def _passage(row: Quotation) -> Passage:
    check = row.check_result
    is_shown = check is not None and row.snapshot is not None and not row.snapshot.is_private
    evidence = check.evidence if check is not None and is_shown else {}
    before, after = (str(evidence.get(name, "")) for name in ("before", "after"))
    return Passage(
        quoted=quotation_view(row),
        before=f"…{before[-LONGEST_CONTEXT:]}" if len(before) > LONGEST_CONTEXT else before,
        after=f"{after[:LONGEST_CONTEXT]}…" if len(after) > LONGEST_CONTEXT else after,
    )


def _copy(snapshot: Snapshot) -> Copy:
    return Copy(
        pk=snapshot.pk,
        captured_at=snapshot.captured_at,
        seen_at=snapshot.seen_at,
        method=METHODS[Method(snapshot.method)](),
        sha256=snapshot.payload_sha256,
        size=snapshot.size,
    )


METHODS = {
    Method.HTTP: lambda: _("fetched from its address"),
    Method.UPLOAD: lambda: _("uploaded by our editors"),
    Method.PASTE: lambda: _("supplied by our editors as text"),
}


def _events(source: Source) -> list[Event]:
    """Return what happened to a source, the newest first."""
    happened = [
        Event(row.detected_at, sentence)
        for row in source.events.order_by("-detected_at", "-pk")[:MOST]
        if (sentence := wording.event_sentence(row.kind))
    ]
    standing = wording.standing_phrase(source.standing, None)
    if standing and source.standing_at:
        happened.append(Event(source.standing_at, f"{standing}."))
    happened.append(Event(source.created_at, _("We began to rely on it.")))
    return sorted(happened, key=lambda event: event.at, reverse=True)
