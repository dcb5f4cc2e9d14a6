"""What sitemaps list, cut into files by ranges of ids: no file costs more when the archive grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Subquery
from wagtail.models import Page

from copydesk.editorial.logic.discovery import Location, News
from copydesk.editorial.models import (
    FrontPage,
    Kind,
    Person,
    PublishedArticle,
    PublishedByline,
    PublishedTopic,
    Series,
    StaticPage,
    Topic,
    Visibility,
)
from copydesk.editorial.models.media import Crop
from copydesk.editorial.queries.addresses import full_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.db.models import QuerySet

# The protocol allows 50,000 addresses; a tenth of it is built in a moment.
FILE_SIZE = 5_000
NEWS_AGE = timedelta(hours=48)
NEWS_SIZE = 1_000
IMAGE_WIDTH, IMAGE_CROP = 1200, Crop(16, 9)


@dataclass(frozen=True)
class Section:
    """A kind of page: all its rows, and how some of them become locations in one query."""

    rows: Callable[[], QuerySet[Any]]
    locate: Callable[[QuerySet[Any]], Iterator[Location]]


def file_numbers(section: Section) -> Iterator[int]:
    """Yield the numbers of a section's files that hold anything, by one seek in the index for each."""
    rows, start = section.rows().order_by("pk").values_list("pk", flat=True), 0
    while (pk := rows.filter(pk__gte=start).first()) is not None:
        number = pk // FILE_SIZE + 1
        yield number
        start = number * FILE_SIZE


def file_locations(section: Section, number: int) -> list[Location]:
    """Return what stands in a section's file, in one query."""
    start = (number - 1) * FILE_SIZE
    rows = section.rows().filter(pk__gte=start, pk__lt=start + FILE_SIZE).order_by("pk")
    return list(section.locate(rows))


def _articles() -> QuerySet[PublishedArticle]:
    # What was first published elsewhere belongs in that site's sitemap.
    return PublishedArticle.objects.filter(canonical_url="")


def _article_locations(rows: QuerySet[PublishedArticle]) -> Iterator[Location]:
    for row in rows.select_related("lead_picture").only("path", "updated_at", "lead_picture"):
        picture = row.lead_picture
        image = full_url(picture.rendition_url(IMAGE_WIDTH, "jpeg", IMAGE_CROP)) if picture else ""
        yield Location(row.full_url, row.updated_at, image)


def _pages() -> QuerySet[Page]:
    return Page.objects.live().type(FrontPage, StaticPage)  # type: ignore[no-any-return]


def _page_locations(rows: QuerySet[Page]) -> Iterator[Location]:
    for url_path, published_at in rows.values_list("url_path", "last_published_at"):
        path = url_path.strip("/").partition("/")[2]
        # The front page changes with every article; saying when it was last edited would mislead.
        yield Location(full_url(f"/{path}/"), published_at) if path else Location(full_url("/"))


def _topics() -> QuerySet[Topic]:
    return Topic.objects.filter(article_count__gt=0)


def _topic_locations(rows: QuerySet[Topic]) -> Iterator[Location]:
    newest = (
        PublishedTopic.objects.filter(topic=OuterRef("pk"))
        .order_by("-published_at")
        .values("published_at")[:1]
    )
    for row in rows.annotate(newest_at=Subquery(newest)):
        yield Location(full_url(row.get_absolute_url()), row.newest_at)


def _people() -> QuerySet[Person]:
    return Person.objects.filter(article_count__gt=0)


def _person_locations(rows: QuerySet[Person]) -> Iterator[Location]:
    newest = (
        PublishedByline.objects.filter(person=OuterRef("pk"))
        .order_by("-published_at")
        .values("published_at")[:1]
    )
    for row in rows.only("slug").annotate(newest_at=Subquery(newest)):
        yield Location(full_url(row.get_absolute_url()), row.newest_at)


def _series() -> QuerySet[Series]:
    return Series.objects.filter(Exists(PublishedArticle.objects.filter(series=OuterRef("pk"))))


def _series_locations(rows: QuerySet[Series]) -> Iterator[Location]:
    newest = (
        PublishedArticle.objects.filter(series=OuterRef("pk"))
        .order_by("-published_at")
        .values("published_at")[:1]
    )
    for row in rows.annotate(newest_at=Subquery(newest)):
        yield Location(full_url(row.get_absolute_url()), row.newest_at)


SECTIONS = {
    "articles": Section(_articles, _article_locations),
    "pages": Section(_pages, _page_locations),
    "topics": Section(_topics, _topic_locations),
    "people": Section(_people, _person_locations),
    "series": Section(_series, _series_locations),
}


def _news(at: datetime) -> QuerySet[PublishedArticle]:
    return (
        _articles()
        .filter(published_at__gt=at - NEWS_AGE, published_at__lte=at, visibility=Visibility.PUBLIC)
        .exclude(kind=Kind.ADVERTISEMENT)
    )


def has_news(*, at: datetime) -> bool:
    """Whether anything is new enough for the news sitemap."""
    return _news(at).exists()


def news_entries(*, at: datetime) -> list[News]:
    """Return what was published in the last two days and is not retracted, newest first, in one query."""
    rows = (
        _news(at)
        .order_by("-published_at", "-pk")
        .only("path", "headline", "language", "published_at", "notices")[:NEWS_SIZE]
    )
    return [
        News(row.full_url, row.headline, row.language or settings.LANGUAGE_CODE, row.published_at)
        for row in rows
        if not row.is_retracted
    ]
