"""Sitemaps, OpenSearch and the manifest against their specifications."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from lxml import etree

from copydesk.editorial.logic import discovery
from copydesk.editorial.queries import sitemaps

W3C = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMESPACES = {
    "s": discovery.SITEMAP,
    "news": discovery.SITEMAP_NEWS,
    "image": discovery.SITEMAP_IMAGE,
}
HOSTILE = "]]> <b>&</b> \x00\ud800 عنوان 🦊"
ICON = discovery.Icon("https://example.org/i.png", "image/png", "192x192")


def site(name: str) -> discovery.Site:
    return discovery.Site(
        name,
        HOSTILE,
        "ar",
        "rtl",
        "https://example.org/search/",
        "https://example.org/opensearch.xml",
    )


def test_a_full_sitemap_stays_within_the_protocol() -> None:
    """50,000 addresses and 50 MB are the limits; addresses of the longest kind our models keep."""
    longest = discovery.Location(
        f"https://example.org/{'a' * 500}/", AT, f"https://example.org/{'i' * 500}?v=1&x=2"
    )
    document = discovery.sitemap([longest] * sitemaps.FILE_SIZE)
    assert sitemaps.FILE_SIZE <= 50_000
    assert len(document) < 50 * 1024 * 1024


def test_a_sitemap_holds_what_the_schema_allows_in_its_order() -> None:
    locations = [
        discovery.Location("https://example.org/a/?b=1&c=2", AT, "https://example.org/i?a&b"),
        discovery.Location("https://example.org/"),
    ]
    root = etree.fromstring(discovery.sitemap(locations))
    assert root.tag == f"{{{discovery.SITEMAP}}}urlset"
    names = [[etree.QName(part).localname for part in url] for url in root]
    assert names == [["loc", "lastmod", "image"], ["loc"]]
    assert all(
        W3C.fullmatch(text) for text in root.xpath("//s:lastmod/text()", namespaces=NAMESPACES)
    )
    assert root.xpath("//image:image/image:loc/text()", namespaces=NAMESPACES) == [
        "https://example.org/i?a&b"
    ]


def test_an_index_holds_what_the_schema_allows() -> None:
    root = etree.fromstring(discovery.sitemap_index(["https://example.org/sitemap-articles-1.xml"]))
    assert root.tag == f"{{{discovery.SITEMAP}}}sitemapindex"
    assert root.xpath("s:sitemap/s:loc/text()", namespaces=NAMESPACES) == [
        "https://example.org/sitemap-articles-1.xml"
    ]


def test_news_have_every_required_tag() -> None:
    entry = discovery.News("https://example.org/a/", HOSTILE, "pt-BR", AT)
    root = etree.fromstring(
        discovery.news_sitemap([entry] * sitemaps.NEWS_SIZE, publication="The <Daily>")
    )
    assert len(root) <= 1_000
    (news,) = root[0].findall("news:news", NAMESPACES)
    assert news.findtext("news:publication/news:name", namespaces=NAMESPACES) == "The <Daily>"
    assert news.findtext("news:publication/news:language", namespaces=NAMESPACES) == "pt"
    assert W3C.fullmatch(news.findtext("news:publication_date", namespaces=NAMESPACES) or "")
    assert news.findtext("news:title", namespaces=NAMESPACES) == "]]> <b>&</b> عنوان 🦊"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("zh", "zh-cn"),
        ("zh-Hans-SG", "zh-cn"),
        ("zh-TW", "zh-tw"),
        ("zh-Hant-HK", "zh-tw"),
    ],
)
def test_languages_are_written_as_news_want_them(tag: str, expected: str) -> None:
    assert discovery.news_language(tag) == expected


@pytest.mark.parametrize(
    "name",
    ["Short", "A name that is a good deal longer than sixteen characters, and goes on", HOSTILE],
)
def test_opensearch_keeps_its_limits(name: str) -> None:
    root = etree.fromstring(discovery.opensearch(site(name), [ICON]))
    space = f"{{{discovery.OPENSEARCH}}}"
    assert root.tag == f"{space}OpenSearchDescription"
    assert 0 < len(root.findtext(f"{space}ShortName") or "") <= 16
    assert len(root.findtext(f"{space}LongName") or "") <= 48
    assert 0 < len(root.findtext(f"{space}Description") or "") <= 1024
    search = next(url for url in root.findall(f"{space}Url") if url.get("rel") == "results")
    assert "{searchTerms}" in (search.get("template") or "")
    assert search.get("type") == "text/html"


def test_the_manifest_has_what_browsers_ask_for() -> None:
    manifest = json.loads(discovery.manifest(site("The Weekly Bridge"), [ICON], color="#faf9f6"))
    assert {"name", "start_url", "scope", "display", "icons", "lang", "dir"} <= set(manifest)
    assert manifest["dir"] == "rtl"
    assert manifest["icons"] == [
        {"src": ICON.url, "type": "image/png", "sizes": "192x192", "purpose": "any"}
    ]


def test_robots_txt_is_lines_of_fields() -> None:
    text = discovery.robots_txt(sitemap_url="https://example.org/sitemap.xml", closed=["/desk/"])
    assert all(re.fullmatch(r"[A-Z][a-z-]+: \S+", line) for line in text.splitlines() if line)
    assert text.index("User-agent: *") < text.index("Disallow: /desk/") < text.index("Sitemap:")
