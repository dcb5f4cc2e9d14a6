"""The two-person rule: who may ask, who may confirm, and what of whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404
from wagtail.models import Page

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.record.models import Approval, ApprovalKind, Entry
from copydesk.record.policies.requests import LARGEST_ID, may_decide_requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from copydesk.members.models import Member


def may_keep_record(reader: Member | AnonymousUser) -> bool:
    """Whether `reader` may set how the record is kept, redact it, and confirm what others ask: owners and editors."""
    return may_decide_requests(reader)


def may_withdraw(reader: Member, articles: Iterable[Article], *, how: str) -> bool:
    """Whether `reader` may withdraw each of these articles, alone or with a second person."""
    if not reader.is_active:
        return False
    testers = [article.permissions_for_user(reader) for article in articles]
    if how == "delete":
        return all(tester.can_delete() for tester in testers)
    return all(tester.can_unpublish() for tester in testers)


def may_ask(member: Member, approval: Approval) -> bool:
    """Whether `member` could still ask for what `approval` asks for; articles that are gone are nobody's."""
    if approval.kind != ApprovalKind.WITHDRAW:
        return may_keep_record(member)
    ids = [page["id"] for page in approval.what["pages"]]
    articles = Article.objects.filter(pk__in=ids, live=True)
    return may_withdraw(member, articles, how=approval.what["how"])


def may_confirm(member: Member, approval: Approval) -> bool:
    """Whether `member` may confirm a request: owners and editors, and nobody their own."""
    return may_keep_record(member) and member.pk != approval.asked_by_id


def may_refuse(member: Member, approval: Approval) -> bool:
    """Whether `member` may end a request: owners and editors, and whoever made it."""
    return may_keep_record(member) or (member.is_active and member.pk == approval.asked_by_id)


def get_approval(*, reader: Member, pk: int) -> Approval:
    """Return a request for a second person, for those who may settle it. Raises Http404."""
    rows = Approval.objects.select_related("asked_by")
    found = None if pk > LARGEST_ID else rows.filter(pk=pk).first()
    if found is None or not may_refuse(reader, found):
        raise Http404
    return found


def is_in_approvals(member_pks: Iterable[int]) -> bool:
    """Whether one of these members asked a second person for something, or settled it."""
    pks = list(member_pks)
    return Approval.objects.filter(Q(asked_by__in=pks) | Q(decided_by__in=pks)).exists()


def get_withdrawable(*, ids: Iterable[int], with_descendants: bool = False) -> list[Article]:
    """Return those of these pages, or of what lies under them too, that are articles which readers get now."""
    sound = [pk for pk in ids if pk <= LARGEST_ID]
    wanted = Q(pk__in=sound)
    if with_descendants:
        for path in Page.objects.filter(pk__in=sound).values_list("path", flat=True):
            wanted |= Q(path__startswith=path)
    published = PublishedArticle.objects.values("pk")
    return list(Article.objects.filter(wanted, pk__in=published).order_by("pk"))


def get_entry(*, reader: Member | AnonymousUser, index: int) -> Entry:
    """Return an entry of the record, for those who may keep it. Raises Http404."""
    found = None
    if may_keep_record(reader) and index <= LARGEST_ID:
        found = Entry.objects.filter(pk=index).first()
    if found is None:
        raise Http404
    return found
