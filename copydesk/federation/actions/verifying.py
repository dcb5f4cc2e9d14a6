"""What other sites told us is looked at: whether the page links to ours, and whether it says it was corrected."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from copydesk.editorial.logic.markup import one_line, printable
from copydesk.editorial.models import PublishedArticle
from copydesk.editorial.queries.addresses import full_url
from copydesk.federation.logic import limits
from copydesk.federation.logic.mentions import host_of, key_of, keys_of, links_of, read_page
from copydesk.federation.models import ReceivedMention, ReceivedState, Tale
from copydesk.kit import http
from copydesk.kit.html import plain_text
from copydesk.record.actions.flagging import Elsewhere, flag_elsewhere
from copydesk.record.logic.links import own_path
from copydesk.sources.logic.addresses import domain_of
from copydesk.sources.logic.reading.decoding import decode
from copydesk.sources.models import Citation, Source

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.federation.logic.mentions import Said, Work

logger = logging.getLogger("copydesk.federation")

LONGEST_TITLE, LONGEST_WORDS, LONGEST_DETAIL = 300, 500, 500
GONE = {404, 410}
# Characters that turn the direction of what follows them.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


class NotConfirmed(Exception):
    """The page cannot be read, or does not link to ours: trying again changes nothing. The message says why.

    `is_gone` where that is also the end of a link that was there before.
    """

    def __init__(self, message: str, *, is_gone: bool = False) -> None:
        super().__init__(message)
        self.is_gone = is_gone


@dataclass(frozen=True)
class Ground:
    """What of ours rests on a page elsewhere: a source that it is, an article that links to it (0 for none)."""

    source: Source | None
    linking_id: int


def verify_next_mention(*, at: datetime) -> ReceivedMention | None:
    """Look at the Webmention that has waited longest; None where none is due. Safe on several nodes at once."""
    due = ReceivedMention.objects.filter(state=ReceivedState.WAITING, next_try_at__lte=at)
    mention = due.order_by("next_try_at", "pk").first()
    if mention is None or not _claim(mention, at):
        return None
    if mention.attempt_count > len(limits.WAITS) + 1:
        # Whoever looked at it did not live to say what came of it.
        _fail(mention, _("could not be read"))
        return mention
    try:
        said = _look(mention.source)
        _check_link(mention, said)
        work, corrected = _corrected(mention, said)
    except http.FetchRefused as error:
        _fail(mention, str(error))
    except http.FetchFailed as error:
        _put_off(mention, error, at)
    except NotConfirmed as error:
        _fail(mention, str(error), is_gone=error.is_gone)
    else:
        _confirm(mention, said, work, corrected, at)
    return mention


def _claim(mention: ReceivedMention, at: datetime) -> bool:
    waiting = ReceivedMention.objects.filter(
        pk=mention.pk, state=ReceivedState.WAITING, next_try_at=mention.next_try_at
    )
    mention.attempt_count += 1
    return bool(waiting.update(next_try_at=at + limits.LEASE, attempt_count=mention.attempt_count))


def _look(url: str) -> Said:
    """Return what the page at an address says. Raises NotConfirmed, FetchFailed, FetchRefused."""
    found = http.visit(
        url,
        max_bytes=limits.MAX_BYTES,
        max_seconds=limits.MAX_SECONDS,
        content_types=limits.PAGES,
        headers={"Accept": "text/html, application/xhtml+xml;q=0.9"},
        may_connect=http.may_connect_to(settings.COPYDESK_SOURCE_NETWORKS),
    )
    last = found.last
    if last.status >= 500 or last.status in limits.PASSING:
        raise http.FetchFailed(_answered(last.status), reason=http.Reason.BAD_STATUS)
    if last.status != 200:
        raise NotConfirmed(_answered(last.status), is_gone=last.status in GONE)
    if last.truncation is http.Truncation.LENGTH:
        raise NotConfirmed(_("larger than %(size)d bytes") % {"size": limits.MAX_BYTES})
    if last.truncation is http.Truncation.TYPE:
        raise NotConfirmed(_("%(type)s, not HTML") % {"type": last.content_type})
    said = read_page(decode(last.body, last.header("Content-Type")).text, url=last.url)
    if said is None:
        raise NotConfirmed(_("too deeply nested to be read"))
    return said


def _answered(status: int) -> str:
    return _("answered %(status)d") % {"status": status}


def _check_link(mention: ReceivedMention, said: Said) -> None:
    """Raise NotConfirmed where the page does not link to ours, or ours is there no more."""
    base_url = settings.COPYDESK_BASE_URL
    wanted = own_path(mention.target, base_url=base_url)
    if not any(own_path(link, base_url=base_url) == wanted for link in said.links):
        raise NotConfirmed(_("does not link to the target"), is_gone=True)
    if not mention.page.live:
        raise NotConfirmed(_("our page is not live any more"))


def _corrected(mention: ReceivedMention, said: Said) -> tuple[Work | None, str]:
    """Return the corrected work that the page is, and its address.

    Where the page tells of another one of its host that something of ours rests on, that one is looked at, and what it
    says itself is what counts.
    """
    if work := said.own(keys_of([mention.source, said.url])):
        return work, said.url
    url = _relied_on(mention, said.others())
    if not url:
        return None, said.url
    try:
        there = _look(url)
    except (NotConfirmed, http.FetchRefused):
        return None, said.url
    is_same_host = host_of(there.url) == host_of(said.url)
    return there.own(keys_of([url, there.url])) if is_same_host else None, url


def _relied_on(mention: ReceivedMention, urls: list[str]) -> str:
    """Return the first of these addresses that something of ours rests on; "" for none."""
    by_key = {key: url for url in reversed(urls) if (key := key_of(url))}
    sources = Source.objects.filter(url_key__in=by_key).values_list("url_key", flat=True)
    relied = set(sources) | (by_key.keys() & _linked_keys(mention)) if by_key else set()
    return next((url for key, url in reversed(by_key.items()) if key in relied), "")


def _linked_keys(mention: ReceivedMention) -> set[str]:
    """Return the keys of what the body of our article links to."""
    published = PublishedArticle.objects.filter(pk=mention.page_id).first()
    if published is None:
        return set()
    return keys_of(links_of(published.body_html, url=full_url(published.path)))


def _ground(mention: ReceivedMention, urls: list[str]) -> Ground:
    """Return what of ours rests on the page at these addresses."""
    keys = keys_of(urls)
    source = Source.objects.filter(url_key__in=keys).order_by("pk").first()
    if source and Citation.objects.filter(page=mention.page_id, source=source).exists():
        # How it rests on it has been said there: it may do no more than mention or dispute it.
        return Ground(source, 0)
    return Ground(source, mention.page_id if keys & _linked_keys(mention) else 0)


@transaction.atomic
def _confirm(
    mention: ReceivedMention, said: Said, work: Work | None, corrected: str, at: datetime
) -> None:
    """Keep what was found, and flag who rests on what was corrected."""
    fields: dict[str, object] = {"title": _clean(said.title, LONGEST_TITLE), "tale": Tale.NOTHING}
    fields |= {"words": "", "corrected_at": None}
    if work is not None:
        told = work.told
        corrected_at = min(told.at or at, at)
        title = _clean(work.headline, LONGEST_TITLE) or fields["title"] or corrected
        elsewhere = Elsewhere(
            url=corrected,
            key=key_of(corrected),
            host=domain_of(corrected),
            title=str(title),
            words=_clean(told.words, LONGEST_WORDS),
            stated=told.stated,
            is_retraction=told.is_retraction,
            corrected_at=corrected_at,
        )
        fields["tale"] = Tale.RETRACTION if told.is_retraction else Tale.CORRECTION
        fields |= {"words": elsewhere.words, "corrected_at": corrected_at}
        ground = _ground(
            mention, [mention.source, corrected] if corrected == said.url else [corrected]
        )
        flag_elsewhere(said=elsewhere, source=ground.source, linking_id=ground.linking_id, at=at)
    _close(mention, state=ReceivedState.VERIFIED, verified_at=at, detail="", **fields)


def _put_off(mention: ReceivedMention, error: http.FetchFailed, at: datetime) -> None:
    """Try again later; give up in the end, and leave what was confirmed before as it was."""
    if mention.attempt_count > len(limits.WAITS):
        _fail(mention, str(error))
        return
    wait = limits.WAITS[mention.attempt_count - 1]
    same = ReceivedMention.objects.filter(pk=mention.pk)
    same.update(next_try_at=at + wait, detail=str(error)[:LONGEST_DETAIL])


def _fail(mention: ReceivedMention, detail: str, *, is_gone: bool = False) -> None:
    """Say why it is not confirmed; what was before is left so, unless it is gone."""
    fields: dict[str, object] = {"state": ReceivedState.FAILED}
    if mention.verified_at is not None:
        fields["state"] = ReceivedState.GONE if is_gone else ReceivedState.VERIFIED
        fields |= {"verified_at": None} if is_gone else {}
    _close(mention, detail=detail[:LONGEST_DETAIL], **fields)


def _close(mention: ReceivedMention, **fields: object) -> None:
    """Say what came of it, unless it came again meanwhile: then it is looked at once more, when the lease has ended."""
    same = ReceivedMention.objects.filter(pk=mention.pk, received_at=mention.received_at)
    same.update(**fields)
    logger.info("Webmention from %s: %s", mention.source, fields["state"])


def _clean(text: str, longest: int) -> str:
    """Return text of a stranger on one line, without markup and without what would turn its direction."""
    line = one_line(TURNING.sub("", plain_text(printable(text))))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
