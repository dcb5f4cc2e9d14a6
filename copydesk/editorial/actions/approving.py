"""An article is published when its checklist is settled, by whatever button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.workflows import publish_workflow_state

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.editorial.queries.checklists import article_checklist
from copydesk.editorial.queries.noting import lacks_note
from copydesk.kit import clock

if TYPE_CHECKING:
    from datetime import datetime

    from wagtail.models import WorkflowState

    from copydesk.members.models import Member


# In the address of the editor: say what keeps the article back.
UNSETTLED = "unsettled"


class Unsettled(Exception):
    """An article cannot be published before its checklist is settled, or its change is explained."""

    def __init__(self, page_id: int) -> None:
        super().__init__(f"page {page_id}")
        self.page_id = page_id


def ask_before_publishing(*, article: Article, at: datetime) -> None:
    """Raise Unsettled where an article, whose draft has just been saved, cannot be published yet.

    A new one is then a draft: Wagtail's form plants it live before it asks.
    """
    if not (article_checklist(article).blocking or lacks_note(article, at=at)):
        return
    if not PublishedArticle.objects.filter(article=article).exists():
        Article.objects.filter(pk=article.pk).update(live=False, has_unpublished_changes=True)
    raise Unsettled(article.pk)


def publish_approved(workflow_state: WorkflowState, user: Member | None = None) -> None:
    """Publish what a workflow has approved; the end of every workflow.

    Raises Unsettled, within the transaction of the approval: that is undone, and whatever was typed with it stays.
    """
    draft = workflow_state.content_object.get_latest_revision_as_object()
    if isinstance(draft, Article):
        ask_before_publishing(article=draft, at=clock.now())  # Wagtail calls this without a time.
    publish_workflow_state(workflow_state, user=user)
