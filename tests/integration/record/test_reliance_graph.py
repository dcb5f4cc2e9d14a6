"""Which of our articles an article rests on is kept when it is published."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect

from copydesk.editorial.events import ArticlesMovedIn
from copydesk.editorial.models import Article, PublishedArticle
from copydesk.kit import clock
from copydesk.record.actions.relying import keep_reliance_of_arrivals, rest_anew
from copydesk.record.models import Reliance
from copydesk.sources.models import Relation
from tests.factories.editorial import make_article, make_static_page, publish
from tests.factories.reliance import make_resting, path_of, publish_with
from tests.factories.sources import make_citation, make_source

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page")]


def ties(article: Article) -> set[tuple[str, str]]:
    rows = Reliance.objects.filter(article=article)
    return set(rows.values_list("on__title", "tie"))


def test_links_to_our_own_articles_are_found_however_they_are_written(settings: Settings) -> None:
    settings.COPYDESK_BASE_URL = "https://weir.example"
    one, two, three, four = (make_resting(name) for name in ("One", "Two", "Three", "Four"))
    article = make_resting(
        "Resting",
        one,
        f"https://weir.example{path_of(two)}?utm=x#part",
        f"http://www.weir.example{path_of(three)}",
        path_of(four).rstrip("/"),
        "https://other.example" + path_of(one),
        "mailto:ada@weir.example",
        "#fragment",
        "/nothing-here/",
        "http://[broken",
        path_of(make_static_page()),
    )
    assert ties(article) == {(name, "link") for name in ("One", "Two", "Three", "Four")}


def test_an_old_address_leads_through_redirects() -> None:
    moved, imported, chained = make_resting("Moved"), make_resting("Imported"), make_resting("Far")
    moved = Article.objects.get(pk=moved.pk)
    old = path_of(moved)
    moved.slug = "moved-on"
    moved.save_revision()
    publish(moved)
    Redirect.objects.create(old_path="/?p=12", redirect_page=imported, site=None)
    Redirect.objects.create(old_path="/2001/far", redirect_link=path_of(chained), site=None)
    article = make_resting("Resting", old, "/?p=12", "/2001/far/")
    assert ties(article) == {("Moved", "link"), ("Imported", "link"), ("Far", "link")}


def test_an_article_does_not_rest_on_itself() -> None:
    article = make_resting("Itself")
    publish_with(
        article, f'<a href="{path_of(article)}">a</a> <a href="{path_of(article)}?x=1">b</a>'
    )
    assert ties(article) == set()


def test_a_link_that_is_gone_rests_no_more_and_what_is_written_is_not_written_again() -> None:
    one, two = make_resting("One"), make_resting("Two")
    article = make_resting("Resting", one, two)
    kept = Reliance.objects.get(article=article, on=two).pk
    publish_with(article, f'<a href="{path_of(two)}">two</a>')
    assert ties(article) == {("Two", "link")}
    assert Reliance.objects.get(article=article, on=two).pk == kept


def test_the_original_of_a_syndicated_article_counts(settings: Settings) -> None:
    original = make_resting("Original")
    canonical = f"{settings.COPYDESK_BASE_URL}{path_of(original)}"
    copy = make_resting("Copy", canonical_url=canonical)
    elsewhere = make_resting("Elsewhere", canonical_url="https://other.example" + path_of(original))
    assert ties(copy) == {("Original", "syndicated")}
    assert ties(elsewhere) == set()


def test_a_source_that_is_an_article_of_ours_counts_unless_it_is_only_disputed(
    settings: Settings,
) -> None:
    base = settings.COPYDESK_BASE_URL
    one, two = make_resting("One"), make_resting("Two")
    article = make_resting("Resting")
    make_citation(article, make_source(url=base + path_of(one)), Relation.CITES)
    make_citation(article, make_source(url=base + path_of(two)), Relation.DISPUTES)
    rest_anew([article.pk])
    assert ties(article) == {("One", "link")}


def test_a_withdrawn_article_rests_on_nothing_and_is_still_rested_on() -> None:
    one = make_resting("One")
    two = make_resting("Two", one)
    three = make_resting("Three", two)
    two.unpublish()
    assert ties(two) == set()
    assert ties(three) == {("Two", "link")}


def test_articles_of_an_archive_rest_on_each_other_whatever_their_order() -> None:
    later = make_article("Later")
    first = make_resting("First", later)
    assert ties(first) == {("Later", "link")}
    publish(later)
    Reliance.objects.all().delete()
    keys = tuple(PublishedArticle.objects.values_list("pk", flat=True))
    keep_reliance_of_arrivals(ArticlesMovedIn(article_ids=keys, at=clock.now()))
    assert ties(first) == {("Later", "link")}


def test_an_older_archive_is_gone_through_by_a_command() -> None:
    one = make_resting("One")
    two = make_resting("Two", one)
    draft = make_article("Draft")
    Reliance.objects.all().delete()
    Reliance.objects.create(article=draft, on=one, tie="link")
    out = StringIO()
    call_command("rebuild_reliance", stdout=out)
    assert "2 articles gone through." in out.getvalue()
    assert ties(two) == {("One", "link")}
    assert ties(draft) == set()


def test_the_number_of_queries_is_the_same_for_many_articles() -> None:
    target = make_resting("Target")

    def count(number: int) -> int:
        keys = [make_resting(f"{number} {each}", target, "/gone/").pk for each in range(number)]
        Reliance.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            rest_anew(keys)
        assert Reliance.objects.count() == number
        return len(queries)

    assert count(1) == count(5) <= 10


def test_hostile_markup_is_gone_through_quickly() -> None:
    target = make_resting("Target")
    article = make_resting("Hostile")
    link = f'<a href="{path_of(target)}">'
    html = "<div>" * 5_000 + '<a href="/' * 200 + "<a href=>" * 5_000 + link + '<a href="//[/">'
    PublishedArticle.objects.filter(pk=article.pk).update(body_html=html + link)
    rest_anew([article.pk])
    assert ("Target", "link") in ties(article)
