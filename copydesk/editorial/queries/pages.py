"""A static page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copydesk.editorial.queries.publication import Link
from copydesk.kit.html import trusted
from copydesk.pagestore.logic.tags import depends_on_each
from copydesk.sources.logic.slots import without_slots

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
    updated_at: datetime | None
    children: list[Link] = field(default_factory=list)


def static_page_view(page: StaticPage, *, body_html: str) -> StaticPageView:
    """Return the page with links to those below it, in one query."""
    depends_on_each("page", {page.pk} - {None})
    rows = page.get_children().live().values_list("title", "url_path") if page.pk else []
    return StaticPageView(
        headline=page.title,
        standfirst=page.standfirst,
        body_html=trusted(without_slots(body_html)),
        updated_at=page.last_published_at,
        children=[
            Link(title, "/" + url_path.strip("/").partition("/")[2] + "/")
            for title, url_path in rows
        ],
    )
