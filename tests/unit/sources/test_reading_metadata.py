from __future__ import annotations

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.sources.logic.reading import Description, Field, Origin, read_source
from copydesk.sources.logic.reading.dates import iso_date
from copydesk.sources.logic.reading.structured import parse_jsonld, statements_of

ARTICLE = {
    "@type": "NewsArticle",
    "headline": "The headline",
    "author": [{"@type": "Person", "name": "Ada Byron"}, {"name": "Ben Okri"}],
    "publisher": {"@type": "Organization", "name": "The Paper"},
    "datePublished": "2026-03-04T23:30:00-05:00",
    "dateModified": "2026-03-06",
    "inLanguage": "en-gb",
    "mainEntityOfPage": {"@id": "https://paper.example/a"},
}


def describe(head: str, *, url: str = "https://paper.example/a?utm=1") -> Description:
    page = f"<html><head>{head}</head><body><p>Words of the page.</p></body></html>"
    return read_source(page.encode(), content_type="text/html", url=url).description


def ld(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


def test_an_article_in_jsonld_says_everything_of_itself() -> None:
    said = describe(ld(ARTICLE))
    here = Origin.JSONLD
    assert said.title == Field("The headline", here)
    assert said.byline == (Field("Ada Byron", here), Field("Ben Okri", here))
    assert said.publisher == Field("The Paper", here)
    assert said.published_on == Field("2026-03-04", here)
    assert said.modified_on == Field("2026-03-06", here)
    assert said.language == Field("en-GB", here)
    assert said.canonical_url == Field("https://paper.example/a", here)
    assert said.kind == Field("article", here)


OTHER = {"@type": "NewsArticle", "headline": "Another", "url": "https://paper.example/b"}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"@type": "WebSite", "name": "Site"}, ARTICLE]),
        json.dumps(
            {
                "@context": "https://schema.org",
                "@graph": [{"@type": "WebPage", "name": "P"}, ARTICLE],
            }
        ),
        json.dumps({"@type": "WebPage", "name": "P", "mainEntity": ARTICLE}),
        json.dumps([OTHER, ARTICLE]),
        json.dumps(ARTICLE | {"@type": ["Thing", "https://schema.org/Article"]}),
        json.dumps(ARTICLE)[:-1] + ",}",
        "/* a comment */" + json.dumps(ARTICLE) + "// another",
        "<!-- " + json.dumps(ARTICLE) + " -->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE) + ";",
        json.dumps(ARTICLE).replace('"', "&quot;"),
        json.dumps(ARTICLE).replace("The headline", "The\nheadline"),
        json.dumps(OTHER) + json.dumps(ARTICLE),
        json.dumps(ARTICLE).replace("The headline", "The <b>headline</b>"),
        json.dumps(ARTICLE).replace("The headline", "  The &#104;eadline  "),
    ],
)
def test_the_article_is_found_in_jsonld_as_pages_have_it(text: str) -> None:
    said = describe(ld(text))
    assert said.title == Field("The headline", Origin.JSONLD)
    assert said.published_on == Field("2026-03-04", Origin.JSONLD)


def test_what_an_article_only_refers_to_is_looked_up() -> None:
    graph = [
        ARTICLE | {"author": {"@id": "#ada"}, "publisher": {"@id": "#paper"}},
        {"@type": "Person", "@id": "#ada", "name": "Ada Byron"},
        {"@type": "Organization", "@id": "#paper", "name": "The Paper"},
    ]
    said = describe(ld({"@graph": graph}))
    assert [name.value for name in said.byline] == ["Ada Byron"]
    assert said.publisher == Field("The Paper", Origin.JSONLD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[1, 2, [3]]",
        '"text"',
        "{'@type': 'Article'}",
        '{"@type": "Article", "headline": 7, "author": [[["x"]]], "datePublished": {"a": []}, "publisher": []}',
        '{"@type": "Article", "author": {"name": [{"name": "x"}]}, "@id": {}, "url": [[]]}',
        '{"@type": {"a": 1}, "@graph": {"@graph": [null]}}',
        '{"@type":"Article","headline":' + "9" * 6_000 + "}",
        '{"a":' * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"@type":"Article","articleBody":"' + "x" * 9_900_000,
        "[" + '{"@type":"Article"},' * 100_000 + "{}]",
        '{"@type": "Article", "headline": "\\ud800"}',
        "\\u0000",
    ],
    ids=lambda text: text[:40],
)
def test_no_jsonld_is_too_broken(text: str) -> None:
    parse_jsonld(text)
    tree = LexborHTMLParser(ld(text))
    assert isinstance(statements_of(tree), list)
    said = describe(ld(text) + "<title>A title</title>")
    assert said.title


def meta(**named: str) -> str:
    return "".join(f'<meta name="{name}" content="{content}">' for name, content in named.items())


CITATION = (
    '<meta name="citation_title" content="On Words"><meta name="citation_author" content="Byron, Ada">'
    '<meta name="citation_author" content="Ben Okri"><meta name="citation_publication_date" content="2020/5/6">'
    '<meta name="citation_journal_title" content="Letters"><meta name="citation_doi" content="doi:10.1234/AB.5">'
)
OPENGRAPH = (
    '<meta property="og:title" content="Open words | Site"><meta property="og:site_name" content="Site">'
    '<meta property="article:published_time" content="2019-01-02T03:04:05Z">'
    '<meta property="og:type" content="video.other">'
    '<meta property="article:author" content="https://site.example/ada"><meta property="og:locale" content="pt_BR">'
    '<meta property="og:url" content="/relative">'
)
HTML = '<title>Plain words</title><meta name="author" content="By Cara Diaz and Dan Eco"><link rel=canonical href="/c">'


def test_the_tags_of_journals_come_before_open_graph() -> None:
    said = describe(OPENGRAPH + CITATION + HTML)
    assert said.title == Field("On Words", Origin.CITATION)
    assert [name.value for name in said.byline] == ["Ada Byron", "Ben Okri"]
    assert said.published_on == Field("2020-05-06", Origin.CITATION)
    assert said.publisher == Field("Letters", Origin.CITATION)
    assert said.doi == Field("10.1234/ab.5", Origin.CITATION)
    assert said.kind == Field("paper", Origin.CITATION)


def test_jsonld_comes_before_both() -> None:
    assert describe(CITATION + OPENGRAPH + ld(ARTICLE)).title == Field(
        "The headline", Origin.JSONLD
    )


def test_open_graph_comes_before_plain_html() -> None:
    said = describe(HTML + OPENGRAPH)
    assert said.title == Field("Open words", Origin.OPENGRAPH)
    assert said.kind == Field("video", Origin.OPENGRAPH)
    assert said.language == Field("pt-BR", Origin.OPENGRAPH)
    assert said.canonical_url == Field("https://paper.example/relative", Origin.OPENGRAPH)


def test_an_address_of_a_profile_is_no_name() -> None:
    assert [(name.value, name.origin) for name in describe(HTML + OPENGRAPH).byline] == [
        ("Cara Diaz", Origin.HTML),
        ("Dan Eco", Origin.HTML),
    ]


def test_microdata_is_read() -> None:
    item = (
        '<article itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">Micro <b>words</b></h1>'
        '<span itemprop="author" itemscope><a itemprop="name" href="/ada">Ada Byron</a></span>'
        '<time itemprop="datePublished" datetime="2018-07-06">last week</time></article>'
    )
    said = read_source(f"<title>T</title>{item}".encode(), content_type="text/html").description
    assert said.title == Field("Micro words", Origin.MICRODATA)
    assert said.byline == (Field("Ada Byron", Origin.MICRODATA),)
    assert said.published_on == Field("2018-07-06", Origin.MICRODATA)


def test_a_guess_is_marked_as_one() -> None:
    said = read_source(
        b"<title>T</title><h1>A title</h1><p>Published on March 4, 2019</p><p>Words.</p>",
        content_type="text/html",
    ).description
    assert said.published_on == Field("2019-03-04", Origin.GUESS)


def test_nothing_said_is_nothing() -> None:
    assert describe("").title is None
    assert describe("").byline == ()


def test_an_address_that_is_none_is_left_out() -> None:
    assert describe('<link rel=canonical href="javascript:alert(1)">').canonical_url is None
    assert describe('<link rel=canonical href="https://[broken">').canonical_url is None


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2026-11-24", "2026-11-24"),
        ("2026-11-24T23:59:59-08:00", "2026-11-24"),
        ("2026/1/2", "2026-01-02"),
        ("20261124", "2026-11-24"),
        ("D:20261124103000Z", "2026-11-24"),
        ("November 24, 2026", "2026-11-24"),
        ("24 Nov 2026", "2026-11-24"),
        ("24.11.2026", "2026-11-24"),
        ("Tue, 24 Nov 2026 10:00:00 GMT", "2026-11-24"),
        ("1427392800", "2015-03-26"),
        ("1427392800000", "2015-03-26"),
        ("3/4/2026", ""),
        ("2026", ""),
        ("2026-13-01", ""),
        ("0000-00-00", ""),
        ("0001-01-01", ""),
        ("yesterday", ""),
        ("", ""),
        ("9" * 5_000, ""),
    ],
)
def test_a_date_is_read_as_the_page_states_it(stated: str, date: str) -> None:
    assert iso_date(stated) == date
