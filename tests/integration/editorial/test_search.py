"""Search on both databases: what is found, in which order, and what never is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copydesk.editorial.backends import search
from copydesk.editorial.queries.searching import search_articles
from tests.factories.editorial import block, make_article, publish

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    return [result.card.headline for result in search_articles(query).results]


def test_words_are_found_in_headline_standfirst_names_and_body() -> None:
    publish(
        make_article(
            "Weirs",
            standfirst="About sluices.",
            body=["The miller's wheel."],
            by=["Rosa Reporter"],
            topics=["Rivers"],
        )
    )
    for query in ("weirs", "SLUICES", "miller", "reporter", "rivers", "weirs miller", "mill"):
        assert found(query) == ["Weirs"], query
    assert found("weirs absent") == []


def test_a_headline_counts_more_than_a_body() -> None:
    publish(make_article("Something else", body=["A weir stands here."]))
    publish(make_article("The weir", body=["Words."]))
    assert found("weir") == ["The weir", "Something else"]


def test_hits_are_marked_and_the_rest_is_escaped() -> None:
    publish(make_article("Code", body=["Before &lt;script&gt;alert(1)&lt;/script&gt; weir after."]))
    html = search_articles("weir").results[0].snippet_html
    assert "<mark>weir</mark>" in html
    assert "<script" not in html


def test_hits_in_a_headline_are_marked_in_it() -> None:
    publish(make_article("Weirs & <locks>", body=["Words."]))
    result = search_articles("weirs").results[0]
    assert result.headline_html == "<mark>Weirs</mark> &amp; &lt;locks&gt;"


def test_what_is_found_by_a_name_alone_is_shown_by_its_standfirst() -> None:
    publish(
        make_article("Weirs", standfirst="About sluices.", by=["Rosa Reporter"], topics=["Rivers"])
    )
    result = search_articles("rivers").results[0]
    assert "About sluices." in result.snippet_html
    assert "Rosa" not in result.snippet_html


def test_accents_do_not_matter_to_a_search_that_has_them() -> None:
    publish(make_article("Brücken", body=["Über den Fluß."]))
    assert found("brücken") == ["Brücken"]


def test_a_misspelt_query_is_set_right() -> None:
    publish(make_article("Sluice gates", body=["The sluice opened."]))
    result = search_articles("slucie")
    assert result.results == []
    assert result.suggestion is not None
    assert result.suggestion.label == "sluice"


def test_what_is_withdrawn_is_not_found() -> None:
    article = make_article("Weirs")
    publish(article)
    article.unpublish()
    assert found("weirs") == []


def test_a_new_version_replaces_the_old() -> None:
    article = make_article("Weirs")
    publish(article)
    article.title = "Locks"
    article.save_revision()
    publish(article)
    assert found("weirs") == []
    assert found("locks") == ["Locks"]


def test_gated_text_is_not_even_suggested() -> None:
    publish(make_article(body=["Open.", block("preview_end"), "Quincunx."], visibility="paid"))
    assert search_articles("quincunx").results == []
    assert search_articles("quincunz").suggestion is None


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "'",
        "*",
        "a*b",
        "NEAR(",
        "weir OR",
        "AND",
        "-weir",
        "weir:",
        "(",
        "\\",
        "%",
        "_",
        ":*",
        "& |",
        "!",
        "<->",
        "x" * 5000,
        "\0",
        "\ue000",
        "weir " * 500,
        "日本",
        "ا",
    ],
)
def test_no_query_breaks_it(client: Client, query: str) -> None:
    publish(make_article("Weirs"))
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200


def test_pages_of_results() -> None:
    for number in range(17):
        publish(make_article(f"Weir {number}"))
    first, second = search_articles("weir"), search_articles("weir", 2)
    assert (len(first.results), len(second.results)) == (15, 2)
    assert first.total_label == "17 articles"
    assert (first.older_url, second.newer_url) == ("/search/?q=weir&page=2", "/search/?q=weir")
    assert second.older_url is None


def test_a_very_long_text_is_still_found() -> None:
    publish(make_article("Long", body=["sluice " + "unendingly " * 200_000]))
    assert found("sluice") == ["Long"]


def test_words_of_a_query_are_bounded() -> None:
    assert len(search.query_words("a " * 100)) == 12
