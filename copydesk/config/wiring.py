"""Everything that happens because something else happened: one table from event to what follows."""

from __future__ import annotations

from copydesk.editorial import tasks as editorial_tasks
from copydesk.editorial.events import ArticlePublished, ArticlesMovedIn, ArticleWithdrawn
from copydesk.federation import tasks as federation_tasks
from copydesk.kit.events import Wiring
from copydesk.record.actions import consent, decisions, noticing, relying, requests, versions
from copydesk.record.events import NoticePublished
from copydesk.record.tasks import reliance
from copydesk.sources.events import ChangesDismissed, SourceChanged, SourceMarked

WIRING = Wiring(
    # In the transaction of the change itself: there is no version that readers got and the record lacks.
    at_once={
        ArticlePublished: [
            noticing.restore_notices,
            versions.record_publication,
            relying.keep_reliance,
            consent.drop_expiry,
        ],
        ArticlesMovedIn: [
            noticing.restore_arrivals,
            versions.record_arrivals,
            relying.keep_reliance_of_arrivals,
        ],
        ArticleWithdrawn: [
            consent.refuse_one_person,
            versions.record_withdrawal,
            relying.forget_reliance,
        ],
        NoticePublished: [decisions.answer_flag_of, requests.accept_asked],
        ChangesDismissed: [decisions.dismiss_flags_of],
    },
    # By the task worker, once the change is committed.
    later={
        ArticlePublished: [editorial_tasks.make_renditions],
        SourceChanged: [reliance.flag_source_change],
        SourceMarked: [reliance.flag_source_standing],
        NoticePublished: [reliance.flag_notice, federation_tasks.queue_mentions],
    },
)
