from __future__ import annotations

import time

import pytest

from copydesk.sources.logic.reading import Unreadable, read_source
from copydesk.sources.logic.reading.results import count_words
from copydesk.sources.logic.verdicts import Layer

SENTENCE = (
    "There is no evidence that the vaccine causes harm to anybody at all, the committee wrote."
)


def visible(html: str) -> str:
    return read_source(html.encode(), content_type="text/html").layers[Layer.VISIBLE]


def embedded(html: str) -> str:
    return read_source(f"<p>a</p>{html}".encode(), content_type="text/html").layers[Layer.EMBEDDED]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>un<b>believ</b>able <i>words</i></p>", "unbelievable words"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>one<td>two</table>", "one\ntwo"),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ("<p>white \n\t space</p>", "white space"),
        ("<pre>line one\nline two</pre>", "line one\nline two"),
        ("<p>long<wbr>word</p>", "longword"),
        ("<p>10\u00a0km &amp; &eacute;t&#233;</p>", "10\u00a0km & été"),
        ("<p>a<script>b</script><style>c</style><svg><text>d</text></svg>e</p>", "ae"),
        ("<p>a</p><template><p>b</p></template><noscript>c</noscript>", "a"),
        ("<select><option>one</select><p>a</p>", "a"),
        ("<title>t</title><p>a</p>", "a"),
        ("<p>a</p><p hidden>b</p><div style='color:red;DISPLAY : none'>c</div>", "a"),
        ("<p hidden=until-found>a</p>", "a"),
        ("<body style='display:none'><p>a script shows it</p>", "a script shows it"),
        ("<p><span aria-hidden=true>what can be seen</span></p>", "what can be seen"),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "漢字"),
        ("<p>unclosed <b>everything <i>here", "unclosed everything here"),
        ("<p>not a tag: 3 < 4 & 5 > 4</p>", "not a tag: 3 < 4 & 5 > 4"),
    ],
)
def test_the_visible_layer_is_what_shows(html: str, text: str) -> None:
    assert visible(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("bill<sup><a href='#n3'>3</a></sup> passed", "bill passed"),
        ("bill<a href='#n3'><sup>[3]</sup></a> passed", "bill passed"),
        ("bill<sup class=reference>[12]</sup> passed", "bill passed"),
        ("bill<sup id=fnref1>*</sup> passed", "bill passed"),
        ("bill<sup><a href='#a'>1</a>, <a href='#b'>2</a></sup> passed", "bill passed"),
        ("10<sup>3</sup> times", "103 times"),
        ("the 5<sup>th</sup> of May", "the 5th of May"),
        ("see <sup><a href='/x'>the other page</a></sup>", "see the other page"),
        ("<a href='/co2'>CO<sup>2</sup></a> falls", "CO2 falls"),
    ],
)
def test_only_what_is_surely_the_mark_of_a_footnote_is_left_out(html: str, text: str) -> None:
    assert visible(f"<p>{html}</p>") == text


@pytest.mark.parametrize(
    "html",
    [
        f'<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{SENTENCE}"}}</script>',
        f"<noscript><p>{SENTENCE}</p></noscript>",
        f"<template><p>{SENTENCE}</p></template>",
        f'<script id="__NEXT_DATA__" type="application/json">{{"a":[{{"b":"{SENTENCE}"}}]}}</script>',
        f'<script>window.state = {{body: "<p>{SENTENCE.replace("is no", "is <em>no</em>")}<\\/p>"}};</script>',
        f"<div hidden><p>{SENTENCE}</p></div>",
    ],
)
def test_what_the_page_carries_unseen_is_in_the_embedded_layer_alone(html: str) -> None:
    assert SENTENCE in embedded(html)
    assert SENTENCE not in visible(html)


def test_short_strings_and_code_are_not_embedded_text() -> None:
    assert (
        embedded('<script>f("x"); var a = "one two three"; load("https://a.example/b.js")</script>')
        == ""
    )


def test_escapes_in_embedded_data_become_their_characters() -> None:
    text = embedded(
        r'<script>{"a": "\u201cWe will not pay,\u201d she said, and nobody in the room \ud800 answered her."}</script>'
    )
    assert text == "“We will not pay,” she said, and nobody in the room  answered her."


def test_the_main_layer_has_the_article_without_what_stands_around_it() -> None:
    paragraphs = "".join(f"<p>{SENTENCE} Paragraph {number}.</p>" for number in range(8))
    article = f"<article><h1>Title</h1>{paragraphs}</article>"
    page = f"<nav><a href=/>Home of the news</a></nav>{article}<footer>Imprint</footer>"
    layers = read_source(page.encode(), content_type="text/html").layers
    assert "Paragraph 7." in layers[Layer.MAIN]
    assert "Imprint" not in layers[Layer.MAIN]
    assert "Imprint" in layers[Layer.VISIBLE]


def test_words_are_counted_in_scripts_without_spaces_too() -> None:
    assert count_words("Two words.") == 2
    assert count_words("公衆無線を安全に使う") == 5


@pytest.mark.parametrize(("count", "has_text"), [(49, False), (50, True)])
def test_fewer_than_fifty_words_are_no_text(count: int, *, has_text: bool) -> None:
    page = f"<p>{'word ' * count}</p><script>const a = 1</script>"
    assert read_source(page.encode(), content_type="text/html").has_text is has_text


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"one\r\ntwo\rthree", "text/plain", "one\ntwo\nthree"),
        (b"<p>not read as HTML</p>", "text/plain", "<p>not read as HTML</p>"),
        (b"<!-- a --><!DOCTYPE html><p>found out</p>", "", "found out"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><p>x</p></html>', "application/xml", "x"),
        (b"<p>a</p>", "application/xhtml+xml; charset=utf-8", "a"),
        (b"<p>the\0 cat\0 sat\0 on a mat", "text/html", "the cat sat on a mat"),
        (b'{"title": "A \\u00e9", "items": ["<p>B</p>"]}', "application/feed+json", "title\nA é\nitems\nB"),
        (b"<a><b>A &amp; B</b><c><![CDATA[<p>C <i>d</i></p>]]></c></a>", "application/rss+xml", "A & B\nC d"),
    ],
)  # fmt: skip
def test_text_is_read_by_what_it_is(body: bytes, content_type: str, text: str) -> None:
    assert read_source(body, content_type=content_type).layers[Layer.VISIBLE] == text


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"", "text/html", "empty"),
        (b" \n\t", "text/html", "empty"),
        (b"\x00\x00", "text/html", "not_text"),
        (b"\xef\xbb\xbf ", "text/html", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "text/html", "not_text"),
        (b"GIF89a", "image/gif", "not_text"),
        (b"PK\x03\x04", "application/zip", "not_text"),
        (b"no PDF", "application/pdf", "broken"),
    ],
)
def test_what_has_no_text_is_refused_with_a_reason(
    body: bytes, content_type: str, code: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_source(body, content_type=content_type)
    assert refused.value.code == code


HEAVY = {
    "deep": "<div>" * 1_000_000,
    "deep, closed wrongly": "<div></span>" * 100_000,
    "unclosed formatting": "<i><em><code><p>x" * 20_000,
    "many attributes": "<p " + " ".join(f"a{number}=1" for number in range(60_000)) + ">x",
    "open comments": "<!--" * 200_000,
    "entities": "&#xD800;&#0;&NotEqualTilde;" * 20_000,
    "an entity bomb": "<!DOCTYPE a [<!ENTITY b 'cccc'><!ENTITY d '&b;&b;&b;'>]><p>&d;"
    + "&d;" * 50_000,
    "a script never closed": '<script type="application/ld+json">' + '\\"' * 200_000,
    "deep JSON-LD": '<script type="application/ld+json">' + '{"a":[' * 100_000,
    "spaces": "<p>a" + " \u00a0" * 200_000,
    "paragraphs": "<p>x" * 100_000,
    "bidi": "<p>\u202e\u2066a" * 20_000,
}


@pytest.mark.parametrize("content_type", ["text/html", "application/xml", "application/json"])
@pytest.mark.parametrize("name", HEAVY)
def test_hostile_markup_takes_little_time(name: str, content_type: str) -> None:
    started = time.process_time()
    reading = read_source(HEAVY[name].encode(), content_type=content_type)
    assert time.process_time() - started < 6
    assert all(text.isprintable() or text for text in reading.layers.values())


def test_text_below_the_deepest_nesting_is_still_found() -> None:
    page = "<div>" * 5_000 + f"<p>{SENTENCE}</p>" + "<script>var a = '<p>not this</p>'</script>"
    assert visible(page) == SENTENCE


def test_markup_inside_of_scripts_does_not_count_as_depth() -> None:
    page = f"<script>var a = {'<div>' * 1_000!r}</script><p>a<b>b</b></p>"
    reading = read_source(page.encode(), content_type="text/html")
    assert Layer.MAIN in reading.layers
    assert reading.layers[Layer.VISIBLE] == "ab"


def test_a_hundred_megabytes_are_cut_at_ten() -> None:
    started = time.process_time()
    reading = read_source("é ".encode() * 33_000_000, content_type="text/plain")
    assert reading.is_truncated
    assert reading.encoding == "utf-8"
    assert 6_000_000 < len(reading.layers[Layer.VISIBLE]) < 7_000_000
    assert time.process_time() - started < 10


def test_no_layer_holds_what_cannot_be_stored() -> None:
    layers = read_source(b"<p>a\0b&#xD800;c&#0;d", content_type="text/html").layers
    for text in layers.values():
        text.encode("utf-8")
        assert "\0" not in text
    assert layers[Layer.VISIBLE].startswith("ab")
