"""Readers see every version of an article, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from copydesk.editorial.models import Article
from tests.factories.editorial import make_article, make_body, publish

if TYPE_CHECKING:
    from copydesk.editorial.models import FrontPage, PublishedArticle

pytestmark = pytest.mark.django_db


def change(
    article: Article, *, note: str = "", is_minor: bool = False, **fields: Any
) -> PublishedArticle:
    """Publish another version, as the desk does."""
    article = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(article, name, make_body(*value) if name == "body" else value)
    article.change_note, article.change_is_minor = note, is_minor
    article.save_revision()
    return publish(article)


def shown(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return " ".join(response.content.decode().split())


@pytest.fixture
def bridges(front_page: FrontPage) -> Article:
    """An article with four versions, one of form alone."""
    article = make_article("On bridges", body=["They hold forty tons.", "They are old."])
    publish(article)
    change(
        article,
        note="A reader told us the weight.",
        body=["They hold fifty tons.", "They are old."],
    )
    change(article, is_minor=True, body=["They hold fifty tons.", "They are old, too."])
    change(article, title="On old bridges")
    return article


def address(article: Article, rest: str = "") -> str:
    return f"/record/articles/{article.pk}/{rest}"


def test_the_history_lists_every_version_with_its_note(bridges: Article, client: Client) -> None:
    page = shown(client, address(bridges))
    assert page.index("version 4") < page.index("version 3") < page.index("version 2")
    assert "A reader told us the weight." in page
    assert page.count("No note was given.") == 1
    assert "<summary> A small correction of form </summary>" in page
    assert "what readers get now" in page


def test_the_article_leads_to_its_history_once_there_is_one(
    front_page: FrontPage, client: Client
) -> None:
    article = make_article("On bridges")
    path = publish(article).path
    assert address(article) not in shown(client, path)
    change(article, title="On old bridges", slug=article.slug)
    assert f'href="{address(article)}"' in shown(client, path)


def test_a_version_is_shown_as_readers_got_it(bridges: Article, client: Client) -> None:
    page = shown(client, address(bridges, "versions/1/"))
    assert "They hold forty tons." in page
    assert "<h1>On bridges</h1>" in page
    assert "The article has been changed since." in page
    assert 'name="robots" content="noindex' in page
    assert "the version that readers get now" in shown(client, address(bridges, "versions/4/"))


def test_what_changed_is_marked_word_by_word(bridges: Article, client: Client) -> None:
    page = shown(client, address(bridges, "compare/?from=1&to=2"))
    assert "[taken out: </span>forty<" in page
    assert "[put in: </span>fifty<" in page
    assert "They are old." in page
    assert "A reader told us the weight." in page
    both = shown(client, address(bridges, "compare/?from=4&to=1"))
    assert "Headline" in both
    assert "</span>, too<" in both
    assert "Nothing differs" in shown(client, address(bridges, "compare/?from=2&to=2"))
