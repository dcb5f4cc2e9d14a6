"""Who may read and who may edit. Views load articles through these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from copydesk.editorial.models import PublishedArticle, PublishedByline, PublishedTopic, Visibility, WithdrawnAddress
from copydesk.members.models import Tier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from copydesk.editorial.models import Article, StaticPage
    from copydesk.members.models import Member


class NotPublished(Exception):
    """Nothing is or was published at this address."""


class Withdrawn(Exception):
    """Something was published at this address and has been taken back."""


def get_visible_article(*, path: str) -> PublishedArticle:
    """Return what readers get at `path`, with its picture, series, topics and people; no draft ever.

    Whether a reader may read it to its end is for `may_read_in_full` to say.

    Raises NotPublished, or Withdrawn where something stood here once.
    """
    found = (
        PublishedArticle.objects.filter(path=path)
        .select_related("lead_picture", "share_picture", "series")
        .prefetch_related(
            Prefetch("topic_links", PublishedTopic.objects.select_related("topic")),
            Prefetch("byline_links", PublishedByline.objects.select_related("person__portrait")),
        )
        .first()
    )
    if found is not None:
        return found
    if WithdrawnAddress.objects.filter(path=path).exists():
        raise Withdrawn(path)
    raise NotPublished(path)


def may_read_in_full(reader: Member | AnonymousUser, published: PublishedArticle) -> bool:
    """Whether `reader` may read past the public preview.

    The desk's people read everything they might have to work on; a deactivated account reads what everybody does.
    """
    if published.visibility == Visibility.PUBLIC:
        return True
    if not (reader.is_authenticated and reader.is_active):
        return False
    return published.visibility == Visibility.MEMBERS or reader.tier == Tier.PAID or reader.is_staff


def may_edit(reader: Member | AnonymousUser, page: Article | StaticPage) -> bool:
    """Whether `reader` may change `page` at the desk."""
    if not (reader.is_authenticated and reader.is_active):
        return False
    return bool(page.permissions_for_user(reader).can_edit())
