"""What an editor says of a change belongs to one version: publishing takes it out of the article and its drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.editorial.models import Article

if TYPE_CHECKING:
    from wagtail.models import Revision


@dataclass(frozen=True)
class Change:
    """What is said of a version: what changed and why, and whether that is a matter of form alone."""

    note: str = ""
    is_minor: bool = False


NOTHING_SAID = Change()


def take_change(*, article: Article) -> Change:
    """Return what is said of the version that is being published, and take it out: the next begins with nothing said.

    Where the article's address changes with it, Wagtail tells of that first: whoever asks first gets it. Drafts made
    since from the same form say the same of it; they lose it too.
    """
    change = Change(article.change_note.strip(), article.change_is_minor)
    if change == NOTHING_SAID:
        return change
    article.change_note, article.change_is_minor = "", False
    Article.objects.filter(pk=article.pk).update(change_note="", change_is_minor=False)
    for draft in article.revisions.filter(pk__gte=article.live_revision_id or 0):
        _take_out(draft, change)
    return change


def _take_out(draft: Revision, change: Change) -> None:
    content = draft.content
    said = Change(content.get("change_note", "").strip(), content.get("change_is_minor", False))
    if said == change:
        content.update(change_note="", change_is_minor=False)
        type(draft).objects.filter(pk=draft.pk).update(content=content)
