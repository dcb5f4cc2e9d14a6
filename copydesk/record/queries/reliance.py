"""What an article rests on, and who rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, Q

from copydesk.editorial.models import PublishedArticle
from copydesk.record.models import FlagState, Reliance, Tie
from copydesk.sources.models import Citation, Relation, Standing

if TYPE_CHECKING:
    from django.core.paginator import Page as PageOfRows

PER_PAGE = 50


@dataclass(frozen=True)
class Ground:
    """Something an article rests on. `path` is that of an article of ours, `source_id` that of a source."""

    title: str
    tie: str
    path: str = ""
    article_id: int | None = None
    source_id: int | None = None
    standing: str = ""


def grounds_of(article_id: int) -> list[Ground]:
    """Return what an article rests on: sources in their order, then articles of ours; two queries.

    An article that is not live any more has no path.
    """
    cited = Citation.objects.filter(page=article_id).select_related("source")
    sources = [
        Ground(
            title=str(row.source),
            tie=str(Relation(row.relation).label),
            source_id=row.source_id,
            standing=row.source.get_standing_display()
            if row.source.standing != Standing.OK
            else "",
        )
        for row in cited
    ]
    linked = Reliance.objects.filter(article=article_id).order_by("on__title", "tie")
    columns = ("on_id", "on__title", "on__published__path", "tie")
    articles = [
        Ground(title=title, tie=str(Tie(tie).label), path=path or "", article_id=pk)
        for pk, title, path, tie in linked.values_list(*columns)
    ]
    return [*sources, *articles]


def relying_articles(article_id: int, *, number: str | int = 1) -> PageOfRows[Any]:
    """Return a page of the live articles that rest on an article, the newest first, each with its open flags counted.

    `open_flag_count` is on each. Two queries, however many there are.
    """
    resting = Reliance.objects.filter(on=article_id).values("article")
    rows = (
        PublishedArticle.objects.filter(pk__in=resting)
        .annotate(
            open_flag_count=Count(
                "article__flags", filter=Q(article__flags__state=FlagState.OPEN), distinct=True
            )
        )
        .order_by("-published_at", "-pk")
        .only("pk", "path", "headline", "published_at")
    )
    return Paginator(rows, PER_PAGE).get_page(number)
