"""How many sources and quotations there are, in which state; whether their archive and their checks are in order."""

from __future__ import annotations

from datetime import timedelta
from random import sample
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from copydesk.sources.backends.archive import Damaged, Missing
from copydesk.sources.logic.schedule import Liveness
from copydesk.sources.logic.verdicts import Verdict
from copydesk.sources.models import Quotation, QuotationKind, Snapshot, Source
from copydesk.sources.queries.texts import archive

if TYPE_CHECKING:
    from datetime import datetime

# A check may wait for its host's turn; one that waits for longer has been forgotten.
OVERDUE_AFTER = timedelta(days=1)
SAMPLE = 20
# The newest so many: their numbers are drawn from in memory.
DRAWN_FROM = 100_000
# Copies that were lost are tried again after a day; whoever compares holds a source for minutes.
HELD_FOR = timedelta(minutes=10)


def source_counts(*, at: datetime) -> dict[str, dict[str, int]]:
    """Return the numbers of sources by state, quotations of live articles by verdict, copies, bytes, and late checks.

    Three queries, and a look at every file of the archive for its size.
    """
    on_web = ~Q(url_key="")
    states: dict[str, Q] = {
        "live": on_web & Q(liveness=Liveness.LIVE),
        "not answering": on_web & Q(liveness__in=[Liveness.SUSPECT1, Liveness.SUSPECT2]),
        "gone": on_web & Q(liveness=Liveness.DEAD),
        "refusing robots": on_web & Q(liveness=Liveness.BLOCKED),
        "not on the web": ~on_web,
        "late": _late(at),
    }
    found = Source.objects.aggregate(
        **{name.replace(" ", "_"): Count("pk", filter=which) for name, which in states.items()}
    )
    sources = {name: found[name.replace(" ", "_")] for name in states}
    copies = Snapshot.objects.count()
    files, size = archive().measure()
    return {
        "sources": {name: count for name, count in sources.items() if name != "late"},
        "quotations": _quotations(),
        "archive": {"copies": copies, "files": files, "bytes": size},
        "late checks": {"sources": sources["late"]},
    }


def _quotations() -> dict[str, int]:
    translated = Q(kind=QuotationKind.TRANSLATED)
    verdicts = {
        verdict.value: ~translated & Q(check_result__verdict=verdict.value) for verdict in Verdict
    }
    others = {"unchecked": ~translated & Q(check_result=None), "translated": translated}
    return Quotation.objects.filter(is_live=True).aggregate(
        **{f"{name}": Count("pk", filter=which) for name, which in (verdicts | others).items()}
    )


def late_count(*, at: datetime) -> int:
    """Return how many sources should have been looked at more than `OVERDUE_AFTER` ago."""
    return Source.objects.filter(_late(at)).count()


def _late(at: datetime) -> Q:
    return Q(next_check_at__lt=at - OVERDUE_AFTER)


def outdated_count() -> int:
    """Return how many quotations wait to be judged by the present algorithm."""
    return Quotation.objects.outdated().count()


def lost_copies_count(*, at: datetime) -> int:
    """Return of how many sources quotations could not be judged anew, since the archive has lost their copies."""
    return Source.objects.filter(compare_at__gt=at + HELD_FOR).count()


def damaged_copies() -> tuple[int, list[str]]:
    """Read texts of up to `SAMPLE` copies, drawn at random; return how many, and the names of those not in order."""
    newest = Snapshot.objects.order_by("-pk").values_list("pk", flat=True)[:DRAWN_FROM]
    numbers = list(newest)
    drawn = sample(numbers, min(SAMPLE, len(numbers)))
    names = Snapshot.objects.filter(pk__in=drawn).values_list("layers_sha256", "warc_sha256")
    wanted = sorted({name for pair in names for name in pair if name})
    return len(wanted), [name for name in wanted if not _is_whole(name)]


def _is_whole(name: str) -> bool:
    try:
        archive().get(name)
    except (Missing, Damaged):
        return False
    return True
