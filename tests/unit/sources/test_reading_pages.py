from __future__ import annotations

import pytest

from copydesk.sources.logic.reading import Reading, read_source

WORDS = "<p>" + "Plain words of an ordinary article. " * 100 + "</p>"
FREE = (
    '<script type="application/ld+json">{{"@type":"NewsArticle","isAccessibleForFree":{}}}</script>'
)


def read(html: str, **headers: str) -> Reading:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_source(html.encode(), content_type="text/html", headers=named)


@pytest.mark.parametrize(
    "html",
    [
        '<meta name="robots" content="noindex, NOARCHIVE"><p>a</p>',
        "<META NAME=Googlebot CONTENT=noarchive><p>a</p>",
        '<meta name="robots" content="nocache"><p>a</p>',
    ],
)
def test_a_page_may_ask_to_show_no_copy(html: str) -> None:
    assert read(html).is_noarchive


def test_an_answer_may_ask_so_too() -> None:
    assert read("<p>a</p>", X_Robots_Tag="googlebot: noarchive").is_noarchive
    text = read_source(b"a", content_type="text/plain", headers={"x-robots-tag": "noarchive"})
    assert text.is_noarchive


def test_noindex_does_not_ask_that() -> None:
    assert not read(
        '<meta name="robots" content="noindex,nofollow"><p>noarchive</p>', X_Robots_Tag="none"
    ).is_noarchive


@pytest.mark.parametrize(
    "html",
    [
        FREE.format("false") + WORDS,
        FREE.format('"False"') + WORDS,
        "<p>Teaser.</p><p>Subscribe now to continue reading.</p>",
        "<p>Teaser.</p><p>To continue reading, please log in.</p>",
        "<p>Teaser.</p><p>This article is for subscribers only.</p>",
        "<p>You’ve reached your limit of free articles.</p>",
        "<p>Cet article est réservé aux abonnés.</p>",
    ],
)
def test_a_paywall_is_known(html: str) -> None:
    assert read(html).is_paywalled


@pytest.mark.parametrize(
    "html",
    [
        FREE.format("true") + WORDS,
        FREE.format("null") + WORDS,
        WORDS + "<p>Subscribe now to continue reading us every day.</p>",
        "<p>Teaser.</p><p>Subscribe to our newsletter.</p>",
        '<script type="application/ld+json">{"@type":"Event","isAccessibleForFree":false}</script>'
        + WORDS,
    ],
)
def test_an_offer_is_no_paywall(html: str) -> None:
    assert not read(html).is_paywalled


@pytest.mark.parametrize(
    "html",
    [
        "<title>Just a moment...</title><p>Checking your browser.</p>",
        "<title>Attention Required! | Cloudflare</title><p>Sorry</p>",
        "<title>Access denied</title><p>You do not have permission.</p>",
        "<title>a.example</title><p>Verify you are human by completing the action below.</p>",
        "<title>a.example</title><p>x</p><script>window._cf_chl_opt = {}</script>",
    ],
)
def test_a_wall_against_bots_is_known(html: str) -> None:
    assert read(html).is_bot_wall


def test_the_header_of_a_challenge_is_enough() -> None:
    assert read("<p>a</p>", Cf_Mitigated="challenge").is_bot_wall


@pytest.mark.parametrize(
    "html",
    [
        "<title>Just a moment in history</title>" + WORDS,
        "<title>A captcha</title><p>Short note on things.</p>",
        "<title>News</title><script>window._cf_chl_opt = {}</script>" + WORDS,
    ],
)
def test_an_article_about_walls_is_none(html: str) -> None:
    assert not read(html).is_bot_wall


@pytest.mark.parametrize(
    "html",
    [
        "<title>404 Not Found</title><p>nginx</p>",
        "<title>Page not found | The Paper</title><p>Sorry.</p>",
        "<title>Seite nicht gefunden</title><p>Leider.</p>",
        "<title>The Paper</title><p>The page you’re looking for can’t be found.</p>",
        "<title>The Paper</title><p>We could not find that page.</p>",
    ],
)
def test_a_page_that_says_it_is_gone_is_known(html: str) -> None:
    assert read(html).is_soft_404


@pytest.mark.parametrize(
    "html",
    [
        "<title>Not found guilty: the verdict</title>" + WORDS,
        "<title>A lost city was not found</title><p>Short.</p>",
        "<title>Room 404</title><p>A story of a hotel.</p>",
    ],
)
def test_a_page_about_lost_things_is_not_gone(html: str) -> None:
    assert not read(html).is_soft_404
