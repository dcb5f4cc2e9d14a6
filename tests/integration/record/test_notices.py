"""Notices of errors: permanent, in the record, and on the article for as long as it is published."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.kit import clock, events
from copydesk.record.actions.noticing import (
    Occasion,
    OfAnotherArticle,
    Wording,
    hand_down_notices,
    publish_notice,
)
from copydesk.record.events import NoticePublished
from copydesk.record.models import Entry, Notice, NoticeKind, Payload, Position, Severity
from copydesk.record.queries.inspection import inspect_record
from tests.factories.editorial import make_article, publish
from tests.factories.notices import WRONG_YEAR, notify

if TYPE_CHECKING:
    from django.test import Client

    from copydesk.editorial.models import FrontPage
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(front_page: FrontPage) -> PublishedArticle:
    return publish(make_article("The fire", body=["It burnt in 1978."]))


def test_a_notice_is_recorded_and_shown(told: PublishedArticle, ada: Member) -> None:
    notice = notify(told, wrong="the year", right="It was 1987.", by=ada)
    entry = Entry.objects.latest("index")
    assert (entry.kind, entry.article_id, entry.by_id) == ("notice", told.pk, ada.pk)
    assert notice.entry == entry
    content = json.loads(Payload.objects.get(pk=entry.payload_sha256).content)
    assert content["text"] == WRONG_YEAR
    assert (content["wrong"], content["right"]) == ("the year", "It was 1987.")
    told.refresh_from_db()
    assert [shown["uuid"] for shown in told.notices] == [str(notice.uuid)]
    assert told.updated_at == notice.published_at
    assert inspect_record() == []


@pytest.mark.parametrize(
    ("kind", "severity", "position"),
    [
        (NoticeKind.CORRECTION, Severity.MINOR, "bottom"),
        (NoticeKind.CORRECTION, Severity.SUBSTANTIVE, "top"),
        (NoticeKind.UPDATE, Severity.MINOR, "bottom"),
        (NoticeKind.RETRACTION, Severity.MINOR, "top"),
        (NoticeKind.CONCERN, Severity.MINOR, "top"),
    ],
)
def test_what_is_grave_stands_on_top(
    told: PublishedArticle, kind: NoticeKind, severity: Severity, position: str
) -> None:
    assert notify(told, kind=kind, severity=severity).position == position


def test_an_editor_may_place_a_notice_elsewhere(told: PublishedArticle) -> None:
    notice = notify(told, severity=Severity.SUBSTANTIVE, position=Position.BOTTOM)
    assert notice.position == "bottom"


def test_others_are_told(told: PublishedArticle, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[events.Event] = []
    monkeypatch.setattr(events, "publish", seen.append)
    notice = notify(told, occasion=Occasion(because_of="request:7"))
    assert seen == [
        NoticePublished(
            notice_id=notice.pk,
            article_id=told.pk,
            kind="correction",
            severity="minor",
            at=notice.published_at,
            because_of="request:7",
        )
    ]


def test_an_error_in_a_notice_is_corrected_by_another(told: PublishedArticle) -> None:
    first = notify(told)
    second = notify(told, "The year was 1986.", occasion=Occasion(corrects=first))
    told.refresh_from_db()
    assert [shown["corrects"] for shown in told.notices] == ["", str(first.uuid)]
    assert second.corrects == first


def test_a_notice_of_another_article_is_not_corrected(told: PublishedArticle) -> None:
    other = notify(publish(make_article("Other")))
    with pytest.raises(OfAnotherArticle):
        notify(told, occasion=Occasion(corrects=other))
    assert Notice.objects.count() == 1
    assert Entry.objects.filter(kind="notice").count() == 1


def test_the_same_notice_is_published_once(told: PublishedArticle) -> None:
    first = notify(told)
    again = publish_notice(
        article=told,
        says=Wording(NoticeKind.UPDATE, "Other words."),
        uuid=first.uuid,
        by=None,
        at=clock.now(),
    )
    assert again == first
    assert Notice.objects.count() == Entry.objects.filter(kind="notice").count() == 1


@pytest.mark.parametrize("change", ["text", "kind", "published_at", "gone"])
def test_nobody_changes_or_removes_a_notice(told: PublishedArticle, change: str) -> None:
    notice = notify(told)
    values = {"text": "No error.", "kind": "update", "published_at": clock.now()}
    rows = Notice.objects.filter(pk=notice.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete() if change == "gone" else rows.update(**{change: values[change]})
    kept = rows.get()
    assert (kept.text, kept.kind, kept.published_at) == (
        WRONG_YEAR,
        "correction",
        notice.published_at,
    )


def test_a_withdrawn_article_that_returns_has_its_notices(
    told: PublishedArticle, client: Client
) -> None:
    notify(told)
    article = Article.objects.get(pk=told.pk)
    article.unpublish()
    assert client.get(told.path).status_code == 410
    assert Notice.objects.count() == 1
    publish(Article.objects.get(pk=told.pk))
    assert WRONG_YEAR in client.get(told.path).content.decode()


def test_a_change_of_the_text_keeps_the_notices(told: PublishedArticle) -> None:
    notice = notify(told, at=clock.now() + timedelta(hours=1))
    publish(Article.objects.get(pk=told.pk))
    told.refresh_from_db()
    assert len(told.notices) == 1
    assert told.updated_at == notice.published_at, "republishing does not date it back"


def test_a_notice_whose_article_is_deleted_stays(told: PublishedArticle) -> None:
    notify(told)
    Article.objects.get(pk=told.pk).delete()
    assert Notice.objects.get().article_id == told.pk
    assert inspect_record() == []


def test_what_is_handed_down_follows_the_notices(told: PublishedArticle) -> None:
    notify(told)
    PublishedArticle.objects.filter(pk=told.pk).update(notices=[])
    hand_down_notices(article_id=told.pk, at=clock.now())
    told.refresh_from_db()
    assert len(told.notices) == 1
