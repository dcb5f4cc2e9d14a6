"""Saying in public that something was wrong: for good, in the record, and on the article itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import transaction

from copydesk.editorial.actions.noticing import show_notices
from copydesk.kit import events
from copydesk.pagestore.actions import expire_tags, keep_commit_order
from copydesk.record.actions.appending import Fact, append_entry
from copydesk.record.events import NoticePublished
from copydesk.record.logic.canonical import moment
from copydesk.record.models import EntryKind, Notice, NoticeKind, Position, Severity
from copydesk.record.queries.notices import NOTICES, shown_notices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from copydesk.editorial.events import ArticlePublished, ArticlesMovedIn
    from copydesk.editorial.models import PublishedArticle
    from copydesk.members.models import Member

# What stands at the head of an article unless an editor decides otherwise: what a reader should know before reading.
GRAVE = {NoticeKind.RETRACTION, NoticeKind.CONCERN}


@dataclass(frozen=True)
class Wording:
    """What a notice says. `places` are those of the body that it is about, none for the whole of it."""

    kind: NoticeKind
    text: str
    severity: Severity = Severity.MINOR
    wrong: str = ""
    right: str = ""
    places: Sequence[str] = ()
    position: Position | None = None

    @property
    def shown_at(self) -> Position:
        """Where the notice stands: as chosen, else above the text where it is grave or substantive."""
        is_grave = self.kind in GRAVE or self.severity == Severity.SUBSTANTIVE
        return self.position or (Position.TOP if is_grave else Position.BOTTOM)


class OfAnotherArticle(Exception):
    """The notice to be corrected is not one of this article."""


@dataclass(frozen=True)
class Occasion:
    """What a notice follows from: the notice whose error it corrects, when the error was first told, and by what."""

    corrects: Notice | None = None
    learned_at: datetime | None = None
    because_of: str = ""


@transaction.atomic
def publish_notice(
    *,
    article: PublishedArticle,
    says: Wording,
    occasion: Occasion | None = None,
    uuid: UUID | None = None,
    by: Member | None,
    at: datetime,
) -> Notice:
    """Publish a notice of `article`: from now on nobody can change or remove it.

    `uuid`, where it is given, makes this safe to do twice: a notice that has it is returned as it is. Raises
    OfAnotherArticle.
    """
    keep_commit_order()
    occasion = occasion or Occasion()
    known = Notice.objects.filter(uuid=uuid).first() if uuid else None
    if known is not None:
        return known
    if occasion.corrects is not None and occasion.corrects.article_id != article.pk:
        raise OfAnotherArticle(occasion.corrects.pk)
    notice = _notice(article, says, occasion, uuid or uuid4())
    notice.by_id = by.pk if by else None
    entry = append_entry(_fact(article, notice), at=at)
    notice.entry, notice.published_at = entry, entry.at
    notice.save(force_insert=True)
    events.publish(
        NoticePublished(
            notice_id=notice.pk,
            article_id=article.pk,
            kind=notice.kind,
            severity=notice.severity,
            at=notice.published_at,
            by_id=notice.by_id,
            because_of=occasion.because_of,
        )
    )
    hand_down_notices(article_id=article.pk, at=notice.published_at)
    return notice


def _notice(article: PublishedArticle, says: Wording, occasion: Occasion, uuid: UUID) -> Notice:
    return Notice(
        uuid=uuid,
        article_id=article.pk,
        kind=says.kind,
        severity=says.severity,
        position=says.shown_at,
        text=says.text,
        wrong=says.wrong,
        right=says.right,
        places=list(says.places),
        corrects=occasion.corrects,
        learned_at=occasion.learned_at,
    )


def _fact(article: PublishedArticle, notice: Notice) -> Fact:
    payload: dict[str, Any] = {
        name: str(getattr(notice, name))
        for name in ("uuid", "kind", "severity", "position", "text", "wrong", "right")
    }
    payload |= {
        "headline": article.headline,
        "places": list(notice.places),
        "corrects": str(notice.corrects.uuid) if notice.corrects else "",
        "learned_at": moment(notice.learned_at) if notice.learned_at else "",
    }
    return Fact(
        kind=EntryKind.NOTICE,
        payload=payload,
        article_id=article.pk,
        path=article.path,
        by_id=notice.by_id,
    )


@transaction.atomic
def hand_down_notices(*, article_id: int, at: datetime) -> None:
    """Let readers of an article, and of the list of notices, see its notices as they are now.

    Whoever publishes a notice or takes its text away calls this, in the same transaction and last.
    """
    keep_commit_order()
    show_notices(article_id=article_id, notices=shown_notices([article_id])[article_id], at=at)
    expire_tags({NOTICES}, at=at)


def restore_notices(event: ArticlePublished) -> None:
    """Give an article its notices back: what readers get of it is written anew when it returns after a withdrawal."""
    _restore([event.article_id], at=event.at)


def restore_arrivals(event: ArticlesMovedIn) -> None:
    """Do the same where an archive brings articles back."""
    _restore(event.article_ids, at=event.at)


def _restore(article_ids: Sequence[int], *, at: datetime) -> None:
    noticed = Notice.objects.filter(article_id__in=article_ids).order_by()
    ids = set(noticed.values_list("article_id", flat=True))
    for article_id, notices in shown_notices(ids).items() if ids else ():
        show_notices(article_id=article_id, notices=notices, at=at)
