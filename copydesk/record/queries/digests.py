"""Who is to be mailed that flags wait, and what the mail names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from copydesk.members.models import Member, Role
from copydesk.record.models import Flag, FlagDigest
from copydesk.record.queries.flags import open_flags

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

# A mail is to be read: of more only the number is told.
MOST_NAMED = 20


@dataclass(frozen=True)
class Digest:
    """What waits: how many flags, how many of them are new and overdue, and the first of those to name."""

    open_count: int
    new_count: int
    overdue_count: int
    named: Sequence[Flag]

    @property
    def is_worth_a_mail(self) -> bool:
        """Whether there is anything that its reader may not know."""
        return bool(self.new_count or self.overdue_count)


def wants_digest(member: Member) -> bool:
    """Return whether an editor wants to be mailed; one query."""
    return not FlagDigest.objects.filter(member=member, is_wanted=False).exists()


def editors_due(*, before: datetime) -> list[tuple[Member, datetime | None]]:
    """Return the editors and owners who want a mail and had none since `before`, with when they had their last."""
    unwanted = Q(flag_digest__is_wanted=False)
    had = Q(flag_digest__sent_at__gt=before)
    rows = (
        Member.objects.filter(is_active=True, groups__name__in=[Role.OWNER, Role.EDITOR])
        .exclude(unwanted | had)
        .select_related("flag_digest")
        .distinct()
        .order_by("pk")
    )
    return [(member, _last(member)) for member in rows]


def _last(member: Member) -> datetime | None:
    digest: FlagDigest | None = getattr(member, "flag_digest", None)
    return digest.sent_at if digest else None


def digest_since(since: datetime | None, *, at: datetime) -> Digest:
    """Return what waits, for somebody who was last told at `since`; four queries."""
    waiting = open_flags()
    is_new = Q(opened_at__gt=since) if since else Q()
    is_overdue = Q(due_at__lte=at)
    named = waiting.filter(is_new | is_overdue) if since else waiting
    named = named.select_related("article", "source", "event", "notice")
    return Digest(
        open_count=waiting.count(),
        new_count=waiting.filter(is_new).count(),
        overdue_count=waiting.filter(is_overdue).count(),
        named=list(named.order_by("-gravity", "due_at", "pk")[:MOST_NAMED]),
    )
