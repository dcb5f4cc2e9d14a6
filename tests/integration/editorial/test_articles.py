"""All that an article can hold: it is written at the desk, kept, and comes out as readers and machines want it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from copydesk.editorial.models import Kind, PublishedArticle
from copydesk.editorial.models.article import SCHEMA_TYPES
from tests.factories.desk import enter, rich, save
from tests.factories.editorial import (
    block,
    image_file,
    make_article,
    make_attachment,
    make_picture,
    make_series,
    make_topic,
    publish,
)
from tests.integration.editorial.test_metadata import Head

if TYPE_CHECKING:
    from django.test import Client

    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db


def test_every_setting_of_an_article_is_kept_for_readers(client: Client, ada: Member) -> None:
    lead, shared, series = make_picture("Lead"), make_picture("Shared"), make_series()
    written = {
        "title": "On bridges",
        "standfirst": "Why they fall.",
        "slug": "bridges",
        "kind": "satire",
        "visibility": "members",
        "discussion": "held",
        "is_featured": "on",
        "language": "de",
        "canonical_url": "https://elsewhere.example/bridges",
        "seo_title": "Bridges, and why they fall",
        "search_description": "A piece about bridges.",
        "share_title": "They fall!",
        "share_description": "Read why.",
        "lead_alt": "A stone bridge",
        "lead_credit": "Photo: R. R.",
    }
    choices = {"lead_picture": lead.pk, "share_picture": shared.pk, "series": series.pk}
    response = save(
        enter(client, ada),
        make_article("Working title", owner=ada),
        action="action-publish",
        lead_caption=rich("In May"),
        **written,
        **{name: str(pk) for name, pk in choices.items()},
    )
    assert response.status_code == 302
    kept = PublishedArticle.objects.get(path="/bridges/")
    read = {"title": kept.headline, "slug": "bridges", "search_description": kept.description}
    assert {name: read.get(name) or getattr(kept, name) for name in written} == written | {
        "is_featured": True
    }
    assert {name: getattr(kept, f"{name}_id") for name in choices} == choices
    assert "In May" in kept.lead_caption_html


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_work_has_its_type_of_schema_org(client: Client, kind: Kind) -> None:
    publish(make_article("On bridges", slug="on-bridges", kind=kind))
    assert Head(client, "/on-bridges/").node(SCHEMA_TYPES[kind])["headline"] == "On bridges"


IMAGE = {"alt": "", "is_decorative": False, "caption": "<p>In May</p>", "credit": "Photo: R. R."}
CELL = "<p>1859</p>"


def every_block() -> list[dict[str, Any] | str]:
    """Return a body in which each kind of block stands once."""
    picture = make_picture(description="A stone bridge")
    image = {**IMAGE, "image": picture.pk}
    sound = make_attachment("Talk", content=b"RIFF", name="talk.wav").pk
    film = make_attachment("Film", content=b"\0\0", name="film.mp4").pk
    table = {
        "columns": [{"type": "text", "heading": "Year"}],
        "rows": [{"values": [CELL]}],
        "caption": "",
    }
    played = {"title": "A talk", "caption": "", "transcript": "<p>Hello.</p>"}
    return [
        '<a href="/about/">Words</a> and <code>code</code>.',
        block("heading", {"text": "A section", "level": "3", "anchor": "here"}),
        block("quotation", {"text": "<p>Sound.</p><blockquote>Nested.</blockquote>", "speaker": "Mill",
                            "publication": "On Liberty", "url": "https://example.org/", "date": "1859-01-01"}),
        block("pullquote", {"text": "A sentence.", "attribution": "Rosa"}),
        block("image", {**image, "width": "wide"}),
        block("gallery", {"images": [block("item", image), block("item", image)], "caption": "Two"}),
        block("table", {"caption": "By year", "table": table, "has_header_column": True}),
        block("code", {"language": "python", "code": "return '<b>'", "caption": "A function"}),
        block("callout", {"kind": "warning", "title": "Mind", "text": "<p>The gap.</p>"}),
        block("divider"),
        block("embed", {"url": "https://youtu.be/dQw4w9WgXcQ", "title": "A film", "caption": "By N."}),
        block("audio", {"file": sound, **played}),
        block("video", {"file": film, "poster": picture.pk, **played}),
        block("file", {"file": make_attachment().pk, "label": "The minutes"}),
    ]  # fmt: skip


COMES_OUT = {
    "a link": 'p > a[href="/about/"]',
    "code in a line": "p > code",
    "a heading with its anchor": 'h3#here > a.heading-anchor[href="#here"]',
    "a quotation with its source": '.quotation blockquote[cite="https://example.org/"] blockquote',
    "who said it": ".quotation figcaption .quotation__speaker",
    "where": '.quotation figcaption cite > a[href="https://example.org/"]',
    "when": '.quotation figcaption time[datetime="1859-01-01"]',
    "a pull quote": "aside.pullquote .pullquote__by",
    "a picture in three formats": 'figure.picture--wide picture source[type="image/avif"] + source[type="image/webp"]',
    "its text, its size, late": 'figure.picture--wide img[alt="A stone bridge"][width][height][srcset][loading="lazy"]',
    "its caption": "figure.picture--wide figcaption .picture__caption",
    "its credit": "figure.picture--wide figcaption .picture__credit",
    "a gallery": "figure.gallery li + li img",
    "a table's column": 'figure.table thead th[scope="col"]',
    "a table's row": 'figure.table tbody th[scope="row"]',
    "code, highlighted": "figure.code pre code.language-python span.k",
    "a callout": "aside.callout--warning .callout__title",
    "a divider": "hr.divider",
    "a link to what is elsewhere": 'figure.embed[data-embed] > a[href="https://youtu.be/dQw4w9WgXcQ"]',
    "sound": 'figure.audio audio[controls][preload="none"]',
    "its transcript": "figure.audio details.transcript",
    "film": 'figure.video video[controls][preload="none"][poster]',
    "a file to keep": "p.file a[download]",
}


def test_every_block_comes_out_as_it_should(client: Client) -> None:
    published = publish(make_article(body=every_block()))
    page = LexborHTMLParser(client.get(published.path).content)
    missing = {
        what: selector
        for what, selector in COMES_OUT.items()
        if page.css_first(f".prose {selector}") is None
    }
    assert not missing
    assert not page.css("iframe, object")
    assert "&lt;b&gt;" in published.body_html
    # What is read aloud, searched and counted are the words, not the marks beside them.
    assert "A section\n" in published.text.replace(" \n", "\n")
    assert "#" not in published.text


def test_what_is_elsewhere_is_named_in_no_tag_that_loads(client: Client) -> None:
    page = LexborHTMLParser(client.get(publish(make_article(body=every_block())).path).content)
    naming = "[rel=canonical], [rel=alternate], [rel=webmention]"
    loading = [
        address
        for node in page.css(f"[src], [srcset], [poster], link[href]:not({naming})")
        for name in ("src", "srcset", "poster", "href")
        if (address := node.attributes.get(name)) and "//" in address
    ]
    assert not loading


def test_the_first_picture_comes_at_once_and_the_others_late(client: Client) -> None:
    body = [block("image", {**IMAGE, "image": make_picture().pk, "width": "text"})]
    page = LexborHTMLParser(
        client.get(publish(make_article(body=body, lead_picture=make_picture())).path).content
    )
    first, *others = page.css("main img")
    assert (first.attributes.get("fetchpriority"), first.attributes.get("loading")) == (
        "high",
        None,
    )
    assert {image.attributes.get("loading") for image in others} == {"lazy"}
    assert all(
        image.attributes.get("width") and image.attributes.get("height")
        for image in page.css("img")
    )


def test_a_picture_is_cut_around_what_matters() -> None:
    halves = Image.new("RGB", (1200, 400), (200, 30, 30))
    halves.paste((30, 30, 200), (900, 0, 1200, 400))
    file = image_file(size=(1200, 400))
    with file.open("wb") as out:
        halves.save(out, "JPEG")
    picture = make_picture(file=file)

    def middle() -> tuple[int, ...]:
        with picture.get_rendition("fill-300x400|format-jpeg").file.open("rb") as opened:
            found = Image.open(opened).convert("RGB").getpixel((150, 200))
        assert isinstance(found, tuple)
        return found

    red, _green, blue = middle()
    assert red > blue
    picture.focal_point_x, picture.focal_point_y = 1050, 200
    picture.focal_point_width = picture.focal_point_height = 200
    picture.save(update_fields=[f"focal_point_{name}" for name in ("x", "y", "width", "height")])
    red, _green, blue = middle()
    assert blue > red


def test_a_reader_is_led_on_by_topic_and_by_date(client: Client) -> None:
    bridges, money = make_topic("Bridges"), make_topic("Money")

    def told(title: str, days: int, topic: Any) -> PublishedArticle:
        at = datetime(2026, 3, 1, tzinfo=UTC) - timedelta(days=days)
        return publish(make_article(title, topics=[topic], dated_at=at))

    for title, days, topic in (
        ("Oldest bridge", 5, bridges),
        ("Older money", 4, money),
        ("Earlier", 3, money),
        ("Later", 1, money),
        ("Newer bridge", 0, bridges),
    ):
        told(title, days, topic)
    page = LexborHTMLParser(client.get(told("This one", 2, bridges).path).content)

    def texts(selector: str) -> list[str]:
        return [node.text(strip=True) for node in page.css(selector)]

    assert texts(".pager [rel=prev]") == ["Earlier"]
    assert texts(".pager [rel=next]") == ["Later"]
    assert texts("[aria-labelledby=related] h3") == ["Newer bridge", "Oldest bridge"]
