"""Contributors submit, editors approve or return; and what happens at the desk happens wholly or not at all."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from wagtail.models import PageLogEntry, Revision, TaskState, WorkflowState

from copydesk.editorial import actions
from copydesk.editorial.backends.mail import AfterCommit
from copydesk.editorial.models import Article, PublishedArticle
from tests.factories.desk import (
    body_data,
    create,
    edit_url,
    enter,
    new_body,
    read_form,
    rich,
    save,
)
from tests.factories.editorial import make_article, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as HttpResponse
    from pytest_django import DjangoCaptureOnCommitCallbacks

    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db


def submit(client: Client, article: Article) -> None:
    response = save(client, article, action="action-submit")
    assert response.status_code == 302


def decide(client: Client, article: Article, decision: str, comment: str = "") -> HttpResponse:
    state = TaskState.objects.get(
        workflow_state__object_id=str(article.pk), status=TaskState.STATUS_IN_PROGRESS
    )
    url = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, decision, state.pk])
    return client.post(url, {"comment": comment, "next": ""})


def state_of(article: Article) -> str:
    latest: WorkflowState = WorkflowState.objects.filter(object_id=str(article.pk)).latest(
        "created_at"
    )
    return str(latest.status)


def mailed() -> set[tuple[str, str]]:
    return {(to, str(message.subject)) for message in mail.outbox for to in message.to}


class TestSubmitting:
    @pytest.fixture
    def article(self, client: Client, carl: Member) -> Article:
        body = new_body({"type": "text", "value": rich("Words.")})
        response = create(
            enter(client, carl),
            title="On bridges",
            slug="on-bridges",
            action="action-submit",
            **body,
        )
        assert response.status_code == 302
        found: Article = Article.objects.get()
        return found

    def test_it_waits_and_editors_hear_of_it(
        self, client: Client, ada: Member, olga: Member, carl: Member
    ) -> None:
        article = make_article("On bridges", owner=carl)
        submit(enter(client, carl), article)
        assert state_of(article) == WorkflowState.STATUS_IN_PROGRESS
        assert not PublishedArticle.objects.exists()
        told = {to for to, subject in mailed() if "On bridges" in subject}
        assert {"ada@example.org", "olga@example.org"} <= told
        assert "carl@example.org" not in told

    def test_publishing_is_not_a_contributors(self, client: Client, carl: Member) -> None:
        article = make_article(owner=carl)
        save(enter(client, carl), article, action="action-publish", title="Mine")
        article.refresh_from_db()
        assert not article.live
        create(client, title="Another", slug="another", action="action-publish")
        assert not PublishedArticle.objects.exists()

    def test_a_future_date_is_no_way_round(self, client: Client, carl: Member) -> None:
        article = make_article(owner=carl)
        save(enter(client, carl), article, action="action-publish", go_live_at="2020-01-01 00:00")
        article.refresh_from_db()
        assert not article.live
        assert not article.approved_schedule

    def test_an_editor_approves_and_it_is_published(
        self, client: Client, article: Article, ada: Member
    ) -> None:
        mail.outbox.clear()
        decide(enter(client, ada), article, "approve")
        article.refresh_from_db()
        assert article.live
        published = PublishedArticle.objects.get()
        assert (published.path, published.text) == ("/on-bridges/", "Words.")
        assert any(to == "carl@example.org" for to, _subject in mailed())

    def test_an_editor_returns_it_with_a_comment(
        self, client: Client, article: Article, ada: Member, carl: Member
    ) -> None:
        mail.outbox.clear()
        decide(enter(client, ada), article, "reject", comment="Who says so? <script>")
        assert state_of(article) == WorkflowState.STATUS_NEEDS_CHANGES
        assert not PublishedArticle.objects.exists()
        [letter] = [message for message in mail.outbox if message.to == ["carl@example.org"]]
        assert "Who says so?" in str(letter.body)
        page = enter(client, carl).get(edit_url(article)).content.decode()
        assert f"{ada} asks for changes: Who says so? &lt;script&gt;" in page
        save(client, article, title="On bridges, with a source", action="action-submit")
        assert state_of(article) == WorkflowState.STATUS_IN_PROGRESS

    def test_a_contributor_approves_nothing(
        self, client: Client, article: Article, wanda: Member, carl: Member, mo: Member
    ) -> None:
        for member in (carl, wanda, mo):
            decide(enter(client, member), article, "approve")
        save(
            enter(client, carl),
            article,
            action="action-workflow-action",
            **{"workflow-action-name": "approve"},
        )
        assert state_of(article) == WorkflowState.STATUS_IN_PROGRESS
        assert not PublishedArticle.objects.exists()

    def test_while_it_waits_its_contributor_leaves_it_alone(
        self, client: Client, article: Article, carl: Member
    ) -> None:
        save(enter(client, carl), article, title="Changed meanwhile")
        assert Article.objects.get().get_latest_revision_as_object().title == "On bridges"

    def test_a_change_to_a_live_article_waits_too(
        self, client: Client, ada: Member, carl: Member
    ) -> None:
        article = make_article("Before", owner=carl)
        publish(article)
        save(enter(client, carl), article, title="After", action="action-submit")
        assert PublishedArticle.objects.get().headline == "Before"
        decide(enter(client, ada), article, "approve")
        assert PublishedArticle.objects.get().headline == "After"


class Failed(Exception):
    """What a test lets happen."""


def fail(**_fields: object) -> None:
    raise Failed


class TestWholly:
    """A failure on our side leaves neither the page nor what readers get changed."""

    @pytest.fixture
    def article(self, ada: Member) -> Article:
        article = make_article("Before", owner=ada)
        publish(article)
        return article

    def test_a_publish_that_fails_changes_nothing(
        self, client: Client, ada: Member, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(actions, "publish_article", fail)
        revisions = article.revisions.count()
        with pytest.raises(Failed):
            save(enter(client, ada), article, action="action-publish", title="After")
        article = Article.objects.get()
        assert (article.title, article.revisions.count()) == ("Before", revisions)
        assert PublishedArticle.objects.get().headline == "Before"

    def test_a_withdrawal_that_fails_changes_nothing(
        self, client: Client, ada: Member, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(actions, "withdraw_article", fail)
        with pytest.raises(Failed):
            enter(client, ada).post(reverse("wagtailadmin_pages:unpublish", args=[article.pk]))
        assert Article.objects.get().live
        assert PublishedArticle.objects.exists()

    def test_an_approval_that_fails_is_none(
        self, client: Client, ada: Member, carl: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        article = make_article(owner=carl)
        submit(enter(client, carl), article)
        monkeypatch.setattr(actions, "publish_article", fail)
        with pytest.raises(Failed):
            decide(enter(client, ada), article, "approve")
        article.refresh_from_db()
        assert not article.live
        assert state_of(article) == WorkflowState.STATUS_IN_PROGRESS

    def test_the_desk_answers_with_an_error_not_half_a_change(
        self, client: Client, ada: Member, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(actions, "publish_article", fail)
        client.raise_request_exception = False
        assert (
            save(enter(client, ada), article, action="action-publish", title="After").status_code
            == 500
        )
        assert Article.objects.get().title == "Before"

    def test_a_disk_that_fills_up_anywhere_in_a_publish_leaves_all_as_it_was(
        self, client: Client, ada: Member, article: Article
    ) -> None:
        client.raise_request_exception = False
        before = state_of_everything()
        form = {**read_form(enter(client, ada), edit_url(article)), **body_data(article)}
        form |= {"title": "After", "action-publish": "1"}
        for room in itertools.count():
            disk = Disk(room)
            with connection.execute_wrapper(disk):
                answer = client.post(edit_url(article), form)
            if not disk.is_full:
                break
            assert answer.status_code == 503
            assert "Not possible just now" in answer.content.decode()
            assert state_of_everything() == before, f"room for {room} writes"
        assert room > 10
        assert PublishedArticle.objects.get().headline == "After"


class Disk:
    """Has room for so many writes."""

    def __init__(self, room: int) -> None:
        self.room, self.is_full = room, False

    def __call__(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.is_full = self.is_full or self.room == 0
            if self.is_full:
                raise OperationalError("database or disk is full")
            self.room -= 1
        return execute(sql, *more)


def state_of_everything() -> list[Any]:
    models: list[type[Any]] = [Article, PublishedArticle, Revision, PageLogEntry, DBTaskResult]
    return [list(model.objects.order_by("pk").values()) for model in models]


class TestMail:
    """Nobody hears of what did not happen, and no mail server holds up the desk."""

    @pytest.fixture
    def sent(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        sent: list[str] = []
        base = AfterCommit.__mro__[1]
        monkeypatch.setattr(
            base, "send_messages", lambda _self, messages: sent.extend(m.subject for m in messages)
        )
        return sent

    def test_it_waits_for_the_commit(
        self, sent: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            AfterCommit().send_messages([mail.EmailMessage("Later", "x", to=["a@example.org"])])
            assert sent == []
        assert sent == ["Later"]

    @pytest.mark.django_db(transaction=True)
    def test_outside_of_a_transaction_it_goes_at_once(self, sent: list[str]) -> None:
        AfterCommit().send_messages([mail.EmailMessage("Now", "x", to=["a@example.org"])])
        assert sent == ["Now"]
