"""Who sees what of sources. Views load them through these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, Q
from django.http import Http404
from wagtail.models import Page

from copydesk.sources.models import Quotation, Snapshot, Source
from copydesk.sources.queries.pages import OPEN_TO_ALL

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from copydesk.members.models import Member
    from copydesk.sources.models import Check

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


def get_checked_quotation(*, uuid: UUID) -> tuple[Quotation, Check, Snapshot]:
    """Return a quotation that everybody may read, with its check and the copy that was checked. Raises Http404.

    That of an article for some only is for nobody here, and one that was not checked has nothing to say.
    """
    live = Quotation.objects.filter(OPEN_TO_ALL, uuid=uuid, is_live=True, page__live=True)
    found = _one(live.select_related("page", "source", "snapshot", "check_result"))
    if found.check_result is None or found.snapshot is None or found.snapshot.is_private:
        raise Http404
    return found, found.check_result, found.snapshot


def get_citing_page(*, pk: int) -> Page:
    """Return a live page that relies on sources. Raises Http404."""
    return _one(Page.objects.filter(pk=pk, live=True, citations__isnull=False).distinct())


def get_source(*, reader: Member | AnonymousUser, pk: int) -> Source:
    """Return any source, for those who may work with them. Raises Http404."""
    if not may_work_with_sources(reader):
        raise Http404
    return _one(Source.objects.filter(pk=pk))


def get_snapshot(*, reader: Member | AnonymousUser, source_pk: int, pk: int) -> Snapshot:
    """Return a copy of a source, for those who may work with sources. Raises Http404."""
    if not may_work_with_sources(reader):
        raise Http404
    return _one(Snapshot.objects.filter(pk=pk, source_id=source_pk).select_related("source"))


def _one(rows: QuerySet[Row]) -> Row:
    found = rows.first()
    if found is None:
        raise Http404
    return found
