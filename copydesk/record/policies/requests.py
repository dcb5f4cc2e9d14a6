"""Who may ask for a correction, and who sees and decides what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from copydesk.editorial.models import PublishedArticle
from copydesk.editorial.policies import may_edit_everything, may_read_in_full
from copydesk.record.models import CorrectionRequest

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser

    from copydesk.members.models import Member

# A larger number is no row's, and more than a database takes.
LARGEST_ID = 2**63 - 1


def may_decide_requests(reader: Member | AnonymousUser) -> bool:
    """Whether `reader` may see what readers ask for, with their addresses, and decide on it: owners and editors."""
    return bool(reader.is_authenticated and reader.is_active and may_edit_everything(reader))


def get_askable_article(*, reader: Member | AnonymousUser, pk: int) -> PublishedArticle:
    """Return an article that `reader` may read to its end, and so say what is wrong with it. Raises Http404."""
    published = None if pk > LARGEST_ID else PublishedArticle.objects.filter(pk=pk).first()
    if published is None or not may_read_in_full(reader, published):
        raise Http404
    return published


def get_request(*, reader: Member | AnonymousUser, uuid: UUID) -> CorrectionRequest:
    """Return a reader's request, for those who may decide on it. Raises Http404."""
    rows = CorrectionRequest.objects.select_related("article", "notice", "decided_by")
    found = rows.filter(uuid=uuid).first() if may_decide_requests(reader) else None
    if found is None:
        raise Http404
    return found
