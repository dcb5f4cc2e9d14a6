"""What an article quotes and cites is kept with the sources when it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copydesk.editorial.models import Article
from copydesk.editorial.queries.quoted import cited_sources, quoted_blocks
from copydesk.sources.actions.adding import look_again
from copydesk.sources.actions.syncing import sync_quotations, with_sources

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.editorial.models import StaticPage
    from copydesk.members.models import Member
    from copydesk.sources.logic.citing import SyncReport


def sync_sources(
    *, article: Article | StaticPage, adds_sources: bool, by: Member | None, at: datetime
) -> SyncReport:
    """Keep what `article`, or a static page, quotes and cites; call it in the transaction that publishes it.

    With `adds_sources`, its sources are looked at again soon, too: what changed meanwhile is then known at once.
    """
    quotations = with_sources(quoted_blocks(article), adds_sources=adds_sources, by=by, at=at)
    citations = cited_sources(article) if isinstance(article, Article) else []
    report = sync_quotations(
        page_id=article.pk,
        quotations=quotations,
        citations=citations,
        by=by,
        at=at,
    )
    if adds_sources and (quotations or citations):
        look_again(page_id=article.pk, at=at)
    return report
