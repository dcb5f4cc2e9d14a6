"""A static page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copydesk.editorial.logic.places import without_markers
from copydesk.editorial.queries.checked import with_checks
from copydesk.editorial.queries.publication import Link
from copydesk.kit.html import trusted
from copydesk.pagestore.logic.tags import depends_on_each
from copydesk.sources.queries.relied import Relied, relied_on

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from copydesk.editorial.models import StaticPage


@dataclass(frozen=True)
class StaticPageView:
    """What a static page shows."""

    headline: str
    standfirst: str
    body_html: SafeString
    relied: Relied
    updated_at: datetime | None
    children: list[Link] = field(default_factory=list)


def static_page_view(page: StaticPage, *, body_html: str, is_draft: bool = False) -> StaticPageView:
    """Return the page with links to those below it and what it quotes, in two queries."""
    depends_on_each("page", {page.pk} - {None})
    rows = page.get_children().live().values_list("title", "url_path") if page.pk else []
    relied = Relied() if is_draft else relied_on(page.pk, html=body_html)
    return StaticPageView(
        headline=page.title,
        standfirst=page.standfirst,
        body_html=trusted(without_markers(with_checks(body_html, relied))),
        relied=relied,
        updated_at=page.last_published_at,
        children=[
            Link(title, "/" + url_path.strip("/").partition("/")[2] + "/")
            for title, url_path in rows
        ],
    )
