"""The demo's notices of errors, as its articles' front matter has them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from copydesk.editorial.models import PublishedArticle
from copydesk.record.actions.noticing import Occasion, Wording, publish_notice
from copydesk.record.models import NoticeKind, Severity
from copydesk.record.queries.wording import house_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from copydesk.editorial.models import Article
    from copydesk.members.models import Member
    from copydesk.ops.demo.manuscript import Manuscript


def add_notices(
    manuscripts: Iterable[Manuscript],
    articles: Mapping[str, Article],
    *,
    by: Member,
    at: datetime,
) -> int:
    """Publish the notices of articles and return how many there are.

    They are dated now, whatever the age of their articles: the record knows no earlier day than that of the load.
    """
    count = 0
    for manuscript in manuscripts:
        for said in manuscript.front.get("notices", ()):
            published = PublishedArticle.objects.get(pk=articles[manuscript.slug].pk)
            publish_notice(
                article=published,
                says=_wording(said, published),
                occasion=Occasion(learned_at=at - timedelta(hours=said["hours_before"])),
                by=by,
                at=at,
            )
            count += 1
    return count


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
