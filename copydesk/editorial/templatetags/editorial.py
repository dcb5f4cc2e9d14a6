"""Tags for the parts of a body, and for the small print of articles.

Those of the small print are written here rather than as templates, since a list shows each of them two dozen times.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import ngettext, pgettext

from copydesk.kit import html as kit_html

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.safestring import SafeString

    from copydesk.editorial.models import Picture
    from copydesk.editorial.queries.cards import BylineView

register = template.Library()

# How wide a picture is shown, by the place it stands in; the column of text is about 40rem.
SIZES = {
    "text": "(min-width: 44rem) 40rem, 92vw",
    "wide": "(min-width: 64rem) 60rem, 94vw",
    "full": "100vw",
}


@register.filter
def trusted(html: str) -> SafeString:
    """Show what the project itself rendered or sanitized."""
    return kit_html.trusted(html)


@register.simple_tag
def picture(
    image: Picture, *, alt: str = "", is_decorative: bool = False, width: str = "text"
) -> SafeString:
    """Show a picture of the body in three formats."""
    shown_alt = "" if is_decorative else alt or image.description
    return image.markup(alt=shown_alt, sizes=SIZES.get(width, SIZES["text"]))


@register.simple_tag
def poster_url(image: Picture) -> str:
    """Return the address of a picture as a video's poster."""
    return image.rendition_url(1200, "jpeg")


@register.simple_tag
def bylines(people: Iterable[BylineView], *, first_role_only: bool = False) -> SafeString:
    """Name people by what they did, such as "By Ada Lovelace and Ben Okri"; in lists the authors are enough."""
    roles = [
        format_html('<span class="byline">{} {}</span>', label, _names(list(named)))
        for label, named in groupby(people, key=lambda byline: byline.role_label)
    ]
    return _joined("", roles[:1] if first_role_only else roles)


def _names(people: list[BylineView]) -> SafeString:
    names = [_name(byline) for byline in people]
    comma = pgettext("between names", ",")
    listed = _joined(f"{comma} ", names[:-1])
    if not listed:
        return names[-1]
    return format_html("{} {} {}", listed, pgettext("between the last two names", "and"), names[-1])


def _joined(between: str, parts: Iterable[SafeString]) -> SafeString:
    return format_html_join(between, "{}", ((part,) for part in parts))


def _name(byline: BylineView) -> SafeString:
    if byline.url:
        return format_html('<a href="{}" rel="author">{}</a>', byline.url, byline.name)
    return format_html("<b>{}</b>", byline.name)


@register.simple_tag
def day(at: datetime) -> SafeString:
    """Show a moment as its date in the publication's time zone."""
    there = localtime(at)
    shown = date_format(there, "DATE_FORMAT")
    return format_html('<time datetime="{}">{}</time>', there.isoformat(), shown)


@register.simple_tag
def reading_time(minutes: int) -> SafeString:
    """Say how long an article takes to read, in as few words as a list has room for."""
    shown = ngettext("%(minutes)s min read", "%(minutes)s min read", minutes)
    return format_html("<span>{}</span>", shown % {"minutes": minutes})
