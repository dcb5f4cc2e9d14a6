"""An article's own page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from copydesk.editorial.models import PublishedArticle
from copydesk.editorial.models.media import Crop
from copydesk.editorial.queries.cards import (
    BylineView,
    Card,
    Named,
    by_role,
    byline_view,
    cards_by_id,
    direction_of,
    kind_label,
    shown_update,
)
from copydesk.editorial.queries.checked import with_checks
from copydesk.editorial.queries.neighbors import neighbor_ids
from copydesk.editorial.queries.notices import Notices, notices_of, with_notices
from copydesk.editorial.queries.publication import Link
from copydesk.kit.html import trusted
from copydesk.pagestore.logic.tags import depends_on, depends_on_each, tag
from copydesk.sources.queries.relied import Relied, relied_on

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from copydesk.editorial.models import Person, Picture

LEAD_SIZES = "(min-width: 64rem) 60rem, 96vw"
PORTRAIT_CROP = Crop(1, 1)
RELATED = 3
# A lead picture this much wider than high is shown wider than the text.
WIDE = 1.2


@dataclass(frozen=True)
class LeadImage:
    """The picture under the headline."""

    html: SafeString
    caption_html: SafeString | str
    credit: str
    is_wide: bool


@dataclass(frozen=True)
class Gate:
    """What stands where the rest of the text is for some only."""

    visibility: str
    sign_in_url: str
    join_url: str | None


@dataclass(frozen=True)
class SeriesPlace:
    """Where in its series an article stands."""

    name: str
    url: str
    part: int
    total: int
    previous: Link | None
    next: Link | None


@dataclass(frozen=True)
class AuthorCard:
    """Who wrote it."""

    name: str
    url: str | None
    position: str
    bio_html: SafeString | str
    portrait: SafeString | None
    links: list[Link]


@dataclass(frozen=True)
class ArticleView:
    """Everything an article's page shows."""

    number: int
    headline: str
    standfirst: str
    kind_label: str
    kicker: list[Named]
    bylines: list[BylineView]
    published_at: datetime
    updated_at: datetime | None
    is_updated: bool
    is_retracted: bool
    notices: Notices
    # The page of its versions; "" where there is only one.
    history_url: str
    reading_minutes: int
    is_draft: bool
    language: str
    direction: str
    lead_image: LeadImage | None
    body_html: SafeString
    relied: Relied
    gate: Gate | None
    series: SeriesPlace | None
    authors: list[AuthorCard]
    related: list[Card]
    previous: Card | None
    next: Card | None


def article_view(
    published: PublishedArticle, *, is_whole: bool, is_draft: bool = False
) -> ArticleView:
    """Return the page of an article, its body whole or the public part of it, in at most seven queries."""
    _say_what_it_shows(published)
    html = published.body_html if is_whole else published.preview_html
    relied = Relied() if is_draft else relied_on(published.pk, html=html)
    neighbors = Neighbors() if is_draft else _neighbors(published)
    notices = notices_of(published, html=html)
    updated_at = shown_update(published.first_published_at, published.updated_at)
    return ArticleView(
        number=published.pk,
        headline=published.headline,
        standfirst=published.standfirst,
        kind_label=kind_label(published.kind),
        kicker=[Named(topic.name, topic.get_absolute_url()) for topic in published.topics],
        bylines=by_role(
            byline_view(link.role, link.person.name, link.person.slug) for link in published.bylines
        ),
        published_at=published.published_at,
        updated_at=updated_at,
        is_updated=updated_at is not None and not notices.tells_of_update(updated_at),
        is_retracted=published.is_retracted,
        notices=notices,
        history_url=published.history_path if published.version_count > 1 else "",
        reading_minutes=published.reading_minutes,
        is_draft=is_draft,
        language=published.language,
        direction=direction_of(published.language),
        lead_image=_lead_image(published),
        body_html=trusted(with_notices(with_checks(html, relied), notices)),
        relied=relied,
        gate=None if is_whole else _gate(published),
        series=_series_place(published),
        authors=[_author_card(person) for person in published.authors],
        related=neighbors.related,
        previous=neighbors.previous,
        next=neighbors.next,
    )


def _say_what_it_shows(published: PublishedArticle) -> None:
    depends_on(tag("article", published.pk))
    depends_on_each("topic", [topic.pk for topic in published.topics])
    depends_on_each("person", [link.person_id for link in published.bylines])
    pictures = {published.lead_picture_id, published.share_picture_id}
    pictures |= {person.portrait_id for person in published.authors}
    depends_on_each("picture", pictures - {None})
    if published.series_id:
        depends_on(tag("series", published.series_id), tag("list-series", published.series_id))


@dataclass(frozen=True)
class Neighbors:
    """Where to go on reading."""

    related: list[Card] = field(default_factory=list)
    previous: Card | None = None
    next: Card | None = None


def _neighbors(published: PublishedArticle) -> Neighbors:
    """Return the articles before and after by date, and the newest others of its first topic."""
    topics = published.topics
    found = neighbor_ids(published, topic_id=topics[0].pk if topics else 0, related=RELATED)
    depends_on_each("list-topic", [topic.pk for topic in topics[:1]])
    cards = cards_by_id([*found.related, *found.adjacent])
    previous, following = (
        next((cards.get(pk) for pk in ids), None) for ids in (found.previous, found.next)
    )
    related = [cards[pk] for pk in found.related if pk in cards]
    return Neighbors(related, previous, following)


def _series_place(published: PublishedArticle) -> SeriesPlace | None:
    if published.series_id is None:
        return None
    parts = list(
        PublishedArticle.objects.filter(series_id=published.series_id)
        .select_related("series")
        .only("headline", "path", "published_at", "series__name", "series__slug")
        .order_by("published_at", "pk")
    )
    place = next((number for number, part in enumerate(parts) if part.pk == published.pk), None)
    if place is None:
        return None
    published.series = series = parts[place].series
    assert series is not None
    before, after = parts[place - 1 : place] if place else [], parts[place + 1 : place + 2]
    return SeriesPlace(
        name=series.name,
        url=series.get_absolute_url(),
        part=place + 1,
        total=len(parts),
        previous=Link(before[0].headline, before[0].path) if before else None,
        next=Link(after[0].headline, after[0].path) if after else None,
    )


def _lead_image(published: PublishedArticle) -> LeadImage | None:
    picture: Picture | None = published.lead_picture
    if picture is None:
        return None
    alt = published.lead_alt or picture.description
    return LeadImage(
        html=picture.markup(alt=alt, sizes=LEAD_SIZES, is_first=True),
        caption_html=trusted(published.lead_caption_html) or picture.caption,
        credit=published.lead_credit or picture.credit,
        is_wide=picture.width > picture.height * WIDE,
    )


def _gate(published: PublishedArticle) -> Gate:
    back = f"?next={published.path}"
    return Gate(
        published.visibility, reverse("account_login") + back, reverse("account_signup") + back
    )


def _author_card(person: Person) -> AuthorCard:
    return AuthorCard(
        name=person.name,
        url=person.get_absolute_url(),
        position=person.position,
        bio_html=trusted(expand_db_html(person.bio)),
        portrait=person_portrait(person),
        links=person_links(person),
    )


def person_portrait(person: Person) -> SafeString | None:
    """Return a person's portrait, cut square; its text is empty, since the name stands beside it."""
    if person.portrait is None:
        return None
    return person.portrait.markup(alt="", sizes="8rem", crop=PORTRAIT_CROP)


def person_links(person: Person) -> list[Link]:
    """Return a person's profiles elsewhere and public address."""
    links = [Link(child.value["label"], child.value["url"]) for child in person.links]
    return [*links, Link(_("E-mail"), f"mailto:{person.email}")] if person.email else links
