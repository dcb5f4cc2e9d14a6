"""What may be mentioned, which notices other sites are told of, and who sees what they told us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404

from copydesk.editorial.models import PublishedArticle
from copydesk.editorial.policies import find_visible_static_page
from copydesk.federation.models import Mention
from copydesk.record.models import Notice
from copydesk.record.queries.resolving import articles_at

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from wagtail.models import Page

    from copydesk.members.models import Member


def may_see_mentions(member: Member | AnonymousUser) -> bool:
    """Whether somebody sees what other sites told us: owners and editors."""
    return member.is_active and member.has_perm("editorial.change_publication")


def find_mentionable_page(*, address: str) -> Page | None:
    """Return the published article or static page at one of our own addresses, now or before it moved."""
    pk = articles_at([address], base_url=settings.COPYDESK_BASE_URL).get(address)
    if pk is not None:
        found = PublishedArticle.objects.filter(pk=pk).select_related("article").first()
        return found.article if found else None
    return find_visible_static_page(path=address.partition("?")[0])


def get_told_notice(*, pk: int) -> tuple[Notice, PublishedArticle]:
    """Return a notice that pages citing the article were told of, with the article. Raises Http404."""
    notice = Notice.objects.filter(pk=pk).first()
    if notice is None or not Mention.objects.filter(notice=notice, is_citing=True).exists():
        raise Http404
    published = PublishedArticle.objects.filter(pk=notice.article_id).first()
    if published is None:
        raise Http404
    return notice, published
