"""The demo publication: whole, lively, and loaded once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client, override_settings
from selectolax.lexbor import LexborHTMLParser
from wagtail.models import Page, Revision

from copydesk.editorial.blocks import ArticleBody
from copydesk.editorial.models import (
    Article,
    Kind,
    Person,
    Picture,
    Publication,
    PublishedArticle,
    PublishedByline,
    Series,
    StaticPage,
    Topic,
    Visibility,
    WithdrawnAddress,
)
from copydesk.kit import clock
from copydesk.members.models import Member
from copydesk.ops.demo.catalog import CONTENT, PASSWORD
from copydesk.ops.demo.loader import load_demo
from copydesk.record.models import WITH_TEXT, Entry, Notice
from copydesk.record.queries.inspection import inspect_record
from copydesk.sources.actions.checking import compare
from copydesk.sources.logic.verdicts import Verdict
from copydesk.sources.models import Handling, Source, SourceEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

MEBIBYTE = 1024 * 1024
LINK = re.compile(r'(?:href|src|poster)="(/[^"#?]*)')
GOOD = 200


@pytest.fixture(scope="module")
def _loaded(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Load the demo once for all tests of this module, each of which is undone behind it."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        load_demo(at=clock.now(), tell=lambda _line: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded: None, db: None) -> None:
    """The demo, in a transaction of the test's own."""


def counts() -> dict[str, int]:
    models = (Page, Revision, Picture, Person, Topic, Series, Member, PublishedArticle)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.usefixtures("demo")
def test_the_second_load_changes_nothing() -> None:
    before = counts()
    assert load_demo(at=clock.now(), tell=lambda _line: None) is False
    assert counts() == before


@pytest.mark.usefixtures("demo")
def test_it_shows_what_a_publication_can_have() -> None:
    assert PublishedArticle.objects.count() >= 24
    assert (StaticPage.objects.live().count(), Topic.objects.count(), Series.objects.count()) == (
        7,
        9,
        2,
    )
    assert {article.kind for article in PublishedArticle.objects.all()} == set(Kind.values)
    assert {article.visibility for article in PublishedArticle.objects.all()} == set(
        Visibility.values
    )
    assert {"", "ar", "de"} == {article.language for article in PublishedArticle.objects.all()}
    assert Person.objects.filter(member=None).exists()
    roles = PublishedByline.objects.values_list("role", flat=True)
    assert {"author", "editor", "illustrator", "translator"} == set(roles)
    assert StaticPage.objects.filter(depth=4).exists()
    assert Publication.load().guidelines_page.slug == "guidelines"
    assert WithdrawnAddress.objects.filter(path="/seven-benches/").exists()


@pytest.mark.usefixtures("demo")
def test_one_article_uses_every_block_writers_have() -> None:
    offered = set(ArticleBody().child_blocks) - {"html", "preview_end"}
    used = {child.block_type for child in Article.objects.get(slug="house-style").body}
    assert used == offered


@pytest.mark.usefixtures("demo")
def test_the_archive_ends_yesterday_and_reaches_back() -> None:
    newest, *_, oldest = PublishedArticle.objects.order_by("-published_at", "-pk")
    assert newest.published_at <= clock.now()
    assert (clock.now() - newest.published_at).days <= 2
    assert (clock.now() - oldest.published_at).days > 600
    for article in PublishedArticle.objects.all():
        assert article.published_at <= article.updated_at <= clock.now()


@pytest.mark.usefixtures("demo")
def test_unpublished_work_stays_unpublished() -> None:
    scheduled = Article.objects.get(slug="the-swifts-are-back")
    submitted = Article.objects.get(slug="what-the-traders-want")
    assert scheduled.go_live_at > clock.now()
    assert submitted.current_workflow_state is not None
    assert Article.objects.get(slug="let-the-library-be-loud").has_unpublished_changes
    unseen = [scheduled.pk, submitted.pk, Article.objects.get(slug="the-harbor-master").pk]
    assert not Article.objects.filter(pk__in=unseen, live=True).exists()
    assert not PublishedArticle.objects.filter(pk__in=unseen).exists()


@pytest.mark.usefixtures("demo")
def test_gated_articles_show_a_beginning() -> None:
    for article in PublishedArticle.objects.exclude(visibility=Visibility.PUBLIC):
        assert 0 < len(article.preview_text) < len(article.text) / 2


@pytest.mark.usefixtures("demo")
def test_every_picture_is_there_and_described() -> None:
    for article in PublishedArticle.objects.all():
        assert "picture-missing" not in article.body_html, article.path
        assert 'alt=""' not in article.body_html, article.path
    named = {path.stem for path in (CONTENT / "pictures").iterdir()}
    assert Picture.objects.count() == len(named)
    assert not Picture.objects.filter(description="").exists()
    assert Person.objects.exclude(portrait=None).count() == Person.objects.count()


@pytest.mark.usefixtures("demo")
def test_no_manuscript_leaves_marks_behind() -> None:
    bodies = [article.body_html for article in PublishedArticle.objects.all()]
    for html in [*bodies, *StaticPage.objects.values_list("body_html", flat=True)]:
        text = re.sub(r'<figure class="code">.*?</figure>', "", html, flags=re.DOTALL)
        assert not re.search(r":::|\[\^|\*\*|^#|page:", text, re.MULTILINE)


@pytest.mark.usefixtures("demo")
def test_internal_links_lead_somewhere() -> None:
    client = Client()
    pages = {article.path: article.public_html for article in PublishedArticle.objects.all()}
    pages |= {page.get_url() or "": page.body_html for page in StaticPage.objects.live()}
    targets = {link for html in pages.values() for link in LINK.findall(html)}
    readable = {
        link for link in targets | set(pages) if not link.startswith(("/images/", "/files/"))
    }
    missing = {link for link in readable if client.get(link).status_code != GOOD}
    assert not missing
    assert len(readable) >= len(pages)


@pytest.mark.usefixtures("demo")
def test_its_people_can_sign_in() -> None:
    roles = {"editor", "writer", "contributor"}
    assert {name for member in Member.objects.all() for name in member.role_names()} >= roles
    client = Client()
    assert client.login(email="editor@longreach.example", password=PASSWORD)
    assert client.get("/desk/").status_code == GOOD


@pytest.mark.usefixtures("demo")
def test_a_publication_with_articles_of_its_own_is_left_alone() -> None:
    Article.objects.update(slug=Concat("slug", Value("-of-ours")))
    before = counts()
    with pytest.raises(CommandError, match="articles of its own"):
        call_command("load_demo")
    assert counts() == before


def test_its_files_are_small() -> None:
    size = sum(path.stat().st_size for path in CONTENT.rglob("*") if path.is_file())
    assert size < 1.5 * MEBIBYTE


@pytest.mark.usefixtures("demo")
def test_it_shows_each_state_a_quotation_can_be_in() -> None:
    draft = Article.objects.get(slug="things-nobody-said").get_latest_revision_as_object()
    words = [part.value for part in draft.body if part.block_type == "quotation"]
    sources = Source.objects.in_bulk(int(part["source"]) for part in words)
    verdicts = []
    for part in words:
        copy = sources[part["source"]].snapshots.first()
        text = LexborHTMLParser(str(part["text"])).text()
        verdicts.append(compare(text=text, snapshot=copy, language="en").verdict if copy else None)
    assert verdicts == [Verdict.EXACT_MARKED, Verdict.ALTERED, Verdict.NOT_FOUND, None]


@pytest.mark.usefixtures("demo")
def test_it_has_a_source_that_changed_after_it_was_quoted(client: Client) -> None:
    event = SourceEvent.objects.get(handling=Handling.OPEN)
    assert event.source.publisher == "County Rivers Office"
    page = client.get("/flood-wall-costs/", follow=True).content.decode()
    assert "has changed since" in page


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("slug", "changes"),
    [
        ("flood-wall-costs", 4),
        ("river-passes-its-tests", 1),
        ("budget-in-nine-steps", 3),
        ("hochwasser", 1),
    ],
)
def test_some_articles_have_been_changed_and_say_why(slug: str, changes: int) -> None:
    article = PublishedArticle.objects.get(path=f"/{slug}/")
    assert article.version_count == changes + 1
    entries = list(
        Entry.objects.filter(article_id=article.pk, kind__in=WITH_TEXT).order_by("index")
    )
    assert all(entry.note or entry.is_minor for entry in entries[1:])
    assert len({entry.payload_sha256 for entry in entries}) == changes + 1
    assert entries[0].at < entries[-1].at <= clock.now()
    for number in range(1, changes + 1):
        path = f"{article.history_path}compare/?from={number}&to={number + 1}"
        assert "<ins>" in Client().get(path).content.decode(), path
    assert Article.objects.get(pk=article.pk).change_note == ""


@pytest.mark.usefixtures("demo")
def test_the_record_of_the_demo_runs_forward_and_is_whole() -> None:
    times = list(Entry.objects.order_by("index").values_list("at", flat=True))
    assert times == sorted(times)
    assert (times[-1] - times[0]).days > 600
    assert inspect_record() == []


@pytest.mark.usefixtures("demo")
def test_it_corrects_itself(client: Client) -> None:
    assert Notice.objects.count() == 3
    listed = client.get("/corrections/").content.decode()
    for notice in Notice.objects.all():
        published = PublishedArticle.objects.get(pk=notice.article_id)
        page = LexborHTMLParser(client.get(published.path).content)
        assert notice.text.split(". ")[0] in page.css_first(".erratum").text()  # type: ignore[union-attr]
        assert len(page.css(".prose .noticed")) == len(notice.places)
        assert f"{published.path}#notice-" in listed
    assert {notice.position for notice in Notice.objects.all()} == {"top", "bottom"}
