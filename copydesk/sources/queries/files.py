"""Sources and quotations as other programs take them."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from copydesk.pagestore.logic.tags import depends_on, tag
from copydesk.sources.backends.archive import Damaged, Missing
from copydesk.sources.logic.annotations import CheckedQuotation, citation_ld, quotation_ld
from copydesk.sources.logic.exports import Reference
from copydesk.sources.logic.lines import one_line
from copydesk.sources.logic.slots import anchor_of
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.queries.addresses import full_url, path_of
from copydesk.sources.queries.relied import relied_on
from copydesk.sources.queries.texts import layers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copydesk.sources.logic.annotations import Node
    from copydesk.sources.models import Check, Quotation, Snapshot
    from copydesk.sources.queries.relied import Relied, SourceView


def reference_of(view: SourceView) -> Reference:
    """Return a source as bibliographies name it."""
    return Reference(
        id=f"source-{view.pk}",
        kind=view.kind,
        title=view.title,
        byline=view.byline,
        publisher=view.publisher,
        published_on=_whole_date(view.published_on),
        accessed_on=view.version_at.date() if view.version_at else None,
        url=view.url,
        archived_url=full_url(view.version_url) if view.version_url else "",
        doi=view.doi,
        isbn=view.isbn,
        language=view.language,
        locator=view.locator,
    )


def references_of(page_id: int) -> list[Reference]:
    """Return the sources of an article as bibliographies name them, in its order; one query."""
    depends_on(tag("article", page_id))
    return [reference_of(view) for view in relied_on(page_id, html="").sources]


def citation_nodes(relied: Relied) -> list[Node]:
    """Return the sources of an article as its structured data cites them."""
    return [
        citation_ld(reference_of(view), id_url=full_url(view.page_url)) for view in relied.sources
    ]


def quotation_nodes(relied: Relied, *, url: str) -> list[Node]:
    """Return the quotations that the page at `url` shows as parts of it."""
    return [
        quotation_ld(
            id_url=f"{url}#{quoted.anchor}",
            text=quoted.text,
            speaker=quoted.speaker,
            source_id=full_url(quoted.source.page_url),
        )
        for quoted in relied.quotations
    ]


def source_nodes(view: SourceView, *, url: str, uses: Sequence[tuple[str, str]]) -> list[Node]:
    """Return the public page of a source: what it is about, and which articles, by title and address, cite that."""
    cited: Node = {"@id": url}
    page: Node = {
        "@type": "WebPage",
        "@id": f"{url}#page",
        "url": url,
        "name": one_line(view.title),
    }
    articles: list[Node] = [
        {
            "@type": "Article",
            "@id": address,
            "url": address,
            "headline": one_line(title),
            "citation": cited,
        }
        for title, address in uses
    ]
    return [page | {"mainEntity": cited}, citation_ld(reference_of(view), id_url=url), *articles]


def checked_quotation(row: Quotation, check: Check, snapshot: Snapshot) -> CheckedQuotation:
    """Return a quotation with what comparing it with the copy it is pinned to found."""
    depends_on(tag("source", row.source_id), tag("article", row.page_id))
    selector = row.selector or {}
    page_url = full_url(path_of(row.page))
    text = _text_of(snapshot, check.layer)
    return CheckedQuotation(
        id_url=full_url(reverse("sources:annotation", args=[row.uuid])),
        body_url=f"{page_url}#{anchor_of(row.block_id)}",
        source_url=row.source.url or full_url(row.source.get_absolute_url()),
        vocabulary_url=full_url(reverse("sources:terms")) + "#",
        captured_at=snapshot.captured_at,
        cached_url=full_url(f"{row.source.get_absolute_url()}#snapshot-{snapshot.pk}"),
        exact=str(selector.get("exact") or row.text),
        prefix=str(selector.get("prefix", "")),
        suffix=str(selector.get("suffix", "")),
        start=_offset(selector.get("start")),
        end=_offset(selector.get("end")),
        verdict=check.verdict,
        checked_at=check.checked_at,
        layer=check.layer if text else "",
        text_sha256=hashlib.sha256(text.encode()).hexdigest() if text else snapshot.text_sha256,
    )


def _text_of(snapshot: Snapshot, layer: str) -> str:
    """Return the text that the offsets of a check count in; "" where it is lost, or where nothing was found."""
    try:
        return layers_of(snapshot).get(Layer(layer), "") if layer else ""
    except (Missing, Damaged, OSError):
        return ""


def _offset(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _whole_date(written: str) -> date | None:
    # A year alone is no date, and the first of January would be a lie.
    try:
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None
