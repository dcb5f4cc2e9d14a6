"""What an article, live or a draft, quotes and cites: read from its fields, for publishing and for its checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from copydesk.kit.html import plain_text
from copydesk.sources.logic.citing import CitedSource, QuotedBlock, distinct_ids
from copydesk.sources.models import QuotationKind

if TYPE_CHECKING:
    from copydesk.editorial.models import Article, StaticPage

KINDS = set(QuotationKind.values)


def quoted_blocks(article: Article | StaticPage) -> list[QuotedBlock]:
    """Return the quotations of an article, or of a page, in the order of its body."""
    children = list(article.body)
    language = str(getattr(article, "language", "")) or settings.LANGUAGE_CODE
    ids = distinct_ids([child.id or "" for child in children])
    return [
        QuotedBlock(
            block_id=block_id,
            text=plain_text(child.value["text"].source) if child.value["text"] else "",
            source_id=child.value["source"],
            url=child.value["url"] or "",
            speaker=child.value["speaker"] or "",
            kind=child.value["kind"] if child.value["kind"] in KINDS else QuotationKind.DIRECT,
            language=language,
            override_reason=(child.value["override_reason"] or "").strip(),
        )
        for block_id, child in zip(ids, children, strict=True)
        if child.block_type == "quotation"
    ]


def cited_sources(article: Article) -> list[CitedSource]:
    """Return the sources an article cites without quoting them, in the editor's order."""
    return [
        CitedSource(source_id=row.source_id, relation=row.relation, claim=row.claim, note=row.note)
        for row in article.article_citations.all()
    ]


def texts_of(article: Article) -> list[tuple[str, str]]:
    """Return the paragraphs of an article's text blocks, each block by its id: where quotation marks may stand."""
    children = list(article.body)
    ids = distinct_ids([child.id or "" for child in children])
    return [
        (block_id, plain_text(child.value.source))
        for block_id, child in zip(ids, children, strict=True)
        if child.block_type == "text" and child.value
    ]
