"""What readers get from the store, and who gets it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from django.contrib.auth.models import AnonymousUser

from tests.factories.editorial import make_article, make_person, make_topic, publish
from tests.factories.pages import session_cookie

if TYPE_CHECKING:
    from pytest_django import Settings

    from copydesk.editorial.models import PublishedArticle
    from copydesk.members.models import Member
    from tests.factories.pages import Node

pytestmark = pytest.mark.django_db


SECRET = "Quincunx"


def test_the_second_reader_is_answered_without_django(
    node: Node, article: PublishedArticle
) -> None:
    first = node.get(article.path)
    second = node.get(article.path)
    assert node.made == [article.path]
    assert (first.status, first.body) == (second.status, second.body)
    assert "Weirs and locks." in second.text
    assert first.headers == second.headers


def test_a_stored_page_says_what_it_is(node: Node, article: PublishedArticle) -> None:
    headers = node.get(article.path).headers
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {"layout", f"article:{article.pk}"} < set(headers["Surrogate-Key"].split())
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Etag"].startswith('W/"')
    assert "Last-Modified" in headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_each_reader_gets_the_coding_they_take(node: Node, article: PublishedArticle) -> None:
    plain = node.get(article.path)
    zipped = node.get(article.path, HTTP_ACCEPT_ENCODING="gzip")
    best = node.get(article.path, HTTP_ACCEPT_ENCODING="gzip, deflate, br, zstd")
    assert node.made == [article.path]
    assert gzip.decompress(zipped.body) == plain.body == brotli.decompress(best.body)
    assert (zipped.headers["Content-Encoding"], best.headers["Content-Encoding"]) == ("gzip", "br")
    assert best.headers["Content-Length"] == str(len(best.body))


def test_a_reader_who_has_the_page_is_told_so(node: Node, article: PublishedArticle) -> None:
    etag = node.get(article.path).headers["Etag"]
    for name, value in (
        ("HTTP_IF_NONE_MATCH", etag),
        ("HTTP_IF_NONE_MATCH", f'"x", {etag.removeprefix("W/")}'),
        ("HTTP_IF_MODIFIED_SINCE", "Fri, 01 Jan 2100 00:00:00 GMT"),
    ):
        answer = node.get(article.path, **{name: value})
        assert (answer.status, answer.body) == (304, b""), name
        assert answer.headers["Etag"] == etag
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "Content-Length" not in answer.headers
    assert node.get(article.path, HTTP_IF_NONE_MATCH='"other"').status == 200
    assert node.made == [article.path]


def test_the_first_reader_may_have_the_page_from_elsewhere(
    node: Node, article: PublishedArticle, other_node: Node
) -> None:
    etag = other_node.get(article.path).headers["Etag"]
    assert node.get(article.path, HTTP_IF_NONE_MATCH=etag).status == 304
    assert node.made == [article.path]
    assert "Weirs" in node.get(article.path).text, "and the page is stored nevertheless"
    assert node.made == [article.path]


def test_head_is_get_without_the_body(node: Node, article: PublishedArticle) -> None:
    assert node.ask("HEAD", article.path).body == b"" or node.made == [article.path]
    whole = node.get(article.path)
    made = len(node.made)
    head = node.ask("HEAD", article.path)
    assert (head.status, head.body, head.headers) == (200, b"", whole.headers)
    assert len(node.made) == made


def test_the_page_of_a_list_is_stored_by_what_its_view_reads(
    node: Node, article: PublishedArticle
) -> None:
    position = f"before={int(article.published_at.timestamp() * 1e6) + 10}-{article.pk}"
    first, older = node.get("/latest/"), node.get(f"/latest/?{position}")
    assert len(node.made) == 2
    assert node.get(f"/latest/?utm_source=x&{position}&y=2").body == older.body
    assert node.get("/latest/?utm_source=mail").body == first.body
    assert node.get("/latest/?x=1&x=2&x=3").body == first.body
    assert len(node.made) == 2


def test_thousands_of_queries_are_one_page(node: Node, article: PublishedArticle) -> None:
    for number in range(3_000):
        assert node.get(article.path, QUERY_STRING=f"fbclid={number}&n={number}").status == 200
    assert node.made == [article.path]
    assert node.store
    assert node.store.counts()["pages"] == 1
    assert len(node.front.hot.answers) <= 2_000


def test_old_addresses_on_the_front_page_lead_on_though_it_is_stored(
    node: Node, article: PublishedArticle
) -> None:
    from wagtail.contrib.redirects.models import Redirect

    Redirect.objects.create(old_path="/?p=12", redirect_link=article.path, is_permanent=True)
    assert node.get("/").status == 200
    assert node.get("/?p=12").headers["Location"] == article.path
    assert node.get("/").status == 200
    assert node.get("/?p=12").status == 301
    assert node.get("/?p=12&utm_source=x").status == 301
    for stray in ("/?p=13", "/?p=13&x=1", "/?m=1"):
        assert node.get(stray).headers["Location"] == "/", (
            "no page of its own that a later redirect would not end"
        )
    Redirect.objects.create(old_path="/?p=13", redirect_link=article.path, is_permanent=True)
    assert node.get("/?p=13").headers["Location"] == article.path
    assert node.get("/?p=").status == 200


@pytest.fixture
def gated(node: Node) -> PublishedArticle:
    """An article for members, with a public beginning."""
    from tests.factories.editorial import block

    body: list[Any] = ["For all.", block("preview_end"), f"{SECRET} for members."]
    return publish(make_article("For members", body=body, visibility="members"))


def test_members_read_public_pages_from_the_store_and_find_nothing_of_each_other(
    node: Node, article: PublishedArticle, ada: Member, ben: Member
) -> None:
    by_ada = node.get(article.path, HTTP_COOKIE=session_cookie(ada))
    by_ben = node.get(article.path, HTTP_COOKIE=session_cookie(ben))
    stranger = node.get(article.path)
    assert node.made == [article.path]
    assert by_ada.body == by_ben.body == stranger.body
    for name in ("ada", "ben", "Sign out", "Edit this page", "csrf"):
        assert name not in by_ada.text, name
    assert "Set-Cookie" not in by_ada.headers


@pytest.mark.parametrize("order", ["stranger first", "member first"])
def test_gated_text_is_served_to_nobody_it_is_not_for(
    node: Node, gated: PublishedArticle, ben: Member, order: str
) -> None:
    cookie = session_cookie(ben)
    asked: list[dict[str, Any]] = [{}, {"HTTP_COOKIE": cookie}]
    for given in asked if order == "stranger first" else reversed(asked):
        for _twice in range(2):
            answer = node.get(gated.path, **given)
            assert (SECRET in answer.text) == bool(given), given
            assert answer.headers["Cache-Control"] == "private, no-cache"
            assert "Cookie" in answer.headers["Vary"]
    for cookie in ("sessionid=forged", "sessionid=", "sessionid=x; sessionid=y", "member=1"):
        assert SECRET not in node.get(gated.path, HTTP_COOKIE=cookie).text
    assert SECRET not in node.get(gated.path, HTTP_AUTHORIZATION="Bearer x").text


@pytest.mark.parametrize("name", ["sessionid ", "sessionid\t", " sessionid", "x=1;sessionid "])
def test_however_a_member_writes_their_cookie_their_page_is_not_stored(
    node: Node, gated: PublishedArticle, ben: Member, name: str
) -> None:
    value = session_cookie(ben).partition(";")[0].partition("=")[2]
    for _twice in range(2):
        assert SECRET in node.get(gated.path, HTTP_COOKIE=f"{name}={value}").text
        assert SECRET not in node.get(gated.path).text


def test_strangers_get_the_beginning_of_a_gated_article_from_the_store(
    node: Node, gated: PublishedArticle
) -> None:
    node.get(gated.path)
    assert node.is_stored(gated.path)
    assert node.is_stored(gated.path, HTTP_COOKIE="theme=dark")
    assert not node.is_stored(gated.path, HTTP_COOKIE="sessionid=x")


def test_every_stored_page_is_the_same_for_all(
    node: Node, article: PublishedArticle, ada: Member, olga: Member, other_node: Node
) -> None:
    """Every kind of page that is stored, made for a stranger at one node and for the owner at another."""
    topic, person = article.topics[0], article.authors[0]
    kinds = [
        "/", "/latest/", "/topics/", "/people/", "/archive/", article.path, topic.get_absolute_url(),
        person.get_absolute_url(), f"/archive/{article.published_at:%Y}/", f"/archive/{article.published_at:%Y/%m}/",
        "/feed/atom.xml", "/feed/rss.xml", "/feed/feed.json",
    ]  # fmt: skip
    for path in kinds:
        for_all, for_owner = node.get(path), other_node.get(path, HTTP_COOKIE=session_cookie(olga))
        assert for_all.status == 200, path
        assert for_all.body == for_owner.body, path
        assert other_node.is_stored(path), path


def test_pages_of_accounts_the_desk_and_searches_are_never_stored(node: Node, ada: Member) -> None:
    cookie = session_cookie(ada)
    for path in (
        "/account/login/",
        "/account/email/",
        "/desk/",
        "/search/?q=x",
        "/-/menu/",
        "/-/patterns/",
        "/no/such/",
    ):
        for given in ({}, {"HTTP_COOKIE": cookie}):
            node.get(path, **given)
            assert not node.is_stored(path, **given), (path, given)
    assert node.store
    assert node.store.counts()["pages"] == 0


def test_a_word_for_one_reader_is_shown_once_and_never_stored(
    node: Node, article: PublishedArticle
) -> None:
    from django.contrib.messages.storage.cookie import CookieStorage
    from django.http import HttpResponse
    from django.test import RequestFactory

    storage, response = CookieStorage(RequestFactory().get("/")), HttpResponse()
    storage.add(20, "Hello Ada alone")
    storage.update(response)
    node.get(article.path)
    told = node.get(
        article.path, HTTP_COOKIE=f"messages={response.cookies['messages'].coded_value}"
    )
    assert "Hello Ada alone" in told.text
    assert told.headers["Cache-Control"] == "private, no-store"
    assert "Hello" not in node.get(article.path).text


def test_a_view_sees_a_stranger_unless_it_asks(ada: Member) -> None:
    from django.http import HttpRequest, HttpResponse

    from copydesk.pagestore.views import reader_of, stored

    seen: list[object] = []

    @stored()
    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.user)
        seen.append(reader_of(request))
        return HttpResponse("x")

    request = HttpRequest()
    request.user = ada
    response = view(request)
    assert isinstance(seen[0], AnonymousUser)
    assert seen[1] == ada
    assert response["Cache-Control"] == "private, no-cache"


def test_the_menu_knows_who_asks(
    node: Node, article: PublishedArticle, ada: Member, ben: Member
) -> None:
    editor = node.get(f"/-/menu/?path={article.path}", HTTP_COOKIE=session_cookie(ada))
    member = node.get(f"/-/menu/?path={article.path}", HTTP_COOKIE=session_cookie(ben))
    stranger = node.get("/-/menu/")
    assert f"/desk/pages/{article.pk}/edit/" in editor.text
    assert "Edit this page" not in member.text
    assert "Sign out" in member.text
    assert "Sign out" not in stranger.text
    for answer in (editor, member, stranger):
        assert "no-store" in answer.headers["Cache-Control"]


def test_pages_of_topics_and_people_come_from_the_store(node: Node) -> None:
    topic, person = make_topic("Bridges"), make_person("Rosa")
    publish(make_article("One", topics=[topic], by=[person]))
    for path in (
        topic.get_absolute_url(),
        person.get_absolute_url(),
        f"{topic.get_absolute_url()}feed/atom.xml",
    ):
        node.get(path)
        assert node.is_stored(path), path


def test_a_network_of_copies_may_keep_pages_only_if_it_is_told(
    node: Node, article: PublishedArticle, settings: Settings
) -> None:
    assert "s-maxage" not in node.get(article.path).headers["Cache-Control"]
