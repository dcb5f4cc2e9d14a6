"""Webmentions, for tests."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings

from copydesk.federation.actions.mentioning import queue_mentions
from copydesk.federation.models import ReceivedMention, ReceivedState
from copydesk.kit import clock
from tests.factories.reliance import make_notice, make_resting, path_of

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as HttpResponse

    from copydesk.editorial.models import Article
    from copydesk.record.models import Notice

ENDPOINT = "/webmention/"
FORM = "application/x-www-form-urlencoded"


def ours(article: Article) -> str:
    """Return the whole address of an article of ours."""
    return f"{settings.COPYDESK_BASE_URL}{path_of(article)}"


def post(client: Client, source: str, target: str, **headers: Any) -> HttpResponse:
    """Send a Webmention as another site does."""
    body = urlencode({"source": source, "target": target})
    return client.post(ENDPOINT, body, content_type=FORM, **headers)


def make_received(
    article: Article, source: str = "https://elsewhere.example/story", **fields: Any
) -> ReceivedMention:
    """Return a Webmention that came in and was confirmed."""
    at = clock.now()
    return ReceivedMention.objects.create(
        **{
            "source": source,
            "target": ours(article),
            "page_id": article.pk,
            "pair_sha256": hashlib.sha256(f"{source}\n{path_of(article)}".encode()).hexdigest(),
            "state": ReceivedState.VERIFIED,
            "next_try_at": at,
            "created_at": at,
            "received_at": at,
            "verified_at": at,
            **fields,
        }
    )


def make_told_notice() -> Notice:
    """Return a notice that a page elsewhere, which cites the article, is told of."""
    article = make_resting("On what was told")
    make_received(article)
    notice = make_notice(article)
    queue_mentions(notice_id=notice.pk, at=clock.now())
    return notice
