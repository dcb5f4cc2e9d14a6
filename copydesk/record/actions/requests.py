"""Readers say that something is wrong; the desk decides; the reader is told; what was personal is erased."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from copydesk.members.models import Member
from copydesk.pagestore.actions import expire_tags
from copydesk.record.actions.telling import SALT, send_confirmation, send_decision
from copydesk.record.logic.asking import ADDRESS_LASTS, LINK_LASTS, SENDER_LASTS, network_of
from copydesk.record.models import CorrectionRequest, Notice, RecordSettings, RequestState
from copydesk.record.queries.requests import REQUESTS, is_over_limit, may_be_mailed

if TYPE_CHECKING:
    from copydesk.editorial.models import PublishedArticle
    from copydesk.record.logic.asking import Said

ONLY = 1
OPEN = (RequestState.RECEIVED, RequestState.UNCONFIRMED)


class NoticeFact(Protocol):
    """What is told of a notice that was published. `because_of` names what led to it: `request:` and its uuid."""

    @property
    def notice_id(self) -> int: ...
    @property
    def by_id(self) -> int | None: ...
    @property
    def because_of(self) -> str: ...
    @property
    def at(self) -> datetime: ...


class TooMany(Exception):
    """As many requests came within the hour as may."""


class BadLink(Exception):
    """The link confirms nothing: it is not ours, too old, or its request is gone."""


class AlreadyDecided(Exception):
    """Somebody else decided on the request first."""


def sender_of(address: str) -> str:
    """Return what stands for where a request came from: it tells two senders apart, and not who they are."""
    return salted_hmac("record.sender", network_of(address), algorithm="sha256").hexdigest()


@transaction.atomic
def take_request(
    *, published: PublishedArticle, said: Said, address: str, at: datetime
) -> CorrectionRequest:
    """Take what a reader says of an article; an e-mail address counts once it is confirmed by the link sent to it.

    Of an address that has had its mails for today, only the request is taken. Raises TooMany.
    """
    # Held, so that of two who come at once each is counted.
    RecordSettings.objects.get_or_create(pk=ONLY)
    RecordSettings.objects.select_for_update().get(pk=ONLY)
    sender = sender_of(address)
    if is_over_limit(sender=sender, article_id=published.pk, at=at):
        raise TooMany
    email = said.email if said.email and may_be_mailed(said.email, at=at) else ""
    request = CorrectionRequest.objects.create(
        article_id=published.pk,
        passage=said.passage,
        wrong=said.wrong,
        evidence=said.evidence,
        email=email,
        sender=sender,
        state=RequestState.UNCONFIRMED if email else RequestState.RECEIVED,
        created_at=at,
    )
    if email:
        send_confirmation(request, at=at)
    else:
        expire_tags({REQUESTS}, at=at)
    return request


def find_request(*, token: str, at: datetime) -> CorrectionRequest:
    """Return the request whose address a link confirms; looking confirms nothing. Raises BadLink."""
    try:
        signed = Signer(salt=SALT).unsign_object(token)
        sent_at = datetime.fromtimestamp(signed["at"], tz=UTC)
        uuid = UUID(signed["request"])
    except (BadSignature, ValueError, KeyError, TypeError) as bad:
        raise BadLink from bad
    found = CorrectionRequest.objects.select_related("article").filter(uuid=uuid).first()
    if found is None or at > sent_at + LINK_LASTS:
        raise BadLink
    return found


@transaction.atomic
def confirm_request(*, token: str, at: datetime) -> CorrectionRequest:
    """Take the address of a request as its reader's; safe to do twice. Raises BadLink."""
    found = find_request(token=token, at=at)
    waiting = CorrectionRequest.objects.filter(pk=found.pk, state=RequestState.UNCONFIRMED)
    if waiting.update(state=RequestState.RECEIVED):
        expire_tags({REQUESTS}, at=at)
    return found


@transaction.atomic
def accept_request(*, request: CorrectionRequest, notice: Notice, by: Member, at: datetime) -> None:
    """Settle a request by a notice of the same article, and tell its reader. Raises AlreadyDecided, ValueError."""
    if notice.article_id != request.article_id:
        raise ValueError(f"notice {notice.pk} is about another article")
    _decide(request, at, state=RequestState.ACCEPTED, notice=notice, decided_by=by)


def accept_asked(event: NoticeFact) -> None:
    """Settle the request that a notice was written for, where it was for one and nobody has decided on it meanwhile."""
    kind, _colon, number = event.because_of.partition(":")
    try:
        uuid = UUID(number)
    except ValueError:
        return
    notice = Notice.objects.get(pk=event.notice_id)
    open_rows = CorrectionRequest.objects.filter(uuid=uuid, state__in=OPEN)
    request = open_rows.filter(article_id=notice.article_id).select_related("article").first()
    by = Member.objects.filter(pk=event.by_id or 0).first()
    if kind == "request" and request is not None and by is not None:
        accept_request(request=request, notice=notice, by=by, at=event.at)


@transaction.atomic
def decline_request(*, request: CorrectionRequest, reason: str, by: Member, at: datetime) -> None:
    """Settle a request by the reason why the article stays as it is, and tell its reader. Raises AlreadyDecided."""
    _decide(request, at, state=RequestState.DECLINED, reason=reason, decided_by=by)


def _decide(request: CorrectionRequest, at: datetime, **decision: object) -> None:
    # An address that nobody has confirmed is a stranger's, for all we know: it is not kept.
    rows = CorrectionRequest.objects.filter(pk=request.pk)
    rows.filter(state=RequestState.UNCONFIRMED).update(email="")
    if not rows.filter(state__in=OPEN).update(decided_at=at, **decision):
        raise AlreadyDecided
    request.refresh_from_db()
    if request.email:
        send_decision(request)
    expire_tags({REQUESTS}, at=at)


@transaction.atomic
def tidy_requests(*, at: datetime) -> int:
    """Erase what is personal and has served: addresses, unconfirmed or decided, and where requests came from.

    A request whose address was never confirmed is taken without it. Returns how many those are.
    """
    rows = CorrectionRequest.objects
    decided = Q(decided_at__lte=at - ADDRESS_LASTS)
    rows.filter(decided).exclude(email="").update(email="")
    rows.filter(created_at__lte=at - SENDER_LASTS).exclude(sender="").update(sender="")
    late = rows.filter(state=RequestState.UNCONFIRMED, created_at__lte=at - LINK_LASTS)
    count = late.update(state=RequestState.RECEIVED, email="")
    if count:
        expire_tags({REQUESTS}, at=at)
    return count
