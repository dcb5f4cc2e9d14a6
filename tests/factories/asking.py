"""Requests for corrections, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from copydesk.kit import clock
from copydesk.record.actions.appending import Fact, append_entry
from copydesk.record.actions.requests import sender_of
from copydesk.record.forms.asking import started
from copydesk.record.models import CorrectionRequest, EntryKind, Notice, RecordSettings

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as HttpResponse


def ask_url(article_id: int) -> str:
    """Return where readers ask for a correction of an article."""
    return f"/record/articles/{article_id}/ask/"


def filled(
    article_id: int, *, age: timedelta = timedelta(minutes=2), **said: Any
) -> dict[str, Any]:
    """Return the form as a reader sends it who took so long to fill it in."""
    began = started(article_id=article_id, at=clock.now() - age)
    return {"wrong": "The bridge is older.", "website": "", "started": began, **said}


def ask(client: Client, article_id: int, **said: Any) -> HttpResponse:
    """Ask for a correction of an article."""
    return client.post(ask_url(article_id), filled(article_id, **said))


def make_request(article_id: int, **fields: Any) -> CorrectionRequest:
    """Return a request, received unless said otherwise."""
    given = {"wrong": "The bridge is older.", "created_at": clock.now(), **fields}
    sender = sender_of(f"host {CorrectionRequest.objects.count()}")
    return CorrectionRequest.objects.create(article_id=article_id, sender=sender, **given)


def make_notice(article_id: int, *, at: datetime | None = None, **fields: Any) -> Notice:
    """Return a notice of an article, recorded."""
    at = at or clock.now()
    given = {
        "kind": "correction",
        "severity": "minor",
        "position": "bottom",
        "text": "It is older.",
        **fields,
    }
    entry = append_entry(Fact(EntryKind.NOTICE, dict(given), article_id=article_id), at=at)
    return Notice.objects.create(article_id=article_id, entry=entry, published_at=at, **given)


def set_rule(*, needs_two_people: bool = True) -> None:
    """Turn the two-person rule on, or off, as if it had always been so."""
    RecordSettings.objects.update_or_create(pk=1, defaults={"needs_two_people": needs_two_people})
