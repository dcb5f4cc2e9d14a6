"""Whether a change has to say what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from copydesk.editorial.models import PublishedArticle

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.editorial.models import Article

NOTE_MISSING = _(
    "Say what changed, and why: readers have got this article for a while, and see it in its history. "
    "Or tick that it is only a small correction of form."
)


def needs_note(article: Article, *, go_live_at: datetime | None, at: datetime) -> bool:
    """Whether a change of an article that is published at `at`, or is scheduled for later, has to say what it is."""
    moment = max(at, go_live_at or at)
    return PublishedArticle.objects.filter(pk=article.pk, note_needed_at__lte=moment).exists()


def lacks_note(draft: Article, *, at: datetime) -> bool:
    """Whether a draft says too little of the change to be published at `at`: one of form alone need not."""
    if draft.change_note.strip() or draft.change_is_minor:
        return False
    return needs_note(draft, go_live_at=draft.go_live_at, at=at)
