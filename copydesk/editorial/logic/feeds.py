"""The three feed formats, from values alone: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from lxml import etree

from copydesk.editorial.logic.markup import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.etree import _Element as Element

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
JSON_FEED = "https://jsonfeed.org/version/1.1"
GENERATOR = "Copydesk"
# Atom asks for a date even where nothing has been published.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Contributor:
    """Somebody named on an entry. `role` is None for authors."""

    name: str
    url: str
    avatar_url: str | None = None
    role: str | None = None


@dataclass(frozen=True)
class Category:
    """A topic of an entry."""

    name: str
    url: str


@dataclass(frozen=True)
class Image:
    """A picture in one size; sizes are in pixels."""

    url: str
    type: str
    width: int
    height: int
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True)
class Enclosure:
    """A sound, a film or a file that belongs to an entry."""

    url: str
    type: str
    title: str = ""


@dataclass(frozen=True)
class Entry:
    """An article as feeds carry it. `html` is only what everybody may read, with whole addresses."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    published_at: datetime
    updated_at: datetime
    people: Sequence[Contributor] = ()
    categories: Sequence[Category] = ()
    image: Image | None = None
    enclosures: Sequence[Enclosure] = ()
    # "" where it is the channel's.
    language: str = ""

    @property
    def authors(self) -> list[Contributor]:
        """Who wrote it."""
        return [person for person in self.people if person.role is None]


@dataclass(frozen=True)
class Channel:
    """A feed without its entries. `url` is the page's own address, `first_url` that of the newest page."""

    title: str
    description: str
    home_url: str
    url: str
    first_url: str
    language: str
    publisher: str
    publisher_url: str
    icon_url: str
    previous_url: str = ""
    next_url: str = ""

    @property
    def links(self) -> list[tuple[str, str]]:
        """The relations of RFC 5005 to the other pages of the feed."""
        others = [
            ("first", self.first_url),
            ("previous", self.previous_url),
            ("next", self.next_url),
        ]
        return [(relation, url) for relation, url in others if url and url != self.url]


@dataclass(frozen=True)
class Form:
    """A feed format: how it is named, sent and built."""

    name: str
    file_name: str
    label: str
    type: str
    build: Callable[[Channel, Sequence[Entry]], bytes]


def build_rss(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Return an RSS 2.0 document with full text, all authors and media."""
    rss = etree.Element(
        "rss",
        version="2.0",
        nsmap={"atom": ATOM, "content": CONTENT, "dc": DUBLIN_CORE, "media": MEDIA},
    )
    root = etree.SubElement(rss, "channel")
    _add(root, "title", one_line(channel.title))
    _add(root, "link", channel.home_url)
    _add(root, "description", escape(one_line(channel.description or channel.title), quote=False))
    _add(root, "language", channel.language)
    _add(root, "lastBuildDate", _rfc822(_newest(entries)))
    _add(root, "generator", GENERATOR)
    _add(root, f"{{{ATOM}}}link", rel="self", type=RSS.type, href=channel.url)
    for relation, url in channel.links:
        _add(root, f"{{{ATOM}}}link", rel=relation, type=RSS.type, href=url)
    for entry in entries:
        _add_item(root, entry)
    return _serialized(rss)


def _add_item(root: Element, entry: Entry) -> None:
    item = etree.SubElement(root, "item")
    _add(item, "title", one_line(entry.title))
    _add(item, "link", entry.url)
    _add(item, "guid", entry.id, isPermaLink="false")
    _add(item, "pubDate", _rfc822(entry.published_at))
    for author in entry.authors:
        _add(item, f"{{{DUBLIN_CORE}}}creator", one_line(author.name))
    for person in entry.people:
        if person.role:
            _add(item, f"{{{DUBLIN_CORE}}}contributor", one_line(person.name))
    if entry.language:
        _add(item, f"{{{DUBLIN_CORE}}}language", entry.language)
    for category in entry.categories:
        _add(item, "category", one_line(category.name))
    if entry.summary:
        # Readers take a description for HTML, so text is escaped once more than XML asks for.
        _add(item, "description", escape(printable(entry.summary), quote=False))
    _add(item, f"{{{CONTENT}}}encoded", printable(entry.html))
    for enclosure in entry.enclosures[:1]:
        # Zero says that the size is not known; the attribute must be there, and only one element may be.
        _add(item, "enclosure", url=enclosure.url, type=enclosure.type, length="0")
    _add_media(item, entry.image)


def _add_media(parent: Element, image: Image | None) -> None:
    if image is None:
        return
    media = _add(
        parent,
        f"{{{MEDIA}}}content",
        url=image.url,
        type=image.type,
        medium="image",
        width=str(image.width),
        height=str(image.height),
    )
    if image.alt:
        _add(media, f"{{{MEDIA}}}description", one_line(image.alt), type="plain")
    if image.credit:
        _add(media, f"{{{MEDIA}}}credit", one_line(image.credit))


def build_atom(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Return an Atom document with full text, all authors and media."""
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "media": MEDIA})
    feed.set(XML_LANG, channel.language)
    _atom(feed, "id", channel.first_url)
    _atom(feed, "title", one_line(channel.title))
    if channel.description:
        _atom(feed, "subtitle", one_line(channel.description))
    _atom(feed, "updated", _rfc3339(_newest(entries)))
    _atom(feed, "link", rel="alternate", type="text/html", href=channel.home_url)
    _atom(feed, "link", rel="self", type=ATOM_FORM.type, href=channel.url)
    for relation, url in channel.links:
        _atom(feed, "link", rel=relation, type=ATOM_FORM.type, href=url)
    _atom(feed, "generator", GENERATOR)
    _atom(feed, "icon", channel.icon_url)
    _add_person(feed, "author", Contributor(channel.publisher, channel.publisher_url))
    for entry in entries:
        _add_entry(feed, entry)
    return _serialized(feed)


def _add_entry(feed: Element, entry: Entry) -> None:
    element = _atom(feed, "entry")
    if entry.language:
        element.set(XML_LANG, entry.language)
    _atom(element, "id", entry.id)
    _atom(element, "title", one_line(entry.title))
    _atom(element, "link", rel="alternate", type="text/html", href=entry.url)
    _atom(element, "published", _rfc3339(entry.published_at))
    _atom(element, "updated", _rfc3339(entry.updated_at))
    for person in entry.people:
        _add_person(element, "contributor" if person.role else "author", person)
    for category in entry.categories:
        _atom(element, "category", term=one_line(category.name), scheme=category.url)
    if entry.summary:
        _atom(element, "summary", printable(entry.summary))
    _atom(element, "content", printable(entry.html), type="html")
    for enclosure in entry.enclosures:
        _atom(element, "link", rel="enclosure", type=enclosure.type, href=enclosure.url)
    _add_media(element, entry.image)


def _add_person(parent: Element, tag: str, person: Contributor) -> None:
    element = _atom(parent, tag)
    _atom(element, "name", one_line(person.name))
    _atom(element, "uri", person.url)


def build_json(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Return a JSON Feed 1.1 document with full text, all authors and attachments."""
    feed = {
        "version": JSON_FEED,
        "title": one_line(channel.title),
        "home_page_url": channel.home_url,
        "feed_url": channel.url,
        "description": one_line(channel.description),
        "next_url": channel.next_url,
        "icon": channel.icon_url,
        "authors": [{"name": one_line(channel.publisher), "url": channel.publisher_url}],
        "language": channel.language,
        "items": [_json_item(entry) for entry in entries],
    }
    kept = {name: value for name, value in feed.items() if value or name == "items"}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _json_item(entry: Entry) -> dict[str, object]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": one_line(entry.title),
        "content_html": printable(entry.html),
        "summary": printable(entry.summary),
        "image": entry.image.url if entry.image else "",
        "date_published": _rfc3339(entry.published_at),
        "date_modified": _rfc3339(entry.updated_at),
        "authors": [_json_author(person) for person in entry.authors],
        "tags": [one_line(category.name) for category in entry.categories],
        "language": entry.language,
        "attachments": [_json_attachment(enclosure) for enclosure in entry.enclosures],
    }
    # An item must say something, be it nothing: content_html stays where the body is empty.
    return {name: value for name, value in item.items() if value or name == "content_html"}


def _json_author(person: Contributor) -> dict[str, str]:
    author = {"name": one_line(person.name), "url": person.url, "avatar": person.avatar_url}
    return {name: value for name, value in author.items() if value}


def _json_attachment(enclosure: Enclosure) -> dict[str, str]:
    attachment = {
        "url": enclosure.url,
        "mime_type": enclosure.type,
        "title": one_line(enclosure.title),
    }
    return {name: value for name, value in attachment.items() if value}


def _newest(entries: Sequence[Entry]) -> datetime:
    return max((entry.updated_at for entry in entries), default=NEVER)


def _atom(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    return _add(parent, f"{{{ATOM}}}{tag}", text, **attributes)


def _add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def _serialized(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _rfc822(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


RSS = Form("rss", "rss.xml", "RSS", "application/rss+xml", build_rss)
ATOM_FORM = Form("atom", "atom.xml", "Atom", "application/atom+xml", build_atom)
JSON_FORM = Form("json", "feed.json", "JSON Feed", "application/feed+json", build_json)
FORMS = {form.name: form for form in (ATOM_FORM, RSS, JSON_FORM)}
