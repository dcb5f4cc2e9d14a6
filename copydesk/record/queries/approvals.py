"""What waits for a second person, and what it is about, as the one who confirms must know it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from copydesk.record.models import (
    Approval,
    ApprovalKind,
    ApprovalState,
    Entry,
    Payload,
    RecordSettings,
)
from copydesk.record.queries.versions import latest_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from copydesk.members.models import Member

ONLY = 1
MOST_SETTLED = 50
NEVER_RECORDED = -1
SETTINGS = ("needs_two_people", "quiet_minutes", "due_days")
# What a version consists of, in the words of the desk; the rest of it is details.
PARTS = {
    "headline": gettext_lazy("headline"),
    "standfirst": gettext_lazy("standfirst"),
    "text": gettext_lazy("text"),
    "bylines": gettext_lazy("bylines"),
    "visibility": gettext_lazy("who may read it"),
}


def record_settings() -> RecordSettings:
    """Return how the record is kept; what a new site has where nothing was ever set."""
    return RecordSettings.objects.filter(pk=ONLY).first() or RecordSettings(pk=ONLY)


def needs_two_people() -> bool:
    """Whether withdrawing, redacting and changing the settings take a second person."""
    return record_settings().needs_two_people


def settings_values(row: RecordSettings) -> dict[str, Any]:
    """Return the values of the settings."""
    return {name: getattr(row, name) for name in SETTINGS}


@dataclass(frozen=True)
class Change:
    """What happened to an article since its withdrawal was asked for."""

    title: str
    kind: str
    at: datetime
    parts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """A request for a second person, with all that whoever confirms it should know.

    `seen` stands for the state of what it is about; it travels with the form, so that what is confirmed is what was
    shown.
    """

    approval: Approval
    lines: list[str]
    changes: list[Change]
    seen: str
    is_open: bool


def open_approvals(*, at: datetime) -> list[Approval]:
    """Return what waits for a second person, the oldest first."""
    rows = Approval.objects.filter(state=ApprovalState.ASKED, expires_at__gt=at)
    return list(rows.select_related("asked_by", "decided_by").order_by("asked_at", "pk"))


def shown_approvals(*, by: Member | None, is_open: bool, at: datetime) -> list[Shown]:
    """Return what waits, or the newest of what does not any more; of one member's asking, where `by` is given."""
    waiting = Q(state=ApprovalState.ASKED, expires_at__gt=at)
    rows = Approval.objects.filter(waiting if is_open else ~waiting)
    if by is not None:
        rows = rows.filter(asked_by=by)
    order = ("asked_at", "pk") if is_open else ("-asked_at", "-pk")
    found = rows.select_related("asked_by", "decided_by").order_by(*order)
    return [shown(row, at=at) for row in (found if is_open else found[:MOST_SETTLED])]


def waiting_approval_count(*, member: Member, at: datetime) -> int:
    """Return how many requests wait that somebody else than `member` made."""
    rows = Approval.objects.filter(state=ApprovalState.ASKED, expires_at__gt=at)
    return rows.exclude(asked_by=member).count()


def shown(approval: Approval, *, at: datetime) -> Shown:
    """Return a request with what has changed since; of one that is settled, what it was about alone."""
    is_open = approval.state == ApprovalState.ASKED and approval.expires_at > at
    changes: list[Change] = []
    if is_open and approval.kind == ApprovalKind.WITHDRAW:
        changes = [change for page in approval.what["pages"] for change in changes_since(page)]
    return Shown(approval, _lines(approval), changes, seen=present_state(approval), is_open=is_open)


def present_state(approval: Approval) -> str:
    """Return what stands for the state of what a request is about, as it is now."""
    what = approval.what
    if approval.kind == ApprovalKind.WITHDRAW:
        return ",".join(str(newest_entry(page["id"])) for page in what["pages"])
    if approval.kind == ApprovalKind.SETTINGS:
        return json.dumps(settings_values(record_settings()), sort_keys=True)
    return str(what["entry"])


def newest_entry(article_id: int) -> int:
    """Return the number of the newest entry about what readers get of an article."""
    found = latest_version(article_id)
    return found.index if found else NEVER_RECORDED


def changes_since(page: Mapping[str, Any]) -> list[Change]:
    """Return what the record has of an article since its withdrawal was asked for, the oldest first."""
    since = list(
        Entry.objects.filter(article_id=page["id"], index__gte=page["entry"]).order_by("index")
    )
    contents = _contents(since)
    changes = []
    before: dict[str, Any] = {}
    for entry in since:
        after = contents.get(entry.payload_sha256, {})
        if entry.index != page["entry"]:
            parts = _changed_parts(before, after) if before and "headline" in after else []
            changes.append(Change(page["title"], entry.get_kind_display(), entry.at, parts))
        before = after if "headline" in after else before
    return changes


def _contents(entries: Sequence[Entry]) -> dict[str, dict[str, Any]]:
    hashes = {entry.payload_sha256 for entry in entries}
    rows = Payload.objects.filter(pk__in=hashes).values_list("sha256", "content")
    return {sha256: json.loads(content) for sha256, content in rows}


def _changed_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [str(label) for name, label in PARTS.items() if before.get(name) != after.get(name)] or [
        _("details")
    ]


def _lines(approval: Approval) -> list[str]:
    """Say what a request is about."""
    what = approval.what
    if approval.kind == ApprovalKind.WITHDRAW:
        text = _("Delete “%(title)s”") if what["how"] == "delete" else _("Unpublish “%(title)s”")
        return [text % {"title": page["title"]} for page in what["pages"]]
    if approval.kind == ApprovalKind.REDACT:
        text = _("Take out what entry %(entry)d of the record holds: “%(title)s”")
        return [text % {"entry": what["entry"], "title": what["title"]}]
    fields: Any = RecordSettings._meta
    labels = {name: fields.get_field(name).verbose_name for name in SETTINGS}
    return [
        f"{labels[name]}: {_said(what['before'][name])} → {_said(what['values'][name])}"
        for name in SETTINGS
        if what["before"][name] != what["values"][name]
    ]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
