"""Notices of errors, on the articles that they are about."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from copydesk.editorial.actions import expiring
from copydesk.editorial.models import PublishedArticle

if TYPE_CHECKING:
    from collections.abc import Sequence


@transaction.atomic
def show_notices(*, article_id: int, notices: Sequence[dict[str, Any]], at: datetime) -> None:
    """Let readers of an article see these notices, oldest first (`PublishedArticle.notices` says what each holds).

    The article counts as changed when the newest of them was published, unless it was changed later. Nothing happens
    where it is not published, or shows them already.
    """
    expiring.begin()
    published = PublishedArticle.objects.filter(pk=article_id).first()
    if published is None:
        return
    dates = [datetime.fromisoformat(notice["published_at"]) for notice in notices]
    updated_at = max([published.updated_at, *dates])
    if published.notices == list(notices) and published.updated_at == updated_at:
        return
    published.notices, published.updated_at = list(notices), updated_at
    published.save(update_fields=["notices", "updated_at"])
    expiring.expire_pages_with(expiring.pages_with(published), at=at)
