"""The public list of all notices, and what can be counted of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from copydesk.editorial.logic.feeds import FORMS
from copydesk.editorial.models import PublishedArticle
from copydesk.editorial.queries.notices import KINDS, NoticeView, notice_anchor, notice_view
from copydesk.editorial.queries.publication import FeedLink, Link
from copydesk.kit.pagination import slice_by_time
from copydesk.pagestore.logic.tags import depends_on, depends_on_each
from copydesk.record.models import Notice, NoticeKind
from copydesk.record.queries.notices import NOTICES, reasons_of
from copydesk.record.queries.requests import RequestCounts, request_counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

PAGE_SIZE = 25
# Nobody published anything here before, nor will for a while: years beyond are no filter.
YEARS = range(1990, 2200)


@dataclass(frozen=True)
class Listed:
    """A notice in the list, with the article it is about; `headline` is "" where that is published no more."""

    notice: NoticeView
    uuid: str
    headline: str
    url: str
    language: str
    is_minor: bool
    took: str
    corrects_at: datetime | None


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; "" and None for nothing."""

    kind: str = ""
    year: int | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Asked:
        """Return what a query string asks for; what is no kind and no year asks for nothing."""
        kind, year = asked.get("kind", ""), asked.get("year", "")
        is_year = year.isascii() and year.isdecimal() and len(year) == 4 and int(year) in YEARS
        return cls(kind if kind in KINDS else "", int(year) if is_year else None)

    @property
    def query(self) -> str:
        """The query string of this."""
        parts = [f"kind={self.kind}"] * bool(self.kind) + [f"year={self.year}"] * bool(self.year)
        return "&".join(parts)


@dataclass(frozen=True)
class YearCount:
    """What was published in a year: how many of each kind, how long it took; and what readers asked for."""

    year: int
    url: str
    counts: Sequence[tuple[str, int]]
    took: str
    requests: RequestCounts | None


@dataclass(frozen=True)
class Corrections:
    """A page of the list."""

    rows: Sequence[Listed]
    asked: Asked
    kinds: Sequence[Link]
    years: Sequence[Link]
    statistics: Sequence[YearCount]
    feeds: Sequence[FeedLink]
    newer_url: str
    older_url: str


def corrections_url(asked: Asked | None = None, position: str = "") -> str:
    """Return the path of the list, narrowed and from a position on."""
    query = "&".join(part for part in (asked.query if asked else "", position) if part)
    path = reverse("record:corrections")
    return f"{path}?{query}" if query else path


def corrections(asked: Mapping[str, str]) -> Corrections:
    """Return a page of the list, newest first, in five queries."""
    depends_on(NOTICES)
    wanted = Asked.read(asked)
    page = slice_by_time(_rows(wanted), field="published_at", size=PAGE_SIZE, asked=asked)
    counted = statistics()
    return Corrections(
        rows=listed(page.rows),
        asked=wanted,
        kinds=_kind_links(wanted, counted),
        years=_year_links(wanted, [year.year for year in counted]),
        statistics=counted,
        feeds=correction_feeds(),
        newer_url=corrections_url(wanted, page.newer) if page.newer else "",
        older_url=corrections_url(wanted, page.older) if page.older else "",
    )


def _rows(wanted: Asked) -> QuerySet[Notice]:
    rows = Notice.objects.select_related("corrects", "entry")
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.year:
        zone = ZoneInfo(settings.TIME_ZONE)
        start, end = (
            datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)
            for year in (wanted.year, wanted.year + 1)
        )
        rows = rows.filter(published_at__gte=start, published_at__lt=end)
    return rows


def newest_notices() -> list[Notice]:
    """Return the newest notices, for feeds; one query."""
    depends_on(NOTICES)
    return list(Notice.objects.select_related("corrects", "entry")[:PAGE_SIZE])


def listed(rows: Sequence[Notice]) -> list[Listed]:
    """Return notices with the articles they are about, in one query; one more where the text of any was taken away."""
    ids = {row.article_id for row in rows}
    depends_on_each("article", ids)
    articles = PublishedArticle.objects.filter(pk__in=ids).only("headline", "path", "language")
    by_id = {article.pk: article for article in articles}
    reasons = reasons_of(rows)
    return [_listed(row, by_id.get(row.article_id), reasons.get(row.pk, "")) for row in rows]


def _listed(row: Notice, article: PublishedArticle | None, redacted: str) -> Listed:
    return Listed(
        notice=notice_view(
            row.kind, row.text, at=row.published_at, uuid=str(row.uuid), redacted=redacted
        ),
        uuid=str(row.uuid),
        headline=article.headline if article else "",
        url=f"{article.path}#{notice_anchor(str(row.uuid))}" if article else "",
        language=article.language if article else "",
        is_minor=row.severity == "minor",
        took=spoken(row.published_at - row.learned_at) if row.learned_at else "",
        corrects_at=row.corrects.published_at if row.corrects else None,
    )


def _kind_links(wanted: Asked, counted: Sequence[YearCount]) -> list[Link]:
    """Return the kinds there are, and the one that is asked for."""
    found = {label for year in counted for label, _count in year.counts}
    everything = Link(_("All kinds"), corrections_url(Asked("", wanted.year)), not wanted.kind)
    return [
        everything,
        *(
            Link(str(label), corrections_url(Asked(kind, wanted.year)), kind == wanted.kind)
            for kind, (label, _mark) in KINDS.items()
            if str(label) in found or kind == wanted.kind
        ),
    ]


def _year_links(wanted: Asked, years: Sequence[int]) -> list[Link]:
    everything = Link(_("All years"), corrections_url(Asked(wanted.kind)), wanted.year is None)
    return [
        everything,
        *(
            Link(str(year), corrections_url(Asked(wanted.kind, year)), year == wanted.year)
            for year in years
        ),
    ]


def statistics() -> list[YearCount]:
    """Return what was published in each year, the newest first, in three queries that read no text."""
    year = ExtractYear("published_at", tzinfo=ZoneInfo(settings.TIME_ZONE))
    counts: dict[int, dict[str, int]] = {}
    rows = Notice.objects.order_by().annotate(year=year).values_list("year", "kind")
    for of_year, kind, count in rows.annotate(count=Count("pk")):
        counts.setdefault(of_year, {})[kind] = count
    took, requests = _times(year), request_counts()
    return [
        YearCount(
            year=number,
            url=corrections_url(Asked(year=number)),
            counts=[
                (str(NoticeKind(kind).label), counts[number][kind])
                for kind in KINDS
                if kind in counts.get(number, {})
            ],
            took=spoken(_median(took[number])) if number in took else "",
            requests=requests.get(number),
        )
        for number in sorted(counts.keys() | requests.keys(), reverse=True)
    ]


def _times(year: ExtractYear) -> dict[int, list[timedelta]]:
    times: dict[int, list[timedelta]] = {}
    rows = Notice.objects.order_by().filter(learned_at__isnull=False)
    taken = rows.annotate(year=year, took=F("published_at") - F("learned_at"))
    for number, took in taken.values_list("year", "took").iterator():
        times.setdefault(number, []).append(took)
    return times


def _median(times: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(time.total_seconds() for time in times))


def spoken(took: timedelta) -> str:
    """Return a length of time in the one unit that says it, such as "3 days"."""
    hours = max(took, timedelta()) // timedelta(hours=1)
    if hours < 1:
        return _("less than an hour")
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}


def correction_feeds() -> list[FeedLink]:
    """Return the feeds of the list."""
    return [
        FeedLink(
            f"{_('Corrections')} ({form.label})",
            form.type,
            reverse("record:corrections_feed", args=[form.name]),
        )
        for form in FORMS.values()
    ]
