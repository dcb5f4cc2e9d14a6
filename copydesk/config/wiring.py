"""Everything that happens because something else happened: one table from event to what follows."""

from __future__ import annotations

from copydesk.editorial import tasks as editorial_tasks
from copydesk.editorial.events import ArticlePublished, ArticlesMovedIn, ArticleWithdrawn
from copydesk.kit.events import Wiring
from copydesk.record.actions import consent, versions

WIRING = Wiring(
    # In the transaction of the change itself: there is no version that readers got and the record lacks.
    at_once={
        ArticlePublished: [versions.record_publication, consent.drop_expiry],
        ArticlesMovedIn: [versions.record_arrivals],
        ArticleWithdrawn: [consent.refuse_one_person, versions.record_withdrawal],
    },
    # By the task worker, once the change is committed.
    later={
        ArticlePublished: [editorial_tasks.make_renditions],
    },
)
