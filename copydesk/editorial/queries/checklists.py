"""What has to be looked at before an article is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copydesk.editorial.queries.quoted import cited_sources, quoted_blocks, texts_of
from copydesk.sources.queries.checklists import checklist_of

if TYPE_CHECKING:
    from copydesk.editorial.models import Article
    from copydesk.sources.logic.checklist import Checklist


def article_checklist(article: Article) -> Checklist:
    """Return the list for an article as it stands, draft or not: in seven queries at most, whatever its length."""
    return checklist_of(
        page_id=article.pk,
        quotations=quoted_blocks(article),
        citations=cited_sources(article),
        texts=texts_of(article),
    )
