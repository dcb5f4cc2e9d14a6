"""What was moved in."""

from __future__ import annotations

from collections import Counter

from copydesk.importers.models import ImportRun, RunState


def kept_comments() -> dict[str, int]:
    """Return how many comments the reports of imports keep, by state; of an archive imported twice the last counts."""
    runs = ImportRun.objects.filter(state=RunState.FINISHED).order_by("started_at")
    latest = dict(runs.values_list("source", "report"))
    total: Counter[str] = Counter()
    for report in latest.values():
        total.update(report.get("comments", {}))
    return dict(sorted(total.items()))
