"""Articles that rest on one another, and notices, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copydesk.editorial.actions.publishing import page_path
from copydesk.editorial.models import Article
from copydesk.kit import clock, events
from copydesk.record.actions.appending import Fact, append_entry
from copydesk.record.events import NoticePublished
from copydesk.record.models import EntryKind, Flag, Notice, NoticeKind, Position, Severity
from copydesk.record.tasks import reliance
from tests.factories.editorial import make_article, publish

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.members.models import Member


def make_resting(title: str, *on: Article | str, **fields: Any) -> Article:
    """Return a live article whose body links to these articles or addresses."""
    links = [each if isinstance(each, str) else path_of(each) for each in on]
    body = [f'<a href="{link}">see</a>' for link in links]
    article = make_article(title, body=["Words.", *body], **fields)
    publish(article)
    return article


def path_of(article: Article) -> str:
    """Return the path readers find an article at."""
    return page_path(article)


def publish_with(article: Article, html: str) -> None:
    """Publish an article anew with another body."""
    article = Article.objects.get(pk=article.pk)
    article.body = make_article(body=[html]).body
    article.save_revision()
    publish(article)


def make_notice(
    article: Article,
    *,
    kind: NoticeKind = NoticeKind.CORRECTION,
    severity: Severity = Severity.SUBSTANTIVE,
    at: datetime | None = None,
    by: Member | None = None,
) -> Notice:
    """Return a notice of an article, of which nobody has been told yet."""
    at = at or clock.now()
    fact = Fact(kind=EntryKind.NOTICE, payload={"text": "It was wrong."}, article_id=article.pk)
    return Notice.objects.create(
        article=article,
        kind=kind,
        severity=severity,
        position=Position.TOP,
        text="It was wrong.",
        published_at=at,
        by_id=by.pk if by else None,
        entry=append_entry(fact, at=at),
    )


def tell(notice: Notice, because_of: str = "") -> None:
    """Do what follows the publication of a notice."""
    event = NoticePublished(
        notice_id=notice.pk,
        article_id=notice.article_id,
        kind=notice.kind,
        severity=notice.severity,
        at=notice.published_at,
        by_id=notice.by_id,
        because_of=because_of,
    )
    events.publish(event)
    reliance.flag_notice.call(notice_id=notice.pk, at=notice.published_at.isoformat())


def flagged(**fields: Any) -> set[str]:
    """Return the titles of the articles that have such flags."""
    return set(Flag.objects.filter(**fields).values_list("article__title", flat=True))
