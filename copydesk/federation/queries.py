"""What other sites told us, and the page by which we tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from copydesk.editorial.queries.addresses import full_url
from copydesk.editorial.queries.notices import notice_text
from copydesk.federation.models import Mention, ReceivedMention
from copydesk.kit.html import json_ld
from copydesk.record.models import NoticeKind
from copydesk.record.queries.corrections import listed
from copydesk.sources.logic.addresses import domain_of
from copydesk.sources.queries.pages import Head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.paginator import Page as PageOfRows

    from copydesk.editorial.models import PublishedArticle
    from copydesk.record.models import Notice
    from copydesk.record.queries.corrections import Listed

PER_PAGE = 25


@dataclass(frozen=True)
class Received:
    """A Webmention that came in, as the desk sees it."""

    mention: ReceivedMention
    host: str


@dataclass(frozen=True)
class NoticePage:
    """A notice with the pages elsewhere that cite the article and are told of it."""

    row: Listed
    citing: Sequence[str]
    meta: Head


def received_mentions(*, number: str) -> tuple[PageOfRows[ReceivedMention], list[Received]]:
    """Return a page of what came in, the newest first; two queries, however many there are."""
    rows = ReceivedMention.objects.select_related("page").order_by("-received_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(number)
    return page, [Received(row, domain_of(row.source)) for row in page.object_list]


def notice_page(notice: Notice, published: PublishedArticle) -> NoticePage:
    """Return what the page of a notice shows; up to three queries."""
    [row] = listed([notice])
    told = Mention.objects.filter(notice=notice, is_citing=True).order_by("pk")
    title = f"{row.notice.label}: {published.headline}"
    url = full_url(reverse("federation:notice", args=[notice.pk]))
    head = Head(
        title=title,
        description=_("What we tell pages elsewhere that cite this article."),
        canonical_url=url,
        robots="noindex, nofollow",
        json_ld=json_ld([_work(row, notice, published)]),
    )
    return NoticePage(row, list(told.values_list("target", flat=True)), head)


def _work(row: Listed, notice: Notice, published: PublishedArticle) -> dict[str, object]:
    """Return the article as one that has this notice; its own page has all it says of itself."""
    comment = {
        "@type": "CorrectionComment",
        "url": full_url(row.url),
        "name": row.notice.label,
        "text": notice_text(row.notice),
        "datePublished": notice.published_at.isoformat(timespec="seconds"),
    }
    status = {"creativeWorkStatus": "Retracted"} if notice.kind == NoticeKind.RETRACTION else {}
    return {
        "@type": "NewsArticle",
        "url": published.full_url,
        "headline": published.headline,
        "correction": [comment],
        **status,
    }
