"""One person asks, a second confirms, and only then it is done: in the transaction of the confirmation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from copydesk.editorial.models import Article
from copydesk.pagestore.actions import keep_commit_order
from copydesk.record.actions.consent import Consent, under_consent
from copydesk.record.actions.redacting import redact_recorded
from copydesk.record.actions.settings import change_settings
from copydesk.record.models import Approval, ApprovalKind, ApprovalState, Entry
from copydesk.record.policies.approvals import may_ask, may_confirm, may_refuse
from copydesk.record.queries.approvals import (
    newest_entry,
    open_approvals,
    present_state,
    record_settings,
    settings_values,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from copydesk.members.models import Member

LASTS = timedelta(hours=72)


class NotTheirs(Exception):
    """Who confirms or refuses may not: it is their own request, or they are no owner or editor."""


class AlreadySettled(Exception):
    """Somebody else was first, or the request has expired."""


class ChangedSince(Exception):
    """What the request is about is not as it was shown to whoever confirms it."""


class AskerMayNot(Exception):
    """Who asked may do this no more, so nobody can confirm it."""


class NothingLeft(Exception):
    """The articles are not published any more."""


def ask_for_withdrawal(
    *, articles: Sequence[Article], how: str, reason: str, by: Member, at: datetime
) -> Approval:
    """Ask that these articles be withdrawn; `how` is "unpublish" or "delete"."""
    pages = [
        {"id": article.pk, "title": article.title, "entry": newest_entry(article.pk)}
        for article in articles
    ]
    return _ask(ApprovalKind.WITHDRAW, {"pages": pages, "how": how}, reason, by, at)


def ask_for_redaction(
    *, entry: Entry, title: str, reason: str, by: Member, at: datetime
) -> Approval:
    """Ask that what an entry holds be taken out of the record."""
    return _ask(ApprovalKind.REDACT, {"entry": entry.index, "title": title}, reason, by, at)


def ask_for_settings(
    *, values: Mapping[str, Any], reason: str, by: Member, at: datetime
) -> Approval:
    """Ask that the settings of the record be changed to these."""
    what = {"before": settings_values(record_settings()), "values": dict(values)}
    return _ask(ApprovalKind.SETTINGS, what, reason, by, at)


@transaction.atomic
def _ask(
    kind: ApprovalKind, what: dict[str, Any], reason: str, by: Member, at: datetime
) -> Approval:
    """Return the request; the one there is, where the same is asked for already."""
    keep_commit_order()
    for known in open_approvals(at=at):
        if (known.kind, known.what, known.asked_by_id) == (kind, what, by.pk):
            return known
    return Approval.objects.create(
        kind=kind, what=what, reason=reason, asked_by=by, asked_at=at, expires_at=at + LASTS
    )


@transaction.atomic
def confirm(*, approval: Approval, seen: str, by: Member, at: datetime) -> None:
    """Confirm a request and do what it asks for, wholly or not at all.

    `seen` is the state of what it is about as `by` was shown it. Raises NotTheirs, AlreadySettled, ChangedSince,
    AskerMayNot, NothingLeft, and what redacting raises.
    """
    # From here on nothing else is published, so what is compared now is what is withdrawn.
    keep_commit_order()
    approval.refresh_from_db()
    if not may_confirm(by, approval):
        raise NotTheirs
    _settle(approval, ApprovalState.CONFIRMED, by, at)
    if not may_ask(approval.asked_by, approval):
        raise AskerMayNot
    if seen != present_state(approval):
        raise ChangedSince
    with under_consent(Consent(approval.asked_by_id, by.pk, approval.reason)):
        DOES[ApprovalKind(approval.kind)](approval, by, at)


@transaction.atomic
def refuse(*, approval: Approval, by: Member, at: datetime) -> None:
    """Refuse a request, or take one's own back. Raises NotTheirs, AlreadySettled."""
    if not may_refuse(by, approval):
        raise NotTheirs
    _settle(approval, ApprovalState.REFUSED, by, at)


def _settle(approval: Approval, state: ApprovalState, by: Member, at: datetime) -> None:
    """Settle a request that nobody else has settled: of two at once, one does."""
    waiting = Approval.objects.filter(pk=approval.pk, state=ApprovalState.ASKED, expires_at__gt=at)
    if not waiting.update(state=state, decided_by=by, decided_at=at):
        raise AlreadySettled


def expire_approvals(*, at: datetime) -> int:
    """Say of requests whose time is over that it is; they are good for nothing before that already."""
    late = Approval.objects.filter(state=ApprovalState.ASKED, expires_at__lte=at)
    return late.update(state=ApprovalState.EXPIRED, decided_at=at)


def _withdraw(approval: Approval, by: Member, _at: datetime) -> None:
    is_delete = approval.what["how"] == "delete"
    ids = [page["id"] for page in approval.what["pages"]]
    articles = list(Article.objects.filter(pk__in=ids, live=True))
    if not articles:
        raise NothingLeft
    for article in articles:
        if is_delete:
            article.delete(user=by)
        else:
            article.unpublish(user=by)


def _redact(approval: Approval, by: Member, at: datetime) -> None:
    entry = Entry.objects.get(pk=approval.what["entry"])
    redact_recorded(entry=entry, reason=approval.reason, by_id=by.pk, at=at)


def _change_settings(approval: Approval, by: Member, at: datetime) -> None:
    change_settings(values=approval.what["values"], reason=approval.reason, by=by, at=at)


DOES = {
    ApprovalKind.WITHDRAW: _withdraw,
    ApprovalKind.REDACT: _redact,
    ApprovalKind.SETTINGS: _change_settings,
}
