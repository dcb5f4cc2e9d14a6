"""Who sees what of sources. Views load them through these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, Q
from django.http import Http404

from copydesk.sources.models import Quotation, Source

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from copydesk.members.models import Member

Row = TypeVar("Row", bound=Model)


def may_work_with_sources(reader: Member | AnonymousUser) -> bool:
    """Whether `reader` may see copies, add sources and check words: everybody who writes at the desk."""
    return bool(
        reader.is_authenticated
        and reader.is_active
        and reader.has_perm("wagtailadmin.access_admin")
    )


def may_judge_sources(reader: Member | AnonymousUser) -> bool:
    """Whether `reader` may say what a change of a source means, and mark sources as corrected or retracted: editors."""
    return may_work_with_sources(reader) and reader.has_perm("sources.change_source")


def get_public_source(*, pk: int) -> Source:
    """Return a source that a live article quotes or cites. Raises Http404 for any other."""
    shown = Q(quotations__is_live=True, quotations__page__live=True) | Q(citations__page__live=True)
    return _one(Source.objects.filter(shown, pk=pk).distinct())


def get_public_quotation(*, uuid: str) -> Quotation:
    """Return a quotation of a live article. Raises Http404 for any other."""
    live = Quotation.objects.filter(uuid=uuid, is_live=True, page__live=True)
    return _one(live.select_related("source", "snapshot", "check_result", "latest_check"))


def get_source(*, reader: Member | AnonymousUser, pk: int) -> Source:
    """Return any source, for those who may work with them. Raises Http404."""
    if not may_work_with_sources(reader):
        raise Http404
    return _one(Source.objects.filter(pk=pk))


def _one(rows: QuerySet[Row]) -> Row:
    found = rows.first()
    if found is None:
        raise Http404
    return found
