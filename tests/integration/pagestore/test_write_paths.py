"""Whatever shows on stored pages has a way to end them: each model behind a public page has its row here.

A new model in a page's queries fails the first test until a row says how it is changed; the second makes that change,
and fails where it ends no page that shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from copydesk.editorial.models import Article, Person, Publication, Series, StaticPage, Topic
from copydesk.kit import clock
from copydesk.pagestore.models import Expiry
from copydesk.record.actions.redacting import redact_content
from copydesk.record.actions.requests import decline_request
from copydesk.record.models import Entry
from copydesk.sources.actions.adding import edit_source, supply_text
from copydesk.sources.actions.keeping import keep_failure
from copydesk.sources.actions.rechecking import recheck_source
from copydesk.sources.logic.answers import Answer
from copydesk.sources.models import Check, Quotation
from tests.factories.asking import make_request
from tests.factories.editorial import (
    make_article,
    make_person,
    make_picture,
    make_series,
    make_static_page,
    make_topic,
    publish,
)
from tests.factories.members import make_member
from tests.factories.notices import notify
from tests.factories.quoting import TRUE_WORDS, make_copied_source, quotation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.test import Client
    from pytest_django import Settings

    from copydesk.editorial.models import Picture, PublishedArticle

pytestmark = pytest.mark.django_db


class Site:
    """A small publication that has one of everything."""

    def __init__(self) -> None:
        self.topic, self.person, self.series = make_topic(), make_person(), make_series()
        self.picture: Picture = make_picture()
        self.page = make_static_page()
        settings = Publication.load()
        settings.logo = self.picture
        settings.save(update_fields=["logo"])
        self.source = make_copied_source()
        self.first, self.second, self.third = (self.write(f"Story {number}") for number in range(3))

    def write(self, title: str) -> PublishedArticle:
        article = make_article(
            title,
            body=["Words.", quotation(TRUE_WORDS, self.source)],
            topics=[self.topic],
            by=[self.person],
            series=self.series,
            lead_picture=self.picture,
        )
        return publish(article)

    @property
    def annotation(self) -> str:
        return f"/quotations/{Quotation.objects.get(page_id=self.second.pk).uuid}.jsonld"

    @property
    def history(self) -> str:
        return f"/record/articles/{self.second.pk}/"

    @property
    def paths(self) -> list[str]:
        year = f"/archive/{self.first.published_at:%Y}/"
        return [
            "/", "/latest/", "/topics/", "/people/", "/archive/", year, self.topic.get_absolute_url(),
            self.person.get_absolute_url(), self.series.get_absolute_url(), self.second.path,
            "/" + self.page.url_path.split("/", 2)[2], "/feed/atom.xml", f"{self.topic.get_absolute_url()}feed/rss.xml",
            f"{self.person.get_absolute_url()}feed/feed.json", self.source.get_absolute_url(), self.annotation,
            f"/sources/of/{self.second.pk}.ris", "/corrections/", "/corrections/feed/atom.xml",
            self.history, f"{self.history}versions/1/",
            f"{self.history}compare/?from=1&to=1",
        ]  # fmt: skip


def edit(site: Site) -> None:
    article = site.second.article
    article.refresh_from_db()
    article.title = "Another headline"
    article.save_revision().publish()


def withdraw(site: Site) -> None:
    site.first.article.unpublish()


def rename(model: type[Topic | Person | Series]) -> Callable[[Site], None]:
    def do(site: Site) -> None:
        named: Topic | Person | Series = getattr(site, model.__name__.lower())
        named.name = "Another name"
        named.save(update_fields=["name"])

    return do


def credit(site: Site) -> None:
    site.picture.credit = "Somebody else"
    site.picture.save(update_fields=["credit"])


def settle(_site: Site) -> None:
    settings = Publication.load()
    settings.tagline = "Another tagline"
    settings.save(update_fields=["tagline"])


def rewrite(site: Site) -> None:
    page = StaticPage.objects.get(pk=site.page.pk)
    page.title = "Another title"
    page.save_revision().publish()


def retitle(site: Site) -> None:
    edit_source(source=site.source, values={"title": "Another title"}, at=clock.now())


def supply(site: Site) -> None:
    supply_text(source=site.source, text="Another text.", at=clock.now())


def recheck(site: Site) -> None:
    Check.objects.update(algorithm_version=0)
    recheck_source(source_id=site.source.pk, at=clock.now())


def wall(site: Site) -> None:
    keep_failure(source=site.source, answer=Answer.PAYWALLED, detail="", at=clock.now())


def misquote(site: Site) -> None:
    """Publish other words than the source's, with a reason."""
    article = Article.objects.get(pk=site.second.pk)
    article.body = [quotation("Other words.", site.source, override_reason="She asked us to.")]
    article.save_revision(user=make_member("ada")).publish(user=make_member("ada"))


def correct(site: Site) -> None:
    notify(site.second)


def answer(site: Site) -> None:
    """Decide on what a reader asked for."""
    request = make_request(site.second.pk)
    decline_request(request=request, reason="It is so.", by=make_member("ada"), at=clock.now())


def redact(site: Site) -> None:
    entry = Entry.objects.filter(article_id=site.second.pk).earliest("index")
    redact_content(entry=entry, reason="A court order.", by_id=None, at=clock.now())


# Model -> how what it shows is changed, and a page where that is seen.
SHOWN: dict[str, tuple[Callable[[Site], None], Callable[[Site], str]]] = {
    "editorial.PublishedArticle": (edit, lambda site: site.second.path),
    "editorial.PublishedTopic": (withdraw, lambda site: site.topic.get_absolute_url()),
    "editorial.PublishedByline": (withdraw, lambda site: site.person.get_absolute_url()),
    "editorial.PublishedMonth": (withdraw, lambda _site: "/archive/"),
    "editorial.Topic": (rename(Topic), lambda site: site.second.path),
    "editorial.Person": (rename(Person), lambda site: site.second.path),
    "editorial.Series": (rename(Series), lambda site: site.second.path),
    "editorial.Picture": (credit, lambda site: site.second.path),
    "editorial.Publication": (settle, lambda site: site.second.path),
    "editorial.StaticPage": (rewrite, lambda site: site.paths[10]),
    # A static page is looked for where an article was withdrawn.
    "editorial.WithdrawnAddress": (withdraw, lambda site: site.first.path),
    "wagtailcore.Page": (rewrite, lambda site: site.paths[10]),
    # The key of a feed's entry never changes; the article's page is PublishedArticle's.
    "editorial.Article": (edit, lambda _site: "/feed/atom.xml"),
    "sources.Source": (retitle, lambda site: site.second.path),
    "sources.Snapshot": (supply, lambda site: site.second.path),
    "sources.Check": (recheck, lambda site: site.second.path),
    "sources.Quotation": (withdraw, lambda site: site.source.get_absolute_url()),
    "sources.Citation": (edit, lambda site: f"/sources/of/{site.second.pk}.ris"),
    "sources.Override": (misquote, lambda site: site.source.get_absolute_url()),
    "sources.SourceEvent": (wall, lambda site: site.source.get_absolute_url()),
    "record.Entry": (edit, lambda site: site.history),
    "record.Payload": (edit, lambda site: f"{site.history}versions/1/"),
    "record.Redaction": (redact, lambda site: f"{site.history}versions/1/"),
    "record.CorrectionRequest": (answer, lambda _site: "/corrections/"),
    "record.Notice": (correct, lambda _site: "/corrections/"),
    # The root of the tree: where it stands decides the path of every static page.
    "editorial.FrontPage": (rewrite, lambda site: site.paths[10]),
}


@pytest.fixture
def site(front_page: object, settings: Settings, tmp_path: Path) -> Site:
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path
    return Site()


def _models_behind(client: Client, path: str) -> Iterator[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, path
    tables = {model._meta.db_table: model._meta.label for model in apps.get_models()}
    for query in asked.captured_queries:
        words = query["sql"].replace('"', " ").replace("(", " ").split()
        yield from (tables[word] for word in words if word in tables)


def test_every_model_behind_a_page_has_a_row(site: Site, client: Client) -> None:
    found = {label for path in site.paths for label in _models_behind(client, path)}
    assert found == set(SHOWN), "say in SHOWN how what it shows is changed"


@pytest.mark.parametrize("label", sorted(SHOWN))
def test_changing_it_ends_the_pages_that_show_it(site: Site, client: Client, label: str) -> None:
    change, where = SHOWN[label]
    path = where(site)
    shown = set(client.get(path)["Surrogate-Key"].split())
    last = Expiry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    change(site)
    ended = {tag for row in Expiry.objects.filter(pk__gt=last) for tag in row.tags.split()}
    assert shown & ended, f"{path} carries {sorted(shown)}, the change ended {sorted(ended)}"


@pytest.mark.parametrize("change", [edit, withdraw], ids=["edit", "withdraw"])
def test_an_article_ends_the_pages_beside_it_and_no_others(
    site: Site, client: Client, change: Callable[[Site], None]
) -> None:
    elsewhere = [
        publish(make_article("Far away", topics=["Another topic"], by=["Another person"]))
        for _number in range(7)
    ]
    far = elsewhere[3]
    tags = set(client.get(far.path)["Surrogate-Key"].split())
    last = Expiry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    change(site)
    ended = {tag for row in Expiry.objects.filter(pk__gt=last) for tag in row.tags.split()}
    assert not tags & ended


@pytest.mark.parametrize("how", ["replaced", "deleted"])
def test_the_logo_changes_on_every_page(site: Site, client: Client, how: str) -> None:
    before = client.get(site.second.path).content
    last = Expiry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    if how == "deleted":
        site.picture.delete()
    else:
        site.picture.file_hash = "f" * 40
        site.picture.save(update_fields=["file_hash"])
    ended = {tag for row in Expiry.objects.filter(pk__gt=last) for tag in row.tags.split()}
    assert "layout" in ended
    assert client.get(site.second.path).content != before


def test_a_biography_that_links_to_an_article_follows_it(site: Site, client: Client) -> None:
    site.person.bio = f'<p><a linktype="page" id="{site.first.pk}">before</a></p>'
    site.person.save(update_fields=["bio"])
    shown = client.get(site.person.get_absolute_url())["Surrogate-Key"].split()
    assert f"article:{site.first.pk}" in shown
    other = make_person("Somebody else", bio=site.person.bio)
    assert (
        f"article:{site.first.pk}" in client.get(other.get_absolute_url())["Surrogate-Key"].split()
    )


@pytest.mark.django_db(transaction=True)
def test_a_picture_is_not_changed_without_its_expiry(
    front_page: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever saves it, in whatever transaction or none: a process that dies in between has changed nothing."""
    picture = make_picture(credit="Before")
    monkeypatch.setattr("copydesk.editorial.actions.expire_named", _die)
    picture.credit = "After"
    with pytest.raises(KeyboardInterrupt):
        picture.save(update_fields=["credit"])
    picture.refresh_from_db()
    assert picture.credit == "Before"


def _die(*_args: object, **_more: object) -> None:
    raise KeyboardInterrupt
