"""What happened to sources that articles rely on, the gravest for the most articles first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from copydesk.sources.logic.verdicts import ACCEPTED
from copydesk.sources.models import Citation, Handling, Quotation, SourceEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.paginator import Page as PageOfRows
    from django.db.models import QuerySet

PER_PAGE = 25
MOST_ARTICLES = 10


@dataclass(frozen=True)
class AffectedArticle:
    """A live article that relies on a source; `block_id` is the block to look at first, "" where it only cites it."""

    page_id: int
    title: str
    block_id: str


@dataclass(frozen=True)
class ChangedSource:
    """An event, with the articles it may matter to: some of them, and how many there are."""

    event: SourceEvent
    articles: list[AffectedArticle]
    article_count: int
    # Events of the same source that nobody has handled either.
    other_open_count: int

    @property
    def more_count(self) -> int:
        """How many articles are not named."""
        return self.article_count - len(self.articles)


@dataclass(frozen=True)
class ChangedSources:
    """A page of the list."""

    rows: list[ChangedSource]
    page: PageOfRows[SourceEvent]
    open_count: int


def changed_sources(*, is_handled: bool, number: str | int = 1) -> ChangedSources:
    """Return a page of what happened to sources: what waits, by severity times live articles; or what was handled.

    `number` is a page's, or anything a reader types for one. Six queries, however long the list.
    """
    waiting = SourceEvent.objects.filter(handling=Handling.OPEN)
    events = _handled() if is_handled else _by_weight(waiting)
    page = Paginator(events, PER_PAGE).get_page(number)
    found = list(page.object_list)
    articles = _articles_of({event.source_id for event in found})
    open_of = dict(
        waiting.filter(source__in={event.source_id for event in found})
        .values_list("source_id")
        .annotate(number=Count("pk"))
    )
    return ChangedSources(
        rows=[
            ChangedSource(
                event=event,
                articles=articles[event.source_id][:MOST_ARTICLES],
                article_count=len(articles[event.source_id]),
                other_open_count=max(0, open_of.get(event.source_id, 0) - 1),
            )
            for event in found
        ],
        page=page,
        open_count=waiting.count(),
    )


def open_event_count() -> int:
    """Return how many events wait for somebody to look at them."""
    return SourceEvent.objects.filter(handling=Handling.OPEN).count()


def affected_block(*, event: SourceEvent, page_id: int) -> str | None:
    """Return the block of a live article to look at because of an event; None where it does not rely on the source."""
    found = _articles_of({event.source_id})[event.source_id]
    return next((each.block_id for each in found if each.page_id == page_id), None)


def _handled() -> QuerySet[SourceEvent]:
    done = SourceEvent.objects.exclude(handling__in=[Handling.OPEN, Handling.LOGGED])
    return done.select_related("source", "handled_by").order_by("-handled_at", "-pk")


def _by_weight(events: QuerySet[SourceEvent]) -> QuerySet[SourceEvent]:
    citing = (
        Citation.objects.filter(source=OuterRef("source"), page__live=True)
        .order_by()
        .values("source")
        .annotate(number=Count("page", distinct=True))
        .values("number")
    )
    count = Coalesce(Subquery(citing, output_field=IntegerField()), 0)
    return (
        events.annotate(weight=F("severity") * count)
        .select_related("source")
        .order_by("-weight", "-severity", "-detected_at", "-pk")
    )


def _articles_of(source_ids: Iterable[int]) -> defaultdict[int, list[AffectedArticle]]:
    wanted = set(source_ids)
    blocks = _blocks_of(wanted)
    found: defaultdict[int, dict[int, AffectedArticle]] = defaultdict(dict)
    citing = Citation.objects.filter(source__in=wanted, page__live=True)
    columns = ("source_id", "page_id", "page__title")
    for source_id, page_id, title in citing.order_by("-page_id").values_list(*columns):
        block_id = blocks.get((source_id, page_id), "")
        found[source_id].setdefault(page_id, AffectedArticle(page_id, title, block_id))
    return defaultdict(list, {key: list(by_page.values()) for key, by_page in found.items()})


def _blocks_of(source_ids: set[int]) -> dict[tuple[int, int], str]:
    """Return the block of each page to look at first: one whose words the source does not have, else its first."""
    rows = Quotation.objects.filter(source__in=source_ids, is_live=True, page__live=True)
    verdict = Coalesce("latest_check__verdict", "check_result__verdict")
    columns = ("source_id", "page_id", "block_id", verdict)
    blocks: dict[tuple[int, int], str] = {}
    broken: dict[tuple[int, int], str] = {}
    for source_id, page_id, block_id, verdict in rows.order_by("position").values_list(*columns):
        blocks.setdefault((source_id, page_id), block_id)
        if verdict and verdict not in ACCEPTED:
            broken.setdefault((source_id, page_id), block_id)
    return blocks | broken
