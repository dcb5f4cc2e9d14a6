"""What the feed of all notices carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from copydesk.editorial.logic import feeds as logic
from copydesk.editorial.queries.addresses import full_url, icon_url
from copydesk.editorial.queries.feeds import load_publication
from copydesk.editorial.queries.notices import notice_text
from copydesk.record.queries.corrections import corrections_url, listed, newest_notices

if TYPE_CHECKING:
    from copydesk.record.queries.corrections import Listed


def correction_channel(form: logic.Form) -> logic.Channel:
    """Return the feed's head, in one query."""
    publication = load_publication()
    url = full_url(reverse("record:corrections_feed", args=[form.name]))
    return logic.Channel(
        title=f"{_('Corrections')} · {publication.name}",
        description=_("What we got wrong, what is right, and when we said so."),
        home_url=full_url(corrections_url()),
        url=url,
        first_url=url,
        language=settings.LANGUAGE_CODE,
        publisher=publication.name,
        publisher_url=full_url("/"),
        icon_url=icon_url("icon-512.png"),
    )


def correction_entries() -> list[logic.Entry]:
    """Return the newest notices as entries, in two queries."""
    return [_entry(row) for row in listed(newest_notices())]


def _entry(row: Listed) -> logic.Entry:
    notice = row.notice
    headline = row.headline or _("An article that is no longer published")
    url = full_url(row.url or f"{corrections_url()}#{notice.anchor}")
    text = notice_text(notice)
    return logic.Entry(
        id=f"urn:uuid:{row.uuid}",
        url=url,
        title=f"{notice.label}: {headline}",
        summary=text,
        html=format_html('<p>{}</p><p><a href="{}">{}</a></p>', text, url, headline),
        published_at=notice.published_at,
        updated_at=notice.published_at,
        language=row.language if row.language != settings.LANGUAGE_CODE else "",
    )
