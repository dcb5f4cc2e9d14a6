"""Who sees flags and decides on them. Views load rows through these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from copydesk.editorial.models import Article
from copydesk.editorial.policies import may_edit_everything
from copydesk.record.models import Flag
from copydesk.record.queries.flags import of_member

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from copydesk.members.models import Member


def may_see_flags(reader: Member | AnonymousUser) -> bool:
    """Whether `reader` may see flags: everybody who writes at the desk, though most see only their own."""
    return bool(
        reader.is_authenticated
        and reader.is_active
        and reader.has_perm("wagtailadmin.access_admin")
    )


def may_decide_flags(reader: Member | AnonymousUser) -> bool:
    """Whether `reader` may decide on flags, and sees all of them: owners and editors."""
    return may_see_flags(reader) and may_edit_everything(reader)


def visible_flags(reader: Member) -> QuerySet[Flag]:
    """Return the flags that somebody at the desk may see: editors all, others those at their own articles."""
    every = Flag.objects.all()
    return every if may_decide_flags(reader) else of_member(every, reader)


def get_reliance_article(*, reader: Member | AnonymousUser, pk: int) -> Article:
    """Return an article whose ground is asked for, for everybody at the desk. Raises Http404."""
    rows = Article.objects.filter(pk=pk)
    found: Article | None = rows.first() if may_see_flags(reader) else None
    if found is None:
        raise Http404
    return found
