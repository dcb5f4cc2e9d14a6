"""What machines read to find their way about the site: robots.txt, sitemaps, OpenSearch, the web manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lxml import etree

from copydesk.editorial.logic.markup import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP_IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
SITEMAP_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"

# Limits of the OpenSearch 1.1 draft.
SHORT_NAME, LONG_NAME, DESCRIPTION = 16, 48, 1024


@dataclass(frozen=True)
class Location:
    """A page in a sitemap."""

    url: str
    updated_at: datetime | None = None
    image_url: str = ""


@dataclass(frozen=True)
class News:
    """An article in the news sitemap."""

    url: str
    title: str
    language: str
    published_at: datetime


@dataclass(frozen=True)
class Site:
    """The publication, as OpenSearch and the manifest describe it."""

    name: str
    description: str
    language: str
    direction: str
    search_url: str
    opensearch_url: str


@dataclass(frozen=True)
class Icon:
    """An icon of the site; `purpose` is the manifest's."""

    url: str
    type: str
    sizes: str
    purpose: str = "any"


def robots_txt(*, sitemap_url: str, closed: Sequence[str]) -> str:
    """Return a robots.txt that closes some paths to every robot and opens the rest."""
    return "\n".join(
        [
            "User-agent: *",
            *(f"Disallow: {path}" for path in closed),
            "",
            f"Sitemap: {sitemap_url}",
            "",
        ]
    )


def sitemap_index(urls: Iterable[str]) -> bytes:
    """Return a sitemap index."""
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap={None: SITEMAP})
    for url in urls:
        _add(etree.SubElement(root, f"{{{SITEMAP}}}sitemap"), SITEMAP, "loc", url)
    return _serialized(root)


def sitemap(locations: Iterable[Location]) -> bytes:
    """Return a sitemap, with a picture of each page that has one."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "image": SITEMAP_IMAGE})
    for location in locations:
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        _add(url, SITEMAP, "loc", location.url)
        if location.updated_at:
            _add(url, SITEMAP, "lastmod", w3c_moment(location.updated_at))
        if location.image_url:
            image = etree.SubElement(url, f"{{{SITEMAP_IMAGE}}}image")
            _add(image, SITEMAP_IMAGE, "loc", location.image_url)
    return _serialized(root)


def news_sitemap(entries: Iterable[News], *, publication: str) -> bytes:
    """Return a sitemap of what is new."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "news": SITEMAP_NEWS})
    for entry in entries:
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        _add(url, SITEMAP, "loc", entry.url)
        news = etree.SubElement(url, f"{{{SITEMAP_NEWS}}}news")
        source = etree.SubElement(news, f"{{{SITEMAP_NEWS}}}publication")
        _add(source, SITEMAP_NEWS, "name", one_line(publication))
        _add(source, SITEMAP_NEWS, "language", news_language(entry.language))
        _add(news, SITEMAP_NEWS, "publication_date", w3c_moment(entry.published_at))
        _add(news, SITEMAP_NEWS, "title", one_line(entry.title))
    return _serialized(root)


def news_language(tag: str) -> str:
    """Return a BCP 47 tag as news sitemaps want it: the language alone, but two kinds of Chinese."""
    parts = tag.lower().split("-")
    if parts[0] != "zh":
        return parts[0]
    return "zh-tw" if {"tw", "hk", "mo", "hant"} & set(parts) else "zh-cn"


def opensearch(site: Site, icons: Sequence[Icon]) -> bytes:
    """Return the description by which browsers offer to search the site."""
    root = etree.Element(f"{{{OPENSEARCH}}}OpenSearchDescription", nsmap={None: OPENSEARCH})
    name, description = one_line(site.name), one_line(site.description) or one_line(site.name)
    _add(root, OPENSEARCH, "ShortName", name[:SHORT_NAME].strip())
    if len(name) > SHORT_NAME:
        _add(root, OPENSEARCH, "LongName", name[:LONG_NAME].strip())
    _add(root, OPENSEARCH, "Description", description[:DESCRIPTION].strip())
    search = etree.SubElement(
        root, f"{{{OPENSEARCH}}}Url", type="text/html", method="get", rel="results"
    )
    search.set("template", f"{site.search_url}?q={{searchTerms}}")
    own = etree.SubElement(
        root, f"{{{OPENSEARCH}}}Url", type="application/opensearchdescription+xml", rel="self"
    )
    own.set("template", site.opensearch_url)
    for icon in icons:
        _add(root, OPENSEARCH, "Image", icon.url).set("type", icon.type)
    _add(root, OPENSEARCH, "Language", site.language)
    _add(root, OPENSEARCH, "InputEncoding", "UTF-8")
    _add(root, OPENSEARCH, "OutputEncoding", "UTF-8")
    return _serialized(root)


def manifest(site: Site, icons: Sequence[Icon], *, color: str) -> bytes:
    """Return the web manifest: how the site looks on a home screen."""
    facts = {
        "id": "/",
        "name": one_line(site.name),
        "description": one_line(site.description),
        "lang": site.language,
        "dir": site.direction,
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": color,
        "background_color": color,
        "icons": [
            {"src": icon.url, "type": icon.type, "sizes": icon.sizes, "purpose": icon.purpose}
            for icon in icons
        ],
    }
    return json.dumps(
        {name: value for name, value in facts.items() if value}, ensure_ascii=False
    ).encode()


def w3c_moment(at: datetime) -> str:
    """Return a moment as sitemaps write it."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _add(parent: Element, namespace: str, tag: str, text: str) -> Element:
    element = etree.SubElement(parent, f"{{{namespace}}}{tag}")
    element.text = text
    return element


def _serialized(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
