"""After an upgrade, quotations are compared anew by the better algorithm: a few at a time, and no host is asked.

A source remembers the algorithm that last went through its quotations. Whoever takes a turn holds the source for a
while, which ends by itself; a turn that is cut short is taken again, and what it had written is found written.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from copydesk.sources.actions.rechecking import AT_ONCE, renew
from copydesk.sources.actions.turns import LEASE
from copydesk.sources.logic.matching import ALGORITHM_VERSION
from copydesk.sources.models import Quotation, Source

if TYPE_CHECKING:
    from datetime import datetime

# A copy that the archive has lost may come back from a backup.
TRY_BROKEN_AGAIN = timedelta(days=1)
# Most sources are quoted once or twice: to take several at once saves more than half of the time.
SOURCES_AT_ONCE = 20


def recheck_next(*, at: datetime) -> int | None:
    """Compare up to `AT_ONCE` quotations that an older algorithm judged; None where no source is left.

    Returns how many were judged anew: none for sources that had no such quotation.
    """
    claimed = _claim(at)
    if not claimed:
        return None
    quotations = Quotation.objects.outdated().filter(source__in=claimed)
    broken: set[int] = set()
    while True:
        lost = Q(check_result__snapshot__in=broken) | Q(latest_check__snapshot__in=broken)
        sound = quotations.exclude(lost) if broken else quotations
        rows = list(sound.with_checks().order_by("source_id", "pk")[:AT_ONCE])
        passages, newly_broken = renew(rows, at=at) if rows else ([], set())
        broken |= newly_broken
        if passages or not newly_broken:
            break
    # Where all were taken, what is left has lost its copy.
    again_at = at + TRY_BROKEN_AGAIN if len(rows) < AT_ONCE else None
    _give_back(claimed, set(quotations.values_list("source_id", flat=True)), again_at)
    return len(passages)


def _claim(at: datetime) -> list[int]:
    free = Source.objects.to_compare(at)
    # A look first: a lock taken for nothing would keep writers waiting.
    if not free.exists():
        return []
    with transaction.atomic():
        locked = free.select_for_update(skip_locked=True).values_list("pk", flat=True)
        numbers = list(locked[:SOURCES_AT_ONCE])
        Source.objects.filter(pk__in=numbers).update(compare_at=at + LEASE)
    return numbers


@transaction.atomic
def _give_back(claimed: list[int], left: set[int], again_at: datetime | None) -> None:
    done = set(claimed) - left
    Source.objects.filter(pk__in=done).update(compare_at=None, algorithm_version=ALGORITHM_VERSION)
    if left:
        Source.objects.filter(pk__in=left).update(compare_at=again_at)
