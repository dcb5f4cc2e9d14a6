"""An article's versions as the desk sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.members.models import Member
from copydesk.record.queries.history import find_subject, history_of

if TYPE_CHECKING:
    from wagtail.models import Revision

    from copydesk.editorial.models import Article
    from copydesk.record.queries.history import History, Step

MOST_DRAFTS = 20


@dataclass(frozen=True)
class DeskHistory:
    """What was published, with who did it, and the newest drafts since; `history` is None before there is any."""

    drafts: list[Revision]
    history: History | None
    rows: list[tuple[Step, str]]


def desk_history(article: Article, *, before: int | None = None) -> DeskHistory:
    """Return the versions and the drafts of an article; at most eight queries."""
    drafts = article.revisions.select_related("user").order_by("-created_at", "-pk")
    if article.live_revision_id:
        drafts = drafts.filter(pk__gt=article.live_revision_id)
    subject = find_subject(article.pk)
    history = history_of(subject, before=before) if subject else None
    steps = history.steps if history else []
    names = Member.objects.in_bulk({step.entry.by_id for step in steps if step.entry.by_id})
    rows = [(step, _name(names.get(step.entry.by_id or 0))) for step in steps]
    return DeskHistory(list(drafts[:MOST_DRAFTS]), history, rows)


def _name(member: Member | None) -> str:
    return str(member.get_full_name() or member) if member else ""
