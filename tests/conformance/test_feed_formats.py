"""The three feed formats against their specifications, with texts nobody should write."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from copydesk.editorial.logic import feeds
from copydesk.editorial.logic.markup import portable_html

if TYPE_CHECKING:
    from collections.abc import Iterator

RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")
RFC822 = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|[+-]\d{4})"
)
ATOM = f"{{{feeds.ATOM}}}"
CONTENT = f"{{{feeds.CONTENT}}}"
DUBLIN_CORE = f"{{{feeds.DUBLIN_CORE}}}"
MEDIA = f"{{{feeds.MEDIA}}}"
AT = datetime(2026, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))

HOSTILE = [
    "]]> <![CDATA[ &amp; &#0;",
    "</title></item><script>alert(1)</script>",
    "control \x00\x01\x08\x0b\x0c\x1f characters \ufffe\uffff",
    "\u200f\u202eعنوان\u202c \u200e marks of direction",
    "🦊 👩‍🚒 beyond the basic plane \U0001d518\U0001d52b\U0001d526",
    "lone surrogates \ud800 \udfff",
    "several\nlines\r\nand\ttabs",
    "' \" < > & ampersands & quotes",
]

CHANNEL = feeds.Channel(
    title="The <Daily> & Co ]]>",
    description="News & views \x00",
    home_url="https://example.org/",
    url="https://example.org/feed/x?before=1-2",
    first_url="https://example.org/feed/x",
    language="en",
    publisher="The Daily & Co",
    publisher_url="https://example.org/",
    icon_url="https://example.org/icon.png",
    previous_url="https://example.org/feed/x?after=1-2",
    next_url="https://example.org/feed/x?before=3-4",
)


def make_entry(number: int, text: str) -> feeds.Entry:
    return feeds.Entry(
        id=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        url=f"https://example.org/{number}/",
        title=text,
        summary=text,
        html=portable_html(
            f'<p>{text}</p><a href="/x?a=1&amp;b=2">link</a>', url="https://example.org/"
        ),
        published_at=AT,
        updated_at=AT + timedelta(days=number),
        people=[
            feeds.Contributor(text, "https://example.org/people/a/", "https://example.org/a.jpeg"),
            feeds.Contributor("Second & co", "https://example.org/people/b/"),
            feeds.Contributor(text, "https://example.org/people/c/", role="photographer"),
        ],
        categories=[feeds.Category(text, "https://example.org/topics/t/")],
        image=feeds.Image(
            "https://example.org/p.jpeg?v=1&w=2", "image/jpeg", 1200, 800, text, text
        ),
        enclosures=[
            feeds.Enclosure("https://example.org/one.mp3", "audio/mpeg", text),
            feeds.Enclosure("https://example.org/two.mp4", "video/mp4"),
        ],
        language="ar" if number % 2 else "",
    )


ENTRIES = [make_entry(number, text) for number, text in enumerate(HOSTILE)]
BARE = feeds.Entry("urn:uuid:1", "https://example.org/bare/", "", "", "", AT, AT)


@pytest.fixture(params=[ENTRIES, [BARE], []], ids=["hostile", "bare", "empty"])
def entries(request: pytest.FixtureRequest) -> list[feeds.Entry]:
    found: list[feeds.Entry] = request.param
    return found


def one(parent: etree._Element, tag: str) -> etree._Element:
    (element,) = parent.findall(tag)
    return element


def is_whole(url: str | None) -> bool:
    parts = urlsplit(url or "")
    return bool(parts.scheme and (parts.netloc or parts.scheme == "urn"))


def text_of(element: etree._Element) -> str:
    return element.text or ""


# RSS 2.0, https://www.rssboard.org/rss-specification and the board's best practices


def test_rss_has_what_it_must(entries: list[feeds.Entry]) -> None:
    root = etree.fromstring(feeds.build_rss(CHANNEL, entries))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = one(root, "channel")
    assert [child.tag for child in root] == ["channel"]
    assert one(channel, "title").text == "The <Daily> & Co ]]>"
    assert one(channel, "link").text == "https://example.org/"
    assert one(channel, "description").text == "News &amp; views"
    assert RFC822.fullmatch(text_of(one(channel, "lastBuildDate")))
    assert len(channel.findall("item")) == len(entries)
    links = {link.get("rel"): link.get("href") for link in channel.findall(f"{ATOM}link")}
    assert links == {
        "self": CHANNEL.url,
        "first": CHANNEL.first_url,
        "previous": CHANNEL.previous_url,
        "next": CHANNEL.next_url,
    }


def test_rss_items_have_what_they_must(entries: list[feeds.Entry]) -> None:
    root = etree.fromstring(feeds.build_rss(CHANNEL, entries))
    for item, entry in zip(root.iterfind("channel/item"), entries, strict=True):
        guid = one(item, "guid")
        assert (guid.text, guid.get("isPermaLink")) == (entry.id, "false")
        assert RFC822.fullmatch(text_of(one(item, "pubDate")))
        assert parsedate_to_datetime(text_of(one(item, "pubDate"))) == entry.published_at
        assert is_whole(one(item, "link").text)
        assert item.find("title") is not None
        assert item.find(f"{CONTENT}encoded") is not None
        assert len(item.findall("enclosure")) <= 1
        for enclosure in item.findall("enclosure"):
            assert {"url", "type", "length"} == set(enclosure.keys())
            assert (enclosure.get("length") or "").isdigit()
        # The board's profile: an address goes into author, names into dc:creator.
        assert item.find("author") is None
        assert len(item.findall(f"{DUBLIN_CORE}creator")) == len(entry.authors)
        for media in item.findall(f"{MEDIA}content"):
            assert (media.get("medium"), media.get("type")) == ("image", "image/jpeg")
            assert is_whole(media.get("url"))


def test_rss_ids_are_unique() -> None:
    root = etree.fromstring(feeds.build_rss(CHANNEL, ENTRIES))
    ids = [guid.text for guid in root.iterfind("channel/item/guid")]
    assert len(set(ids)) == len(ENTRIES)


def test_rss_shows_markup_in_a_summary_as_text() -> None:
    """Readers take a description for HTML; what an editor typed is text."""
    root = etree.fromstring(feeds.build_rss(CHANNEL, [make_entry(1, "<script>alert(1)</script>")]))
    assert root.findtext("channel/item/description") == "&lt;script&gt;alert(1)&lt;/script&gt;"


# Atom, RFC 4287; paging, RFC 5005


def test_atom_has_what_it_must(entries: list[feeds.Entry]) -> None:
    root = etree.fromstring(feeds.build_atom(CHANNEL, entries))
    assert root.tag == f"{ATOM}feed"
    assert root.get(feeds.XML_LANG) == "en"
    assert one(root, f"{ATOM}id").text == CHANNEL.first_url
    assert one(root, f"{ATOM}title").text == "The <Daily> & Co ]]>"
    assert RFC3339.fullmatch(text_of(one(root, f"{ATOM}updated")))
    assert one(root, f"{ATOM}author").findtext(f"{ATOM}name") == "The Daily & Co"
    links = [(link.get("rel"), link.get("type")) for link in root.findall(f"{ATOM}link")]
    assert len(links) == len(set(links))
    assert {"self", "alternate", "first", "next", "previous"} == {rel for rel, _type in links}
    # An order is asked for in one place alone: entries come after the feed's own elements.
    tags = [child.tag for child in root]
    assert (
        tags.index(f"{ATOM}entry") > tags.index(f"{ATOM}author")
        if entries
        else f"{ATOM}entry" not in tags
    )


def test_atom_entries_have_what_they_must(entries: list[feeds.Entry]) -> None:
    root = etree.fromstring(feeds.build_atom(CHANNEL, entries))
    for element, entry in zip(root.findall(f"{ATOM}entry"), entries, strict=True):
        assert one(element, f"{ATOM}id").text == entry.id
        assert element.find(f"{ATOM}title") is not None
        for tag, moment in (("updated", entry.updated_at), ("published", entry.published_at)):
            written = text_of(one(element, f"{ATOM}{tag}"))
            assert RFC3339.fullmatch(written)
            assert datetime.fromisoformat(written) == moment
        assert one(element, f"{ATOM}content").get("type") == "html"
        assert len(element.findall(f"{ATOM}summary")) <= 1
        alternates = [
            link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"
        ]
        assert [link.get("href") for link in alternates] == [entry.url]
        for person in (*element.findall(f"{ATOM}author"), *element.findall(f"{ATOM}contributor")):
            assert len(person.findall(f"{ATOM}name")) == 1
            assert is_whole(person.findtext(f"{ATOM}uri"))
        assert len(element.findall(f"{ATOM}author")) == len(entry.authors)
        assert all(
            category.get("term") is not None for category in element.findall(f"{ATOM}category")
        )


def test_atom_holds_no_element_of_its_own_that_atom_does_not_know(
    entries: list[feeds.Entry],
) -> None:
    known = "feed entry id title subtitle updated published author contributor name uri link category summary content generator icon"
    root = etree.fromstring(feeds.build_atom(CHANNEL, entries))
    used = {
        etree.QName(element).localname
        for element in root.iter()
        if etree.QName(element).namespace == feeds.ATOM
    }
    assert used <= set(known.split())


# JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/


def check_json_feed(feed: dict[str, Any]) -> None:
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert isinstance(feed["items"], list)
    assert "author" not in feed
    assert feed.get("next_url") != feed["feed_url"]
    assert all(
        is_whole(feed[name])
        for name in ("home_page_url", "feed_url", "next_url", "icon")
        if name in feed
    )
    for item in feed["items"]:
        check_json_item(item)
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)


def check_json_item(item: dict[str, Any]) -> None:
    assert isinstance(item["id"], str)
    assert item["id"]
    assert "content_html" in item or "content_text" in item
    assert "author" not in item
    assert all(is_whole(item[name]) for name in ("url", "image") if name in item)
    assert all(RFC3339.fullmatch(item[name]) for name in ("date_published", "date_modified"))
    assert all({"name", "url", "avatar"} & set(author) for author in item.get("authors", []))
    assert all(isinstance(tag, str) for tag in item.get("tags", []))
    assert all(
        attachment["url"] and attachment["mime_type"] for attachment in item.get("attachments", [])
    )


def test_json_feed_keeps_the_rules(entries: list[feeds.Entry]) -> None:
    check_json_feed(json.loads(feeds.build_json(CHANNEL, entries)))


def test_json_names_authors_alone_as_authors() -> None:
    (item,) = json.loads(feeds.build_json(CHANNEL, [make_entry(1, "Name")]))["items"]
    assert [author["name"] for author in item["authors"]] == ["Name", "Second & co"]


# All three


def all_text(form: feeds.Form, entries: list[feeds.Entry]) -> Iterator[str]:
    document = form.build(CHANNEL, entries)
    if form is feeds.JSON_FORM:
        yield from strings(json.loads(document))
    else:
        for element in etree.fromstring(document).iter():
            yield element.text or ""
            yield from map(str, element.attrib.values())


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


@pytest.mark.parametrize("form", feeds.FORMS.values(), ids=feeds.FORMS)
def test_nothing_unprintable_is_sent(form: feeds.Form) -> None:
    allowed = {"\t", "\n", "\r"}
    for text in all_text(form, ENTRIES):
        assert all(character >= " " or character in allowed for character in text)
        assert not re.search("[\ud800-\udfff\ufffe\uffff]", text)


@pytest.mark.parametrize("form", feeds.FORMS.values(), ids=feeds.FORMS)
@pytest.mark.parametrize(
    "words", ["عنوان", "🦊", "\U0001d518\U0001d52b\U0001d526", "]]>", "\u200f", "& quotes"]
)
def test_every_other_character_survives(form: feeds.Form, words: str) -> None:
    assert any(words in text for text in all_text(form, ENTRIES))


@pytest.mark.parametrize("form", feeds.FORMS.values(), ids=feeds.FORMS)
@given(text=st.text())
def test_any_text_makes_a_document(form: feeds.Form, text: str) -> None:
    assert list(all_text(form, [make_entry(1, text)]))


def test_dates_are_sent_in_utc() -> None:
    assert AT.astimezone(UTC).isoformat() == "2026-03-01T07:00:00+00:00"
    rss = etree.fromstring(feeds.build_rss(CHANNEL, [make_entry(0, "t")]))
    assert rss.findtext("channel/item/pubDate") == "Sun, 01 Mar 2026 07:00:00 GMT"
    atom = etree.fromstring(feeds.build_atom(CHANNEL, [make_entry(0, "t")]))
    assert atom.findtext(f"{ATOM}entry/{ATOM}published") == "2026-03-01T07:00:00Z"


# Bodies


PAGE = "https://example.org/on-bridges/"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p><a href="/about/">x</a></p>', '<p><a href="https://example.org/about/">x</a></p>'),
        ('<a href="#fn-1">1</a>', '<a href="https://example.org/on-bridges/#fn-1">1</a>'),
        ('<a href="mailto:a@b.example">m</a>', '<a href="mailto:a@b.example">m</a>'),
        ('<a href="javascript:alert(1)">j</a>', "<a>j</a>"),
        ('<a href="http://[broken">b</a>', "<a>b</a>"),
        (
            '<blockquote cite="/s">q</blockquote>',
            '<blockquote cite="https://example.org/s">q</blockquote>',
        ),
        (
            '<picture><source type="image/avif" srcset="/a 480w"><img src="/i.jpeg" srcset="/i.jpeg 480w, /j.jpeg 800w" sizes="100vw" loading="lazy" alt="x"></picture>',
            '<img src="https://example.org/i.jpeg" srcset="https://example.org/i.jpeg 480w, https://example.org/j.jpeg 800w" alt="x">',
        ),
        ('<h2 id="a">A<a class="heading-anchor" href="#a">#</a></h2>', '<h2 id="a">A</h2>'),
        ('<p onclick="x()" style="color:red">p</p>', "<p>p</p>"),
        ("<p>a</p><script>alert(1)</script><p>b</p>", "<p>a</p><p>b</p>"),
        (
            '<figure class="embed" data-embed="https://v.example/e"><a href="https://v.example/1">V<span class="embed__hint">Loads</span></a></figure>',
            '<figure class="embed"><a href="https://v.example/1">V</a></figure>',
        ),
        ("<p>a\x00\x0bb ]]&gt; &amp; &lt;script&gt;</p>", "<p>ab ]]&gt; &amp; &lt;script&gt;</p>"),
        ("<p>unclosed <b>b", "<p>unclosed <b>b</b></p>"),
        ("just words", "just words"),
        ("", ""),
    ],
)
def test_bodies_are_made_portable(html: str, expected: str) -> None:
    assert portable_html(html, url=PAGE) == expected


@given(st.text())
def test_no_text_becomes_behavior(text: str) -> None:
    html = portable_html(f"<p>{text}</p>", url=PAGE).lower()
    assert "<script" not in html
    assert "javascript:" not in html or "href" not in html
