"""Who changes what readers have got says what changed; the note is recorded with that version, and no other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.urls import reverse
from wagtail.models import TaskState

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.kit import clock
from copydesk.ops.actions.schedule import publish_revision
from copydesk.record.models import Entry, RecordSettings
from tests.factories.desk import edit_url, enter, read_form, save
from tests.factories.editorial import make_article, publish
from tests.factories.notices import notify

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as HttpResponse

    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=20)


@pytest.fixture
def old(front_page: object) -> Article:
    """An article that readers have got for a while."""
    article = make_article("On bridges")
    with time_machine.travel(clock.now() - timedelta(hours=2)):
        publish(article)
    return article


def recorded(article: Article) -> list[tuple[str, str, bool]]:
    rows = Entry.objects.filter(article_id=article.pk).order_by("index")
    return [(entry.kind, entry.note, entry.is_minor) for entry in rows]


def said(response: HttpResponse) -> str:
    return response.content.decode()


def typed_note(client: Client, article: Article) -> str:
    # A browser drops the line break that a text field begins with.
    return str(read_form(client, edit_url(article))["change_note"]).removeprefix("\n")


def test_a_change_without_a_note_is_refused_and_nothing_changes(desk: Client, old: Article) -> None:
    response = save(desk, old, action="action-publish", title="On old bridges")
    assert response.status_code == 200
    assert "Say what changed, and why" in said(response)
    assert len(recorded(old)) == 1
    assert Article.objects.get(pk=old.pk).title == "On bridges"


@pytest.mark.parametrize("blank", ["  ", "\n"])
def test_blanks_are_no_note(desk: Client, old: Article, blank: str) -> None:
    save(desk, old, action="action-publish", title="On old bridges", change_note=blank)
    assert len(recorded(old)) == 1


def test_the_note_goes_into_the_record_and_out_of_the_form(desk: Client, old: Article) -> None:
    note = "They are older than we wrote."
    save(desk, old, action="action-publish", title="On old bridges", change_note=note)
    assert recorded(old)[1] == ("changed", note, False)
    assert typed_note(desk, old) == ""
    assert "change_is_minor" not in read_form(desk, edit_url(old))
    save(desk, old, action="action-publish", title="On new bridges", change_is_minor="on")
    assert recorded(old)[2] == ("changed", "", True)
    assert "change_is_minor" not in read_form(desk, edit_url(old))


def test_a_saved_draft_keeps_its_note_until_it_is_published(desk: Client, old: Article) -> None:
    save(desk, old, title="On old bridges", change_note="They are older.")
    assert typed_note(desk, old) == "They are older."
    save(desk, old, action="action-publish")
    assert recorded(old)[1] == ("changed", "They are older.", False)


def test_the_first_minutes_need_no_note(desk: Client, front_page: object) -> None:
    article = make_article("On bridges")
    publish(article)
    save(desk, article, action="action-publish", title="On old bridges")
    assert recorded(article)[1] == ("changed", "", False)


def test_how_many_minutes_is_a_setting(desk: Client, front_page: object) -> None:
    RecordSettings.objects.create(quiet_minutes=0)
    article = make_article("On bridges")
    publish(article)
    response = save(desk, article, action="action-publish", title="On old bridges")
    assert "Say what changed, and why" in said(response)


def test_a_change_scheduled_for_later_says_what_it_is(desk: Client, front_page: object) -> None:
    article = make_article("On bridges")
    publish(article)
    draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
    draft.go_live_at = clock.now() + timedelta(days=1)
    draft.save_revision()
    typed = {"title": "On old bridges"}
    assert "Say what changed, and why" in said(
        save(desk, article, action="action-publish", **typed)
    )
    note = "As of tomorrow."
    save(desk, article, action="action-publish", change_note=note, **typed)
    assert len(recorded(article)) == 1
    revision = article.revisions.exclude(approved_go_live_at=None).get()
    # Meanwhile somebody goes on writing: their draft says the same of the change, until it is out.
    save(desk, article, title="On very old bridges")
    assert typed_note(desk, article) == note
    with time_machine.travel(clock.now() + timedelta(days=2)):
        publish_revision(revision.pk, clock.now())
    assert recorded(article)[1] == ("changed", note, False)
    assert typed_note(desk, article) == ""


def test_an_approval_without_a_note_leads_back_to_the_article(
    client: Client, ada: Member, wanda: Member, old: Article
) -> None:
    Article.objects.filter(pk=old.pk).update(owner=wanda)
    save(enter(client, wanda), old, action="action-submit", title="On old bridges")
    enter(client, ada)
    response = approve(client, old)
    assert response["Location"] == f"{edit_url(old)}?unsettled=1"
    page = said(client.get(response["Location"]))
    assert "it is not published. Say what changed, and why" in " ".join(page.split())
    assert len(recorded(old)) == 1
    save(client, old, change_note="They are older.")
    approve(client, old)  # What was edited since it was submitted is approved anew.
    approve(client, old)
    assert recorded(old)[1] == ("changed", "They are older.", False)


def approve(client: Client, article: Article) -> HttpResponse:
    state = TaskState.objects.get(
        workflow_state__object_id=str(article.pk), status=TaskState.STATUS_IN_PROGRESS
    )
    url = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", state.pk])
    return client.post(url, {"comment": "", "next": ""})


def test_a_new_address_and_a_new_rendering_say_nothing_of_an_earlier_note(
    desk: Client, old: Article
) -> None:
    save(desk, old, action="action-publish", title="On old bridges", change_note="They are older.")
    article = Article.objects.get(pk=old.pk)
    article.slug = "old-bridges"
    article.save_revision()
    publish(article)
    assert recorded(old)[2] == ("moved", "", False)


def test_a_note_stays_with_a_version_that_comes_with_a_new_address(
    desk: Client, old: Article
) -> None:
    note = "The bridge has been renamed."
    save(desk, old, action="action-publish", slug="new-bridge", title="New", change_note=note)
    assert recorded(old)[1:] == [("moved", note, False)]
    assert typed_note(desk, old) == ""


def test_several_published_at_once_need_no_note(desk: Client, old: Article) -> None:
    article = Article.objects.get(pk=old.pk).get_latest_revision_as_object()
    article.title = "On old bridges"
    article.save_revision()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    desk.post(f"{url}?id={old.pk}&next=/desk/", {"include_descendants": ""})
    assert recorded(old)[1] == ("changed", "", False)


def test_a_new_article_is_not_asked(desk: Client, front_page: object) -> None:
    article = make_article("On bridges")
    assert "change_note" not in said(desk.get(edit_url(article)))
    save(desk, article, action="action-publish")
    assert recorded(article) == [("published", "", False)]


def test_the_desk_sees_who_published_what_and_drafts(
    desk: Client, old: Article, ada: Member
) -> None:
    save(desk, old, action="action-publish", title="On old bridges", change_note="They are older.")
    save(desk, old, title="Nobody knows this yet")
    notify(PublishedArticle.objects.get(pk=old.pk), "They <b>held</b>.\nNow they do not.")
    address = reverse("record_versions", args=[old.pk])
    assert address in said(desk.get(edit_url(old)))
    page = said(desk.get(address))
    assert "They are older." in page
    assert "They &lt;b&gt;held&lt;/b&gt;.<br>Now they do not." in page
    assert page.count(str(ada)) >= 2
    assert "Drafts that are not published" in page
    public: dict[str, Any] = {"HTTP_HOST": "testserver"}
    assert "Nobody knows" not in said(desk.get(f"/record/articles/{old.pk}/", **public))
