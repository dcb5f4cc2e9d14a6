"""An article as lists show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from copydesk.editorial.models import (
    BylineRole,
    Kind,
    PublishedArticle,
    Visibility,
)
from copydesk.editorial.models.media import Crop, Shape, picture_markup
from copydesk.editorial.models.people import person_path
from copydesk.editorial.models.topics import topic_path
from copydesk.pagestore.logic.tags import depends_on, depends_on_each, tag

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from django.utils.safestring import SafeString

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
ROLE_ORDER = {str(role): place for place, role in enumerate(BylineRole)}


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


# What a card shows of its article's own row and of its picture. By hand, as NAMES below.
ROWS = """
SELECT article.article_id, article.headline, article.path, article.standfirst, article.kind, article.visibility,
    article.language, article.published_at, article.first_published_at, article.updated_at, article.reading_minutes,
    article.notices, article.lead_picture_id, picture.width AS picture_width, picture.height AS picture_height,
    picture.file_hash AS picture_hash
FROM editorial_publishedarticle article LEFT JOIN editorial_picture picture ON picture.id = article.lead_picture_id
WHERE article.article_id IN ({ids})
"""


def make_cards(ids: Iterable[int], *, has_first: bool = False) -> list[Card]:
    """Return the cards of those articles that are still published, in the order of `ids`.

    Where it `has_first`, the first card's picture is not lazy.
    """
    ids = list(ids)
    cards = cards_by_id(ids, first=ids[0] if has_first and ids else None)
    return [cards[pk] for pk in ids if pk in cards]


def cards_by_id(ids: Collection[int], *, first: int | None = None) -> dict[int, Card]:
    """Return the cards of those articles that are still published, in two queries.

    Plain values, not rows with their relations: a list asks for two dozen cards, and making objects of all that
    hangs on them takes most of the time that a page takes. The picture of the article `first` is not lazy.
    """
    depends_on_each("article", ids)
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    rows = PublishedArticle.objects.raw(ROWS.format(ids=marks), list(ids))
    kickers, bylines = _names(ids)
    return {
        row.pk: Card(
            headline=row.headline,
            url=row.path,
            standfirst=row.standfirst,
            kicker=kickers.get(row.pk),
            bylines=bylines.get(row.pk, []),
            published_at=row.published_at,
            updated_at=shown_update(row.first_published_at, row.updated_at),
            reading_minutes=row.reading_minutes,
            image=_image(row, is_first=row.pk == first),
            kind=row.kind,
            kind_label=str(_("Retracted")) if row.is_retracted else kind_label(row.kind),
            is_gated=row.visibility != Visibility.PUBLIC,
            visibility=row.visibility,
            language=row.language,
            direction=direction_of(row.language),
        )
        for row in rows
    }


# Topics (with no role) and people in one statement, written by hand: the ORM would need two, and spend most of
# the time of both composing them.
NAMES = """
SELECT link.published_id, '' AS role, topic.id, topic.name, topic.slug, link.position
FROM editorial_publishedtopic link JOIN editorial_topic topic ON topic.id = link.topic_id
WHERE link.published_id IN ({ids})
UNION ALL
SELECT link.published_id, link.role, person.id, person.name, person.slug, link.position
FROM editorial_publishedbyline link JOIN editorial_person person ON person.id = link.person_id
WHERE link.published_id IN ({ids})
ORDER BY position
"""


def _names(ids: Collection[int]) -> tuple[dict[int, Named], dict[int, list[BylineView]]]:
    """Return the first topic of each article, and the people named on it."""
    kickers: dict[int, Named] = {}
    bylines: dict[int, list[BylineView]] = {}
    with connection.cursor() as cursor:
        cursor.execute(NAMES.format(ids=", ".join(["%s"] * len(ids))), [*ids, *ids])
        for pk, role, named_pk, name, slug, _position in cursor.fetchall():
            if role:
                depends_on(tag("person", named_pk))
                bylines.setdefault(pk, []).append(byline_view(role, name, slug))
            elif pk not in kickers:
                depends_on(tag("topic", named_pk))
                kickers[pk] = Named(name, topic_path(slug))
    return kickers, {pk: by_role(named) for pk, named in bylines.items()}


def _image(row: Any, *, is_first: bool) -> SafeString | None:
    """Return the picture cut for a card. Its text is empty: the headline beside it is the link."""
    if row.lead_picture_id is None:
        return None
    depends_on(tag("picture", row.lead_picture_id))
    shape = Shape(row.lead_picture_id, row.picture_hash, row.picture_width, row.picture_height)
    return picture_markup(shape, alt="", sizes=CARD_SIZES, crop=CARD_CROP, is_first=is_first)


def byline_view(role: str, name: str, slug: str) -> BylineView:
    """Return a person as an article names them."""
    return BylineView(name, person_path(slug), role, str(ROLE_PHRASES[BylineRole(role)]))


def by_role(bylines: Iterable[BylineView]) -> list[BylineView]:
    """Return people in the editor's order with equal roles together, in the order of `BylineRole`."""
    return sorted(bylines, key=lambda byline: ROLE_ORDER[byline.role])


def kind_label(kind: str) -> str:
    """Return what readers are told of the kind of work, "" where it goes without saying."""
    return "" if kind in PLAIN_KINDS else str(Kind(kind).label)


def shown_update(first_published_at: datetime, updated_at: datetime) -> datetime | None:
    """Return when an article was changed after it had settled, or None."""
    return updated_at if updated_at - first_published_at >= SETTLED else None


def direction_of(language: str) -> str:
    """Return "rtl" or "ltr" for a language code, "" for none."""
    if not language:
        return ""
    return (
        "rtl"
        if language.lower() in RIGHT_TO_LEFT or language.lower().partition("-")[0] in RIGHT_TO_LEFT
        else "ltr"
    )
