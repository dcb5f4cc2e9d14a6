"""Who may say in public that something was wrong. Views load articles for it through these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from copydesk.editorial.models import PublishedArticle

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from copydesk.members.models import Member


def may_publish_notices(reader: Member | AnonymousUser) -> bool:
    """Whether `reader` may publish notices: editors and owners."""
    return bool(
        reader.is_authenticated and reader.is_active and reader.has_perm("record.add_notice")
    )


def get_article_for_notice(*, reader: Member | AnonymousUser, pk: int) -> PublishedArticle:
    """Return an article that readers have, for those who may publish notices. Raises Http404."""
    found = PublishedArticle.objects.filter(pk=pk).first()
    if found is None or not may_publish_notices(reader):
        raise Http404
    return found
