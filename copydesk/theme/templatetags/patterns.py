"""Sample content for the page that shows every component."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

_SAMPLE_AT = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)


@register.simple_tag
def sample_card(*, image: bool = False, gated: bool = False, kind: str = "") -> SimpleNamespace:
    """Make a card that belongs to no article."""
    return SimpleNamespace(
        headline=_("The quay that nobody agreed to sell"),
        url="#cards",
        standfirst=_("Three signatures, two dates and a plot number that does not exist."),
        kicker=SimpleNamespace(name=_("Harbour"), url="#cards"),
        bylines=sample_bylines(),
        published_at=_SAMPLE_AT,
        updated_at=None,
        reading_minutes=7,
        image=sample_picture() if image else None,
        kind=kind,
        kind_label=kind,
        is_gated=gated,
        visibility="members" if gated else "public",
        language="",
        direction="",
    )


@register.simple_tag
def sample_bylines() -> list[SimpleNamespace]:
    """Two authors, one with a page of their own, and a photographer."""
    by, photographs = _("By"), _("Photographs by")
    return [
        SimpleNamespace(name="Maren Oduya", url="#bylines", role="author", role_label=by),
        SimpleNamespace(name="Tom Lisle", url=None, role="author", role_label=by),
        SimpleNamespace(name="Inés Carrión", url=None, role="photographer", role_label=photographs),
    ]


@register.simple_tag
def sample_authors() -> list[SimpleNamespace]:
    """One author card with everything an author card can hold."""
    bio = _("Maren Oduya writes about the harbour and what it costs.")
    return [
        SimpleNamespace(
            name="Maren Oduya",
            url="#authors",
            bio_html=format_html("<p>{}</p>", bio),
            portrait=sample_picture(),
            links=[SimpleNamespace(label="Mastodon", url="#authors")],
        ),
    ]


@register.simple_tag
def sample_links() -> list[SimpleNamespace]:
    """Three places a list could lead to."""
    return [
        SimpleNamespace(url="#lists", label=label, count=count)
        for label, count in [(_("Harbour"), 12), (_("Background"), 7), (_("Opinion"), 1)]
    ]


@register.simple_tag
def sample_snippet() -> SafeString:
    """Show a passage in which a search's word stands."""
    words = _("Three signatures, two dates and a plot number that does not exist.").split()
    return format_html("{} <mark>{}</mark> {}", words[0], words[1], " ".join(words[2:]))


@register.simple_tag
def sample_series() -> SimpleNamespace:
    """Name the parts before and after."""
    part = SimpleNamespace(url="#authors", label=_("The quay that nobody agreed to sell"))
    return SimpleNamespace(previous=part, next=part)


@register.simple_tag
def sample_gate() -> SimpleNamespace:
    """The gate of an article for members."""
    return SimpleNamespace(visibility="members", sign_in_url="#gate", join_url="#gate")


@register.simple_tag
def sample_picture() -> str:
    """Draw a picture that needs no upload."""
    return format_html(
        '<picture><img src="{}" alt="" width="900" height="600" loading="lazy"></picture>',
        static("theme/icons/sample.svg"),
    )


@register.simple_tag
def sample_film() -> SafeString:
    """Draw a player that has nothing to play, hence nothing to caption."""
    return format_html("<video {}></video>", "controls")


@register.simple_tag
def sample_quotations() -> list[SimpleNamespace]:
    """Name what can be said under a quotation: the words match, differ, or are checked no more."""
    said = {
        "same": _("Words match."),
        "different": _("Words differ from the source’s."),
        "changed": _("The source has changed since we quoted it."),
    }
    return [
        SimpleNamespace(
            source=_sample_source(),
            anchor=f"q-{icon}",
            line=SimpleNamespace(
                icon=icon,
                said=sentence,
                checked_at=_SAMPLE_AT,
                in_source_url="#sources",
                archived_url="#sources",
            ),
        )
        for icon, sentence in said.items()
    ]


@register.simple_tag
def sample_notices() -> list[SimpleNamespace]:
    """Give a correction of a passage, and a retraction."""
    text = _("Three signatures, two dates and a plot number that does not exist.")
    return [
        SimpleNamespace(
            anchor=f"notice-{kind}", kind=kind, label=label, text=text, published_at=_SAMPLE_AT, is_grave=is_grave,
            places=["passage"], place_anchor="at-passage", corrects=None, corrected_by=None,
        )
        for kind, label, is_grave in (
            ("correction", _("Correction"), False),
            ("retraction", _("Retraction"), True),
        )
    ]  # fmt: skip


@register.simple_tag
def sample_relied(quotations: list[SimpleNamespace]) -> SimpleNamespace:
    """Give what an article rests on."""
    return SimpleNamespace(
        sources=[_sample_source()],
        quotations_of=lambda _source: quotations,
        is_short=True,
        page_id=0,
    )


def _sample_source() -> SimpleNamespace:
    return SimpleNamespace(
        pk=0, title=_("The quay that nobody agreed to sell"), url="#sources", link="#sources", page_url="#sources",
        publisher=_("Harbour"), authors="", published_on="2025-03-04", date=_("4 March 2025"), language="",
        is_online=True, is_walled=False, standing_label=_("Corrected by its publisher"), relied_on=_("Quotes"),
        version_at=_SAMPLE_AT, version_url="#sources", version_full_url="#sources",
    )  # fmt: skip
