"""Every address of Wagtail's desk that names a page, in the hands of those whose page it is not.

The addresses are read from the desk itself, so one that a new Wagtail brings is tried as soon as it is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.models import Page, Revision

from copydesk.editorial.models import Article, FrontPage, PublishedArticle
from tests.factories.desk import enter
from tests.factories.editorial import make_article, make_static_page, publish
from tests.factories.members import make_member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

pytestmark = pytest.mark.django_db

SECRET = "Zebrafish"
POSTED = {"title": "Mine", "slug": "mine", "action-publish": "1", "confirm": "1"}


def names(resolver: Any, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, frozenset[str]]]:
    """Every name of an address below `resolver`, with what it is to be filled with."""
    for space, (_prefix, below) in resolver.namespace_dict.items():
        yield from names(below, (*spaces, space))
    for name in filter(lambda name: isinstance(name, str), resolver.reverse_dict):
        for ways, *_more in resolver.reverse_dict.getlist(name):
            for _way, parameters in ways:
                yield ":".join((*spaces, name)), frozenset(parameters)


def addresses(values: dict[str, Any]) -> Iterator[str]:
    for name, parameters in set(names(get_resolver())):
        if name.startswith("wagtailadmin") and parameters and parameters <= set(values):
            try:
                yield reverse(name, kwargs={each: values[each] for each in parameters})
            except NoReverseMatch:  # For another kind of thing of that name.
                continue


@pytest.fixture
def article(front_page: FrontPage) -> Article:
    """Ada's: live, and with another headline in the draft over it."""
    article = make_article("The bridge", owner=make_member("ada"))
    publish(article)
    article.title = SECRET
    article.save_revision()
    return article


@pytest.fixture
def theirs(front_page: FrontPage, article: Article) -> list[str]:
    """Every address that names Ada's article, or where it stands."""
    values = {
        "page_id": article.pk,
        "page_pk": article.pk,
        "page_to_move_id": article.pk,
        "parent_page_id": front_page.pk,
        "destination_id": make_static_page().pk,
        "revision_id": article.latest_revision_id,
        "revision_id_a": article.live_revision_id,
        "revision_id_b": article.latest_revision_id,
        "app_label": "wagtailcore",
        "model_name": "page",
        "action": "publish",
        "content_type_app_name": "editorial",
        "content_type_model_name": "article",
    }
    return sorted(addresses(values))


def state() -> list[Any]:
    models: list[type[Any]] = [Page, PublishedArticle, Revision]
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_addresses_are_found(theirs: list[str], article: Article) -> None:
    assert len(theirs) > 30
    assert reverse("wagtailadmin_pages:move", args=[article.pk]) in theirs


@pytest.mark.parametrize("who", ["wanda", "carl", "mo", "ben"])
def test_no_address_of_the_desk_changes_what_is_not_theirs(
    client: Client, theirs: list[str], who: str
) -> None:
    before = state()
    enter(client, make_member(who))
    # A form that lacks its parts may well be an error; all that matters here is that nothing comes of it.
    client.raise_request_exception = False
    for address in theirs:
        client.get(address)
        client.post(address, POSTED)
        assert state() == before, address


@pytest.mark.parametrize("who", ["mo", "ben"])
def test_no_address_of_the_desk_shows_drafts_to_who_does_not_write(
    client: Client, theirs: list[str], who: str
) -> None:
    enter(client, make_member(who))
    assert [address for address in theirs if SECRET in client.get(address).content.decode()] == []


@pytest.mark.parametrize("who", ["olga", "ada", "wanda", "carl"])
def test_those_who_write_find_the_articles_under_the_front_page(
    client: Client, front_page: FrontPage, article: Article, who: str
) -> None:
    address = reverse("wagtailadmin_explore", args=[front_page.pk])
    assert SECRET in enter(client, make_member(who)).get(address).content.decode()
