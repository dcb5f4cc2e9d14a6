"""Small pieces of mark-up that every template needs."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def icon(name: str) -> str:
    """Draw an icon of the sprite; decoration only, the text beside it says what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("theme/icons/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def same_on_every_page(context: template.RequestContext, name: str) -> str:
    """Show a part of the layout that depends on the publication and the language alone.

    It is rendered once for each object the publication is given as: that object is made anew when either changes.
    """
    publication = context["publication"]
    if not hasattr(publication, "rendered"):
        return _layout_part(name, publication)
    rendered: dict[str, str] = publication.rendered
    if name not in rendered:
        rendered[name] = _layout_part(name, publication)
    return rendered[name]


def _layout_part(name: str, publication: object) -> str:
    return render_to_string(name, {"publication": publication})
