"""After an upgrade, quotations are compared anew by the better algorithm: a few at a time, and no host is asked.

A source remembers the algorithm that last went through its quotations. Whoever takes a turn holds the source for a
while, which ends by itself; a turn that is cut short is taken again, and what it had written is found written.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from copydesk.sources.actions.rechecking import AT_ONCE, renew
from copydesk.sources.actions.turns import LEASE
from copydesk.sources.logic.matching import ALGORITHM_VERSION
from copydesk.sources.models import Source

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.sources.models import Quotation

# A copy that the archive has lost may come back from a backup.
TRY_BROKEN_AGAIN = timedelta(days=1)
# Sources to try for one that nobody else takes at the same moment.
CANDIDATES = 8


def recheck_next(*, at: datetime) -> int | None:
    """Compare up to `AT_ONCE` quotations of a source that an older algorithm judged; None where no source is left.

    Returns how many were judged anew: none for a source that had no such quotation.
    """
    source = _claim(at)
    if source is None:
        return None
    broken: set[int] = set()
    rows = _next_rows(source, broken)
    count = 0
    while rows:
        passages, lost = renew(source, rows, at=at)
        broken |= lost
        count = len(passages)
        if count or not lost:
            break
        rows = _next_rows(source, broken)
    is_last = len(rows) < AT_ONCE
    _give_back(source, is_last=is_last, is_broken=bool(broken), at=at)
    return count


def _claim(at: datetime) -> Source | None:
    for source in Source.objects.to_compare(at)[:CANDIDATES]:
        mine = Source.objects.to_compare(at).filter(pk=source.pk).order_by()
        if mine.update(compare_at=at + LEASE):
            return source
    return None


def _next_rows(source: Source, broken: set[int]) -> list[Quotation]:
    lost = Q(check_result__snapshot__in=broken) | Q(latest_check__snapshot__in=broken)
    rows = source.quotations.outdated().with_checks()
    return list((rows.exclude(lost) if broken else rows)[:AT_ONCE])


def _give_back(source: Source, *, is_last: bool, is_broken: bool, at: datetime) -> None:
    mine = Source.objects.filter(pk=source.pk)
    if not is_last:
        mine.update(compare_at=None)
    elif is_broken:
        mine.update(compare_at=at + TRY_BROKEN_AGAIN)
    else:
        mine.update(compare_at=None, algorithm_version=ALGORITHM_VERSION)
