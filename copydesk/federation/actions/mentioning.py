"""Pages elsewhere that one of our articles cites, or that cite it, are told when it is corrected: by Webmention."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from copydesk.editorial.models import PublishedArticle
from copydesk.editorial.queries.addresses import full_url
from copydesk.federation.logic.limits import (
    LEASE,
    MAX_BYTES,
    MAX_SECONDS,
    PAGES,
    PASSING,
    WAITS,
)
from copydesk.federation.logic.webmention import find_endpoint
from copydesk.federation.models import Mention, MentionState, ReceivedMention
from copydesk.kit import http
from copydesk.record.logic.gravity import of_notice
from copydesk.record.logic.links import own_path
from copydesk.record.models import Notice
from copydesk.sources.models import Citation

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger("copydesk.federation")

# Of the pages that cite an article, so many are told of a notice: those that were confirmed last.
MOST_CITING = 200
FORM = "application/x-www-form-urlencoded"


@transaction.atomic
def queue_mentions(*, notice_id: int, at: datetime) -> int:
    """Write down which pages elsewhere are to be told of a notice that travels; return how many. Safe to run twice."""
    notice = Notice.objects.get(pk=notice_id)
    if of_notice(kind=notice.kind, severity=notice.severity) is None:
        return 0
    rows = [
        Mention(
            notice=notice,
            target=url,
            target_sha256=hashlib.sha256(url.encode()).hexdigest(),
            is_citing=is_citing,
            next_try_at=at,
            created_at=at,
        )
        for url, is_citing in _who_is_told(notice).items()
    ]
    Mention.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _who_is_told(notice: Notice) -> dict[str, bool]:
    """Return the pages elsewhere that an article cites, and those that cite it, with whether they are such."""
    cited = Citation.objects.filter(page=notice.article_id).exclude(source__url="")
    citing = ReceivedMention.objects.filter(page=notice.article_id, verified_at__isnull=False)
    newest = citing.order_by("-verified_at", "-pk").values_list("source", flat=True)[:MOST_CITING]
    urls = dict.fromkeys(newest, True)
    # To both it is said that they are cited: that is what they can see for themselves.
    urls |= dict.fromkeys(cited.values_list("source__url", flat=True), False)
    base_url = settings.COPYDESK_BASE_URL
    return {
        url: is_citing for url, is_citing in urls.items() if not own_path(url, base_url=base_url)
    }


def send_next_mention(*, at: datetime) -> Mention | None:
    """Send the Webmention that has waited longest; None where none is due. Safe on several nodes at once."""
    due = Mention.objects.filter(state=MentionState.WAITING, next_try_at__lte=at)
    mention = due.select_related("notice").order_by("next_try_at", "pk").first()
    if mention is None or not _claim(mention, at):
        return None
    article = PublishedArticle.objects.filter(pk=mention.notice.article_id).first()
    if article is None:
        _close(mention, MentionState.UNWANTED, "the article is not live any more")
        return mention
    try:
        state, detail = _send(mention.target, source=_speaker(mention, article))
    except (http.FetchFailed, http.FetchRefused) as error:
        _put_off(mention, error, at)
    else:
        _close(mention, state, detail)
    return mention


def _speaker(mention: Mention, article: PublishedArticle) -> str:
    """Return the page of ours that links to the target, as whoever is told will want to see.

    The article does not link to those that cite it: the page of its notice does.
    """
    if mention.is_citing:
        return full_url(reverse("federation:notice", args=[mention.notice_id]))
    return full_url(article.path)


def _claim(mention: Mention, at: datetime) -> bool:
    waiting = Mention.objects.filter(
        pk=mention.pk, state=MentionState.WAITING, next_try_at=mention.next_try_at
    )
    mention.attempt_count += 1
    return bool(waiting.update(next_try_at=at + LEASE, attempt_count=mention.attempt_count))


def _send(target: str, *, source: str) -> tuple[MentionState, str]:
    """Ask the page where it takes Webmentions, and tell it there. Raises FetchFailed, FetchRefused."""
    may_connect = http.may_connect_to(settings.COPYDESK_SOURCE_NETWORKS)
    found = http.visit(
        target,
        max_bytes=MAX_BYTES,
        max_seconds=MAX_SECONDS,
        content_types=PAGES,
        may_connect=may_connect,
    )
    last = found.last
    if last.status >= 500 or last.status in PASSING:
        raise http.FetchFailed(f"answered {last.status}", reason=http.Reason.BAD_STATUS)
    links = [value for name, value in last.response_headers if name.lower() == "link"]
    endpoint = find_endpoint(links, last.body.decode(errors="replace"), url=last.url)
    if not endpoint:
        return MentionState.UNWANTED, f"answered {last.status} and names no endpoint"
    content = urlencode({"source": source, "target": target}).encode()
    http.send(
        "POST",
        endpoint,
        headers={"Content-Type": FORM},
        content=content,
        may_connect=may_connect,
    )
    return MentionState.SENT, endpoint


def _put_off(mention: Mention, error: http.FetchFailed | http.FetchRefused, at: datetime) -> None:
    """Try again later what may pass; refuse for good what an address or an answer rules out."""
    status = error.hops[-1].status if error.hops else 0
    is_final = isinstance(error, http.FetchRefused) or (
        400 <= status < 500 and status not in PASSING
    )
    if is_final:
        _close(mention, MentionState.UNWANTED, str(error))
        return
    if mention.attempt_count > len(WAITS):
        _close(mention, MentionState.FAILED, str(error))
        return
    wait = WAITS[mention.attempt_count - 1]
    Mention.objects.filter(pk=mention.pk).update(next_try_at=at + wait, detail=str(error)[:500])


def _close(mention: Mention, state: MentionState, detail: str) -> None:
    Mention.objects.filter(pk=mention.pk).update(state=state, detail=detail[:500])
    logger.info("Webmention to %s: %s", mention.target, state)
