"""Sources as the editor of a quotation shows them: found by words of a title, and each as a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from copydesk.sources.logic.changes import ChangeKind
from copydesk.sources.logic.verdicts import ACCEPTED
from copydesk.sources.models import (
    Citation,
    Handling,
    Quotation,
    Relation,
    Source,
    SourceEvent,
)
from copydesk.sources.queries.wording import partial_date

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from copydesk.sources.models import Snapshot

# As many as a list under a field shows without scrolling.
MOST_OFFERED = 10
LONGEST_SEARCH = 200
GUESSED = "guess"


@dataclass(frozen=True)
class Card:
    """A source with what the desk knows of it. `snapshot` is the copy that words are compared with."""

    source: Source
    snapshot: Snapshot | None
    article_count: int
    # Of these, how many live ones a change of the source waits to be looked at for.
    flagged_count: int
    is_waiting: bool

    @property
    def guessed(self) -> frozenset[str]:
        """The names of the fields that nobody and nothing says for certain."""
        return frozenset(name for name, origin in self.source.origins.items() if origin == GUESSED)

    @property
    def date(self) -> str:
        """When it was published, as a reader writes it."""
        return partial_date(self.source.published_on)

    @property
    def is_in_trouble(self) -> bool:
        """Whether there are no words to compare with, and none are on their way."""
        return self.snapshot is None and not self.is_waiting

    @property
    def values(self) -> dict[str, str]:
        """What goes into the fields of a quotation: not who wrote the source, since others speak in it too.

        A date that lacks its day goes into none.
        """
        written = self.source.published_on
        return {
            "publication": self.source.publisher,
            "date": written if len(written) == len("2026-11-19") else "",
            "url": self.source.url,
        }


def card_of(source: Source, *, at: datetime) -> Card:
    """Return the card of a source; two queries."""
    is_due = source.next_check_at is not None and source.next_check_at <= at
    is_claimed = source.claimed_until is not None and source.claimed_until > at
    is_waiting = bool(source.supplied_sha256) or (source.is_asked_for and is_due)
    articles = _articles_of(source)
    return Card(
        source=source,
        snapshot=newest_copy(source),
        article_count=articles["all"],
        flagged_count=articles["flagged"],
        is_waiting=is_waiting or is_claimed,
    )


def newest_copy(source: Source) -> Snapshot | None:
    """Return the copy of a source that words are compared with; one query."""
    return source.snapshots.select_related("source").filter(has_text=True).first()


def _articles_of(source: Source) -> dict[str, int]:
    """Count the articles that rely on a source, and those of them a change is open for.

    A passage that was edited matters to who quotes it; any other change to all but who disputes or mentions the source.
    """
    waiting = SourceEvent.objects.filter(source=source, handling=Handling.OPEN)
    is_passage = Q(kind=ChangeKind.PASSAGE_EDITED.value)
    of_page = Quotation.objects.filter(source=source, page=OuterRef("page"), is_live=True)
    lost = of_page.filter(latest_check__isnull=False).exclude(latest_check__verdict__in=ACCEPTED)
    is_open_for = Q(Exists(waiting.filter(is_passage)) & Exists(lost)) | (
        Q(Exists(waiting.exclude(is_passage)))
        & ~Q(relation__in=[Relation.DISPUTES, Relation.MENTIONS])
    )
    return Citation.objects.filter(source=source).aggregate(
        all=Count("page", distinct=True),
        flagged=Count("page", distinct=True, filter=Q(page__live=True) & is_open_for),
    )


def sources_like(words: str) -> list[Source]:
    """Return the newest sources whose title, publisher or address has each of these words; one query."""
    return list(having(Source.objects.order_by("-created_at", "-pk"), words)[:MOST_OFFERED])


def having(rows: QuerySet[Source], words: str) -> QuerySet[Source]:
    """Narrow sources to those whose title, publisher or address has each of these words."""
    for word in words.replace("\0", " ")[:LONGEST_SEARCH].split():
        rows = rows.filter(
            Q(title__icontains=word) | Q(publisher__icontains=word) | Q(url__icontains=word)
        )
    return rows
