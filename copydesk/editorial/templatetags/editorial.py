"""Tags for the parts of a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from copydesk.kit import html as kit_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from copydesk.editorial.models import Picture

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
