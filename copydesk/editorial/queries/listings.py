"""Every list of articles but the front page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from copydesk.editorial.models import (
    Person,
    PublishedArticle,
    PublishedByline,
    PublishedMonth,
    PublishedTopic,
    Series,
    Topic,
)
from copydesk.editorial.queries.articles import person_links, person_portrait
from copydesk.editorial.queries.cards import Card, make_cards
from copydesk.editorial.queries.publication import FeedLink, Link
from copydesk.kit.html import trusted
from copydesk.kit.pagination import slice_by_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

PAGE_SIZE = 20
ENTRIES = 500


@dataclass(frozen=True)
class Listing:
    """A page of a list."""

    title: str
    cards: list[Card]
    kind: str
    kind_label: str = ""
    description_html: SafeString | str = ""
    older_url: str | None = None
    newer_url: str | None = None
    total: int | None = None
    page_number: int = 1
    feeds: list[FeedLink] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """A topic or a person in the list of all."""

    name: str
    url: str
    count: int
    description: str = ""
    role: str = ""
    portrait: SafeString | None = None


@dataclass(frozen=True)
class Index:
    """All topics, or all people."""

    title: str
    entries: list[Entry]
    description_html: str = ""


@dataclass(frozen=True)
class PersonView:
    """A person's page, above their articles."""

    name: str
    role: str
    bio_html: SafeString | str
    portrait: SafeString | None
    links: list[Link]
    contact_email: str


@dataclass(frozen=True)
class Period:
    """A month or a year of the archive."""

    label: str
    url: str
    count: int
    is_current: bool = False
    months: list[Period] = field(default_factory=list)


@dataclass(frozen=True)
class ArchiveView:
    """The archive's own navigation."""

    title: str
    years: list[Period] = field(default_factory=list)
    months: list[Period] = field(default_factory=list)


def latest_listing(asked: Mapping[str, str]) -> Listing:
    """Return all articles, newest first."""
    rows = PublishedArticle.objects.only("published_at")
    page = slice_by_time(rows, field="published_at", size=PAGE_SIZE, asked=asked)
    listing = Listing(
        title=_("Latest"),
        kind="latest",
        cards=make_cards(row.pk for row in page.rows),
    )
    return _turning(listing, reverse("editorial:latest"), page.older, page.newer)


def topic_listing(topic: Topic, asked: Mapping[str, str]) -> Listing:
    """Return a topic's articles, newest first."""
    links = PublishedTopic.objects.filter(topic=topic)
    page = slice_by_time(
        links, field="published_at", key="published_id", size=PAGE_SIZE, asked=asked
    )
    listing = Listing(
        title=topic.name,
        kind="topic",
        kind_label=_("Topic"),
        description_html=format_html("<p>{}</p>", topic.description) if topic.description else "",
        cards=make_cards(link.published_id for link in page.rows),
        total=topic.article_count,
        feeds=_feeds("topic_feed", topic.slug, topic.name),
    )
    return _turning(listing, topic.get_absolute_url(), page.older, page.newer)


def person_listing(person: Person, asked: Mapping[str, str]) -> Listing:
    """Return the articles a person is named on, newest first."""
    links = PublishedByline.objects.filter(person=person)
    page = slice_by_time(
        links, field="published_at", key="published_id", size=PAGE_SIZE, asked=asked
    )
    # Two roles on one article are one card.
    ids = dict.fromkeys(link.published_id for link in page.rows)
    listing = Listing(
        title=person.name,
        kind="person",
        cards=make_cards(ids),
        total=person.article_count,
        feeds=_feeds("person_feed", person.slug, person.name),
    )
    return _turning(listing, person.get_absolute_url(), page.older, page.newer)


def person_view(person: Person) -> PersonView:
    """Return what a person's page says of them."""
    return PersonView(
        name=person.name,
        role=person.position,
        bio_html=trusted(expand_db_html(person.bio)),
        portrait=person_portrait(person),
        links=[link for link in person_links(person) if not link.url.startswith("mailto:")],
        contact_email=person.email,
    )


def series_listing(series: Series) -> Listing:
    """Return a series, first part first."""
    parts = PublishedArticle.objects.filter(series=series).order_by("published_at", "pk")
    cards = make_cards(parts.values_list("pk", flat=True)[:ENTRIES])
    return Listing(
        title=series.name,
        kind="series",
        kind_label=_("Series"),
        description_html=format_html("<p>{}</p>", series.description) if series.description else "",
        cards=cards,
        total=len(cards),
    )


def topics_index() -> Index:
    """Return every topic that has an article."""
    topics = Topic.objects.filter(article_count__gt=0).order_by("name")[:ENTRIES]
    entries = [
        Entry(topic.name, topic.get_absolute_url(), topic.article_count, topic.description)
        for topic in topics
    ]
    return Index(_("Topics"), entries)


def people_index() -> Index:
    """Return everybody who is named on an article."""
    people = (
        Person.objects.filter(article_count__gt=0)
        .select_related("portrait")
        .order_by("name")[:ENTRIES]
    )
    entries = [
        Entry(
            person.name,
            person.get_absolute_url(),
            person.article_count,
            role=person.position,
            portrait=person_portrait(person),
        )
        for person in people
    ]
    return Index(_("People"), entries)


def archive_view() -> ArchiveView:
    """Return every year and month that has an article."""
    years: dict[int, list[Period]] = {}
    for month in PublishedMonth.objects.filter(article_count__gt=0):
        years.setdefault(month.begins_on.year, []).append(
            _month(month.begins_on, month.article_count)
        )
    return ArchiveView(_("Archive"), years=[_year(year, months) for year, months in years.items()])


def period_archive(year: int, month: int | None) -> ArchiveView | None:
    """Return the months of a year, or None where the period has no article."""
    months = PublishedMonth.objects.filter(article_count__gt=0, begins_on__year=year).order_by(
        "begins_on"
    )
    periods = [
        _month(row.begins_on, row.article_count, is_current=row.begins_on.month == month)
        for row in months
    ]
    if not periods or (month and not any(period.is_current for period in periods)):
        return None
    return ArchiveView(_period_title(year, month), months=periods)


def period_listing(year: int, month: int | None, asked: Mapping[str, str]) -> Listing:
    """Return the articles of a year or a month, newest first."""
    begins, ends = _bounds(year, month)
    rows = PublishedArticle.objects.only("published_at").filter(
        published_at__gte=begins, published_at__lt=ends
    )
    page = slice_by_time(rows, field="published_at", size=PAGE_SIZE, asked=asked)
    address = (
        reverse("editorial:archive_month", args=[year, month])
        if month
        else reverse("editorial:archive_year", args=[year])
    )
    listing = Listing(
        title=_period_title(year, month),
        kind="archive",
        kind_label=_("Archive"),
        cards=make_cards(row.pk for row in page.rows),
    )
    return _turning(listing, address, page.older, page.newer)


def _turning(listing: Listing, address: str, older: str, newer: str) -> Listing:
    return replace(
        listing,
        older_url=f"{address}?{older}" if older else None,
        newer_url=f"{address}?{newer}" if newer else None,
        page_number=2 if newer else 1,
    )


def _feeds(name: str, slug: str, title: str) -> list[FeedLink]:
    return [
        FeedLink(
            f"{title} (Atom)",
            "application/atom+xml",
            reverse(f"editorial:{name}", args=[slug, "atom"]),
        ),
        FeedLink(
            f"{title} (RSS)",
            "application/rss+xml",
            reverse(f"editorial:{name}", args=[slug, "rss"]),
        ),
    ]


def _month(begins_on: date, count: int, *, is_current: bool = False) -> Period:
    url = reverse("editorial:archive_month", args=[begins_on.year, begins_on.month])
    return Period(date_format(begins_on, "F"), url, count, is_current)


def _year(year: int, months: list[Period]) -> Period:
    url = reverse("editorial:archive_year", args=[year])
    return Period(str(year), url, sum(month.count for month in months), months=months)


def _period_title(year: int, month: int | None) -> str:
    return date_format(date(year, month, 1), "YEAR_MONTH_FORMAT") if month else str(year)


def _bounds(year: int, month: int | None) -> tuple[datetime, datetime]:
    begins = date(year, month or 1, 1)
    ends = date(year + 1, 1, 1) if month is None or month == 12 else date(year, month + 1, 1)
    return _midnight(begins), _midnight(ends)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
