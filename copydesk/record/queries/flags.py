"""The desk's one inbox of flags: what waits, the gravest and most urgent first, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import Coalesce

from copydesk.editorial.models import Article, PublishedByline
from copydesk.record.models import Flag, FlagState
from copydesk.sources.logic.verdicts import ACCEPTED
from copydesk.sources.models import Quotation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.core.paginator import Page as PageOfRows
    from django.db.models import QuerySet

    from copydesk.members.models import Member

PER_PAGE = 25


@dataclass(frozen=True)
class Affected:
    """A quotation that may have to change; `is_lost` tells that the source does not have its words any more."""

    block_id: str
    text: str
    is_lost: bool


@dataclass(frozen=True)
class FlagRow:
    """A flag with the quotation to look at first, where one is affected."""

    flag: Flag
    quotation: Affected | None
    is_overdue: bool

    @property
    def block_id(self) -> str:
        """The block of the article's body to look at; "" for none in particular."""
        return self.quotation.block_id if self.quotation else ""


@dataclass(frozen=True)
class Inbox:
    """A page of the inbox."""

    rows: Sequence[FlagRow]
    page: PageOfRows[Flag]
    open_count: int
    mine_count: int


def open_flags() -> QuerySet[Flag]:
    """Return what waits, at articles that are live."""
    return Flag.objects.filter(state=FlagState.OPEN, article__published__isnull=False)


def of_member(flags: QuerySet[Flag], member: Member) -> QuerySet[Flag]:
    """Return those at articles that a member owns, or is named on."""
    owned = Article.objects.filter(owner=member).values("pk")
    named = PublishedByline.objects.filter(person__member=member).values("published")
    # Either through the index of flags by article; joined, all flags would be gone through.
    return flags.filter(Q(article__in=owned) | Q(article__in=named))


def inbox(
    *, flags: QuerySet[Flag], show: str, member: Member, number: str | int = 1, at: datetime
) -> Inbox:
    """Return a page of these flags: `show` is "open", "mine" or "decided"; up to five queries, however long the list.

    `flags` are those that the member may see, `number` is a page's, or anything a reader types for one.
    """
    waiting = flags.filter(state=FlagState.OPEN, article__published__isnull=False)
    mine = of_member(waiting, member)
    decided = flags.exclude(state=FlagState.OPEN).order_by("-decided_at", "-pk")
    by_weight = (waiting if show == "open" else mine).order_by("-gravity", "due_at", "pk")
    rows = decided if show == "decided" else by_weight
    shown = rows.select_related("article", "source", "event", "notice", "decided_by", "answer")
    counts = {"open": waiting.count(), "mine": mine.count()}
    paginator = Paginator(shown, PER_PAGE)
    if show in counts:
        # The paginator would count the same again.
        paginator.count = counts[show]
    page = paginator.get_page(number)
    return Inbox(
        rows=rows_of(list(page.object_list), at=at),
        page=page,
        open_count=counts["open"],
        mine_count=counts["mine"],
    )


def rows_of(flags: Sequence[Flag], *, at: datetime) -> list[FlagRow]:
    """Return flags with what is affected by each; one query."""
    quoted = _quotations(flags)
    return [
        FlagRow(
            flag=flag,
            quotation=quoted.get((flag.article_id, flag.source_id)) if is_direct(flag) else None,
            is_overdue=flag.state == FlagState.OPEN and flag.due_at <= at,
        )
        for flag in flags
    ]


def is_direct(flag: Flag) -> bool:
    """Whether the article rests on the source itself, and not on an article in between."""
    return flag.source_id is not None and flag.notice_id is None


def _quotations(flags: Sequence[Flag]) -> dict[tuple[int, int | None], Affected]:
    """Return the quotation of each article and source to look at: one whose words are gone, else the first."""
    wanted = {(flag.article_id, flag.source_id) for flag in flags if is_direct(flag)}
    rows = Quotation.objects.filter(
        page__in={pk for pk, _source in wanted},
        source__in={source for _pk, source in wanted},
        is_live=True,
    ).order_by("position", "pk")
    verdict = Coalesce("latest_check__verdict", "check_result__verdict")
    found: defaultdict[tuple[int, int | None], list[Affected]] = defaultdict(list)
    columns = ("page_id", "source_id", "block_id", "text", verdict)
    for page_id, source_id, block_id, text, said in rows.values_list(*columns):
        is_lost = bool(said) and said not in ACCEPTED
        found[page_id, source_id].append(Affected(block_id, text, is_lost))
    return {
        key: next((each for each in quotations if each.is_lost), quotations[0])
        for key, quotations in found.items()
    }
