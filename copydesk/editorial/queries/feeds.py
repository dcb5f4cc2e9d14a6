"""What feeds carry: which articles a page of a feed holds, and those articles as entries."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from selectolax.lexbor import LexborHTMLParser

from copydesk.editorial.logic import feeds as logic
from copydesk.editorial.logic.markup import portable_html
from copydesk.editorial.models import (
    BylineRole,
    Person,
    Publication,
    PublishedArticle,
    PublishedByline,
    PublishedTopic,
    Topic,
)
from copydesk.editorial.models.published import load_names
from copydesk.editorial.queries.addresses import full_url, icon_url
from copydesk.editorial.queries.notices import portable_notices
from copydesk.kit.pagination import Position, Slice, slice_by_time
from copydesk.pagestore.logic.tags import depends_on, depends_on_each, tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.utils.safestring import SafeString

    from copydesk.editorial.models import Picture

PAGE_SIZE = 25
# A release may change what is built from the same rows.
VERSION = version("copydesk")
PICTURE_WIDTH = 1200


@dataclass(frozen=True)
class Source:
    """What a feed is of: the whole publication, a topic or a person."""

    url_name: str
    arguments: tuple[str, ...]
    title: str
    description: str
    path: str
    load: Callable[
        [Mapping[str, str]],
        Slice[PublishedArticle] | Slice[PublishedTopic] | Slice[PublishedByline],
    ]


@dataclass(frozen=True)
class State:
    """Which versions a page of a feed holds, newest first; enough to tell whether anything changed."""

    ids: tuple[int, ...]
    updated_at: datetime | None
    fingerprint: str
    newer: str
    older: str


def load_publication() -> Publication:
    """Return the publication's settings, in one query that never writes."""
    return Publication.objects.first() or Publication()


def site_source(publication: Publication) -> Source:
    """Return the feed of everything."""
    depends_on("latest")
    rows = PublishedArticle.objects.only("published_at", "updated_at", "path")
    load = partial(slice_by_time, rows, field="published_at", size=PAGE_SIZE)
    description = publication.description or publication.tagline
    return Source("feed", (), publication.name, description, "/", lambda asked: load(asked=asked))


def topic_source(publication: Publication, topic: Topic) -> Source:
    """Return the feed of a topic."""
    depends_on(tag("topic", topic.pk), tag("list-topic", topic.pk))
    rows = PublishedTopic.objects.filter(topic=topic).select_related("published").only(*LINK_FIELDS)
    load = partial(slice_by_time, rows, field="published_at", key="published_id", size=PAGE_SIZE)
    title = f"{topic.name} · {publication.name}"
    return Source(
        "topic_feed",
        (topic.slug,),
        title,
        topic.description,
        topic.get_absolute_url(),
        lambda asked: load(asked=asked),
    )


def person_source(publication: Publication, person: Person) -> Source:
    """Return the feed of everything a person is named on."""
    depends_on(tag("person", person.pk), tag("list-person", person.pk))
    rows = (
        PublishedByline.objects.filter(person=person).select_related("published").only(*LINK_FIELDS)
    )
    load = partial(slice_by_time, rows, field="published_at", key="published_id", size=PAGE_SIZE)
    title = f"{person.name} · {publication.name}"
    return Source(
        "person_feed",
        (person.slug,),
        title,
        person.position,
        person.get_absolute_url(),
        lambda asked: load(asked=asked),
    )


LINK_FIELDS = ("published_at", "published__updated_at", "published__path")


def feed_state(source: Source, form: logic.Form, asked: Mapping[str, str]) -> State:
    """Return what a page of a feed holds, in one query by index; no text is read."""
    page = source.load(asked)
    rows = list(
        dict.fromkeys(_published(row) for row in page.rows)
    )  # A person may have two roles on one article.
    versions = [f"{row.pk} {row.path} {row.updated_at.timestamp()}" for row in rows]
    facts = [VERSION, settings.COPYDESK_BASE_URL, settings.LANGUAGE_CODE, form.name]
    facts += [source.title, source.description, source.path, page.newer, page.older, *versions]
    return State(
        ids=tuple(row.pk for row in rows),
        updated_at=max((row.updated_at for row in rows), default=None),
        fingerprint=hashlib.sha256("\0".join(facts).encode()).hexdigest()[:32],
        newer=page.newer,
        older=page.older,
    )


def _published(row: PublishedArticle | PublishedTopic | PublishedByline) -> PublishedArticle:
    return row if isinstance(row, PublishedArticle) else row.published


def feed_channel(
    source: Source, form: logic.Form, state: State, asked: Mapping[str, str], *, publisher: str
) -> logic.Channel:
    """Return a feed's head: its titles and the addresses of its pages."""
    first_url = full_url(
        reverse(f"editorial:{source.url_name}", args=[*source.arguments, form.name])
    )
    position = next(
        (
            f"{key}={asked[key]}"
            for key in ("after", "before")
            if Position.parse(asked.get(key, ""))
        ),
        "",
    )
    return logic.Channel(
        title=source.title,
        description=source.description,
        home_url=full_url(source.path),
        url=_page_url(first_url, position) or first_url,
        first_url=first_url,
        language=settings.LANGUAGE_CODE,
        publisher=publisher,
        publisher_url=full_url("/"),
        icon_url=icon_url("icon-512.png"),
        previous_url=_page_url(first_url, state.newer),
        next_url=_page_url(first_url, state.older),
    )


def _page_url(first_url: str, position: str) -> str:
    return f"{first_url}?{position}" if position else ""


def feed_entries(state: State, name: str) -> list[logic.Entry]:
    """Return the entries of a page of a feed, in three queries."""
    rows = PublishedArticle.objects.filter(pk__in=state.ids).select_related(
        "lead_picture", "article"
    )
    by_id = {row.pk: row for row in rows.only(*ENTRY_FIELDS)}
    load_names(by_id.values())
    return [feed_entry(by_id[pk], name) for pk in state.ids if pk in by_id]


ENTRY_FIELDS = (
    "path", "headline", "standfirst", "visibility", "language", "published_at", "updated_at", "body_html",
    "preview_html", "notices", "lead_alt", "lead_caption_html", "lead_credit", "lead_picture",
    "article__translation_key",
)  # fmt: skip


def feed_entry(published: PublishedArticle, name: str) -> logic.Entry:
    """Return an article as an entry: its whole text where everybody may read it, else the public part of it."""
    _say_what_it_shows(published)
    url = published.full_url
    body = (
        portable_notices(published)
        + _lead_figure(published)
        + published.public_html
        + (_gate(url, name) if published.is_gated else "")
    )
    html = portable_html(body, url=url)
    return logic.Entry(
        id=f"urn:uuid:{published.article.translation_key}",
        url=url,
        title=published.marked_headline,
        summary=published.standfirst,
        html=html,
        published_at=published.published_at,
        updated_at=max(published.updated_at, published.published_at),
        people=[_contributor(link) for link in published.bylines],
        categories=[
            logic.Category(topic.name, full_url(topic.get_absolute_url()))
            for topic in published.topics
        ],
        image=feed_image(published.lead_picture, published) if published.lead_picture else None,
        enclosures=_enclosures(html),
        language=published.language if published.language != settings.LANGUAGE_CODE else "",
    )


def _say_what_it_shows(published: PublishedArticle) -> None:
    depends_on(tag("article", published.pk))
    depends_on_each("topic", [topic.pk for topic in published.topics])
    people = [link.person for link in published.bylines]
    depends_on_each("person", [person.pk for person in people])
    pictures = {published.lead_picture_id, *(person.portrait_id for person in people)}
    depends_on_each("picture", pictures - {None})


def _gate(url: str, name: str) -> SafeString:
    return format_html(
        '<p><em>{}</em> <a href="{}">{}</a></p>',
        _("The rest of this article is for members."),
        url,
        _("Read it at %(publication)s") % {"publication": name},
    )


def _lead_figure(published: PublishedArticle) -> str:
    picture = published.lead_picture
    if picture is None:
        return ""
    image = feed_image(picture, published)
    shown = format_html(
        '<img src="{}" alt="{}" width="{}" height="{}">',
        image.url,
        image.alt,
        image.width,
        image.height,
    )
    caption = published.lead_caption_html or format_html("{}", picture.caption)
    credit = format_html("<small>{}</small>", image.credit) if image.credit else ""
    under = " ".join(part for part in (caption, credit) if part)
    return (
        f"<figure>{shown}<figcaption>{under}</figcaption></figure>"
        if under
        else f"<figure>{shown}</figure>"
    )


def feed_image(picture: Picture, published: PublishedArticle) -> logic.Image:
    """Return an article's lead picture, uncut."""
    width, height = picture.shown_size(PICTURE_WIDTH)
    return logic.Image(
        url=full_url(picture.rendition_url(PICTURE_WIDTH, "jpeg")),
        type="image/jpeg",
        width=width,
        height=height,
        alt=published.lead_alt or picture.description,
        credit=published.lead_credit or picture.credit,
    )


def _contributor(link: PublishedByline) -> logic.Contributor:
    person = link.person
    avatar = full_url(person.portrait.rendition_url(480, "jpeg")) if person.portrait else None
    role = None if link.role == BylineRole.AUTHOR else link.role
    return logic.Contributor(person.name, full_url(person.get_absolute_url()), avatar, role)


def _enclosures(html: str) -> list[logic.Enclosure]:
    """Return what is to be heard, watched or downloaded in a body, each once, in order."""
    if "<audio" not in html and "<video" not in html and "file__link" not in html:
        return []
    tree = LexborHTMLParser(html, is_fragment=True)
    found = (
        (node.attributes.get("src") or node.attributes.get("href") or "", node.text())
        for node in tree.css(HEARD)
    )
    return list({url: _enclosure(url, text) for url, text in found if url}.values())


HEARD = "audio[src], video[src], a.file__link[href]"


def _enclosure(url: str, text: str) -> logic.Enclosure:
    file_name = unquote(urlsplit(url).path.rpartition("/")[2])
    guessed = mimetypes.guess_type(file_name)[0] or "application/octet-stream"
    return logic.Enclosure(url, guessed, " ".join(text.split()) or file_name)
