"""Notices of errors, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copydesk.kit import clock
from copydesk.record.actions.noticing import Occasion, Wording, publish_notice
from copydesk.record.models import NoticeKind

if TYPE_CHECKING:
    from datetime import datetime

    from selectolax.lexbor import LexborHTMLParser

    from copydesk.editorial.models import PublishedArticle
    from copydesk.members.models import Member
    from copydesk.record.models import Notice

WRONG_YEAR = "An earlier version of this article misstated the year of the fire. It was 1987."


def notify(
    article: PublishedArticle,
    text: str = WRONG_YEAR,
    *,
    kind: NoticeKind = NoticeKind.CORRECTION,
    occasion: Occasion | None = None,
    by: Member | None = None,
    at: datetime | None = None,
    **says: Any,
) -> Notice:
    """Publish a notice of an article."""
    return publish_notice(
        article=article,
        says=Wording(kind=kind, text=text, **says),
        occasion=occasion,
        by=by,
        at=at or clock.now(),
    )


def one(page: LexborHTMLParser, selector: str) -> Any:
    """Return the only element of a page that a selector finds."""
    found = page.css(selector)
    assert len(found) == 1, f"{len(found)} of {selector}"
    return found[0]
