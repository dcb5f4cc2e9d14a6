"""The end of a workflow: what was approved is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.workflows import publish_workflow_state

from copydesk.editorial.models import Article
from copydesk.editorial.queries.checklists import article_checklist

if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from copydesk.members.models import Member


# In the address of the editor: say what keeps the article back.
UNSETTLED = "unsettled"


class Unsettled(Exception):
    """An article cannot be published before its checklist is settled."""

    def __init__(self, page_id: int) -> None:
        super().__init__(f"page {page_id}")
        self.page_id = page_id


def publish_approved(workflow_state: WorkflowState, user: Member | None = None) -> None:
    """Publish what a workflow has approved.

    Raises Unsettled, within the transaction of the approval: that is undone, and whatever was typed with it stays.
    """
    draft = workflow_state.content_object.get_latest_revision_as_object()
    if isinstance(draft, Article) and article_checklist(draft).blocking:
        raise Unsettled(draft.pk)
    publish_workflow_state(workflow_state, user=user)
