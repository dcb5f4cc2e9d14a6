"""An article as lists show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from copydesk.editorial.models import BylineRole, Kind, PublishedArticle
from copydesk.editorial.models.media import Crop

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString

    from copydesk.editorial.models import Picture, PublishedByline

CARD_CROP = Crop(3, 2)
CARD_SIZES = "(min-width: 64rem) 22rem, (min-width: 40rem) 46vw, 92vw"
# Kinds that say nothing a reader would miss.
PLAIN_KINDS = {Kind.NEWS, Kind.REPORT, Kind.BLOG}
# A change sooner than this is part of publishing.
SETTLED = timedelta(minutes=15)
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "ha-arab", "he", "ps", "sd", "ug", "ur", "yi"}

ROLE_PHRASES = {
    BylineRole.AUTHOR: _("By"),
    BylineRole.PHOTOGRAPHER: _("Photographs by"),
    BylineRole.ILLUSTRATOR: _("Illustrations by"),
    BylineRole.TRANSLATOR: _("Translated by"),
    BylineRole.EDITOR: _("Edited by"),
}


@dataclass(frozen=True)
class Named:
    """Something with a name and a page."""

    name: str
    url: str


@dataclass(frozen=True)
class BylineView:
    """A person named on an article."""

    name: str
    url: str | None
    role: str
    role_label: str


@dataclass(frozen=True)
class Card:
    """An article in a list."""

    headline: str
    url: str
    standfirst: str
    kicker: Named | None
    bylines: list[BylineView]
    published_at: datetime
    updated_at: datetime | None
    reading_minutes: int
    image: SafeString | None
    kind: str
    kind_label: str
    is_gated: bool
    visibility: str
    language: str
    direction: str


def make_card(published: PublishedArticle, *, is_first: bool = False) -> Card:
    """Return the card of an article loaded `for_cards`; the page's first picture is not lazy."""
    topics = published.topics
    picture = published.lead_picture
    return Card(
        headline=published.headline,
        url=published.path,
        standfirst=published.standfirst,
        kicker=Named(topics[0].name, topics[0].get_absolute_url()) if topics else None,
        bylines=byline_views(published.bylines),
        published_at=published.published_at,
        updated_at=shown_update(published),
        reading_minutes=published.reading_minutes,
        image=card_image(picture, is_first=is_first) if picture else None,
        kind=published.kind,
        kind_label=kind_label(published.kind),
        is_gated=published.is_gated,
        visibility=published.visibility,
        language=published.language,
        direction=direction_of(published.language),
    )


def make_cards(rows: Iterable[PublishedArticle], *, has_first: bool = False) -> list[Card]:
    """Return the cards of articles loaded `for_cards`."""
    return [make_card(row, is_first=has_first and place == 0) for place, row in enumerate(rows)]


def cards_by_id(ids: Sequence[int]) -> dict[int, Card]:
    """Return the cards of those articles that are still published."""
    if not ids:
        return {}
    return {
        row.pk: make_card(row) for row in PublishedArticle.objects.for_cards().filter(pk__in=ids)
    }


def card_image(picture: Picture, *, is_first: bool) -> SafeString:
    """Return a picture cut for a card. Its text is empty: the headline beside it is the link."""
    return picture.markup(alt="", sizes=CARD_SIZES, crop=CARD_CROP, is_first=is_first)


def byline_views(bylines: Iterable[PublishedByline]) -> list[BylineView]:
    """Return the people named, equal roles together, in the order of `BylineRole`."""
    order = list(BylineRole)
    ordered = sorted(bylines, key=lambda link: (order.index(BylineRole(link.role)), link.position))
    return [
        BylineView(
            link.person.name,
            link.person.get_absolute_url(),
            link.role,
            str(ROLE_PHRASES[BylineRole(link.role)]),
        )
        for link in ordered
    ]


def kind_label(kind: str) -> str:
    """Return what readers are told of the kind of work, "" where it goes without saying."""
    return "" if kind in PLAIN_KINDS else str(Kind(kind).label)


def shown_update(published: PublishedArticle) -> datetime | None:
    """Return when the article was changed after it had settled, or None."""
    is_settled = published.updated_at - published.first_published_at >= SETTLED
    return published.updated_at if is_settled else None


def direction_of(language: str) -> str:
    """Return "rtl" or "ltr" for a language code, "" for none."""
    if not language:
        return ""
    return (
        "rtl"
        if language.lower() in RIGHT_TO_LEFT or language.lower().partition("-")[0] in RIGHT_TO_LEFT
        else "ltr"
    )
