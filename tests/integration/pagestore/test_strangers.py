"""What strangers try with the store: nothing they send changes what others get, or costs more than an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.pages import session_cookie

if TYPE_CHECKING:
    from copydesk.editorial.models import PublishedArticle
    from copydesk.members.models import Member
    from tests.factories.pages import Node

pytestmark = pytest.mark.django_db


POISONS: list[dict[str, Any]] = [
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_X_FORWARDED_PORT": "1337", "HTTP_X_FORWARDED_PREFIX": "/evil"},
    {"HTTP_X_ORIGINAL_URL": "/evil/", "HTTP_X_REWRITE_URL": "/evil/"},
    {"HTTP_HOST": "localhost:1337"},
    {"HTTP_ACCEPT_LANGUAGE": "ar"},
    {"HTTP_ACCEPT_LANGUAGE": "evil\r\nSet-Cookie: a=1"},
    {"HTTP_COOKIE": "django_language=ar; theme=evil"},
    {"HTTP_USER_AGENT": "<script>evil</script>", "HTTP_REFERER": "https://evil.example/"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST", "HTTP_X_METHOD_OVERRIDE": "PUT"},
    {"QUERY_STRING": "evil=<script>&utm_content=evil"},
    {"QUERY_STRING": "lang=ar&next=//evil.example"},
    {"HTTP_ACCEPT": "application/json", "HTTP_HX_REQUEST": "true"},
    {"HTTP_ACCEPT_ENCODING": "evil, gzip;q=0"},
    {"HTTP_RANGE": "bytes=0-3"},
    {"HTTP_IF_NONE_MATCH": "*"},
    {
        "CONTENT_LENGTH": "11",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "body": b"before=evil",
    },
]


@pytest.mark.parametrize("poison", POISONS, ids="-".join)
def test_nothing_a_stranger_sends_changes_what_others_get(
    node: Node, other_node: Node, article: PublishedArticle, poison: dict[str, Any]
) -> None:
    honest = other_node.get(article.path)
    for path in (article.path, "/", "/latest/"):
        node.get(path, **poison)
    answer = node.get(article.path)
    assert (answer.status, answer.body) == (200, honest.body)
    assert not {"Set-Cookie", "Content-Encoding"} & set(answer.headers)
    for value in ("evil", "1337"):
        assert value not in answer.text
        assert value not in str(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        "{path}x.css", "{path}.js", "{path}%2e%2e/account/", "{path};a.css", "{path}index.php/x.css", "{path}..%2f",
        "/account/email/x.css", "/account/%2e%2e/account/email/", "/%2faccount/email/x.jpg", "//localhost{path}",
        "/\u00e9vil/", "/%00", "/" + "a/" * 400, "/a\r\nSet-Cookie: evil=1/",
    ],
)  # fmt: skip
def test_odd_paths_are_stored_under_no_other_name(
    node: Node, article: PublishedArticle, ben: Member, path: str
) -> None:
    asked = path.format(path=article.path)
    answer = node.get(asked, HTTP_COOKIE=session_cookie(ben))
    assert answer.status in {200, 301, 302, 400, 404}
    assert "\n" not in answer.headers.get("Location", "")
    assert answer.status != 200 or answer.body == node.get(article.path).body
    assert "ben@" not in node.get(asked).text


def test_hosts_that_are_not_ours_are_refused_and_not_stored(
    node: Node, article: PublishedArticle
) -> None:
    node.get(article.path)
    for host in (
        "evil.example",
        "localhost.evil.example",
        "localhost@evil.example",
        "",
        "[",
        "a" * 5_000,
    ):
        assert node.get(article.path, HTTP_HOST=host).status == 400, host
    assert node.store
    assert node.store.counts()["pages"] == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
def test_other_methods_go_past_the_store(
    node: Node, article: PublishedArticle, method: str
) -> None:
    node.get(article.path)
    assert node.ask(method, article.path).status in {403, 405}
    assert node.is_stored(article.path)


def test_an_address_of_a_megabyte_is_answered_and_not_stored(
    node: Node, article: PublishedArticle
) -> None:
    node.get("/latest/")
    assert node.get(article.path, QUERY_STRING="a" * 1_000_000).status == 200
    assert node.get("/" + "a" * 1_000_000).status == 404
    assert node.store
    assert node.store.counts()["pages"] == 1
