"""The demo's notices of errors, as its articles' front matter has them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from copydesk.editorial.models import PublishedArticle
from copydesk.kit import clock
from copydesk.record.actions.noticing import Occasion, Wording, publish_notice
from copydesk.record.models import NoticeKind, Severity
from copydesk.record.queries.wording import house_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copydesk.editorial.models import Article
    from copydesk.members.models import Member


def add_notice(said: Mapping[str, Any], article: Article, *, by: Member) -> None:
    """Publish a notice of an article; the error was told so many hours before."""
    published, at = PublishedArticle.objects.get(pk=article.pk), clock.now()
    publish_notice(
        article=published,
        says=_wording(said, published),
        occasion=Occasion(learned_at=at - timedelta(hours=said["hours_before"])),
        by=by,
        at=at,
    )


def _wording(said: Mapping[str, Any], published: PublishedArticle) -> Wording:
    """Return what a notice says; its `blocks` are counted in the body from one."""
    body = list(published.article.body)
    kind, wrong, right = NoticeKind(said["kind"]), said.get("wrong", ""), said.get("right", "")
    text = said.get("text") or house_text(kind, wrong=wrong, right=right)
    return Wording(
        kind=kind,
        text=text,
        severity=Severity(said.get("severity", Severity.MINOR)),
        wrong=wrong,
        right=right,
        places=[str(body[number - 1].id) for number in said.get("blocks", ())],
    )
