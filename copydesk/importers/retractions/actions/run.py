"""Sources are marked by what Retraction Watch's list says of their DOIs; who rests on them is flagged then."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from copydesk.importers.models import ImportRun, RunState
from copydesk.importers.retractions.logic.judging import RANKS, evidence, is_lists, judge
from copydesk.importers.retractions.logic.reader import Fault, bare_doi, read_list
from copydesk.kit import clock
from copydesk.sources.actions.handling import AlreadyMarked, mark_source
from copydesk.sources.models import Source, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from copydesk.importers.retractions.logic.reader import Entry
    from copydesk.importers.wordpress.actions import Progress

#: A report is for reading: of more only the number grows.
MAX_FAILURES: Final = 2_000
TOLD_EVERY: Final = 1_000


@dataclass
class Read:
    """What the list says of papers that are sources of ours, by their DOIs, and the lines that cannot be read."""

    found: defaultdict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)


def import_retractions(
    *, path: Path, is_dry_run: bool, at: datetime, progress: Progress
) -> dict[str, Any]:
    """Mark the sources that the list names, and return the report. Running it again changes nothing that is done.

    The file is read to its end before anything is written. What an editor said of a source is never made less grave.

    Raises NotAList for a file that is none, OSError for one that cannot be read.
    """
    ours = _sources_by_doi()
    progress.begin(_("Reading the list"), 0)
    listed = _read(path, ours, progress)
    outcomes, noted = _mark_all(listed.found, ours, is_dry_run=is_dry_run, at=at, progress=progress)
    report = {
        "file": str(path),
        "source": path.name,
        "dry_run": is_dry_run,
        "counts": {"lines": dict(listed.counts), "sources": dict(outcomes)},
        "skipped": {},
        "comments": {},
        "notes": {},
        "mended": {},
        "failures": listed.failures,
        "noted_items": noted,
    }
    if not is_dry_run:
        _keep_run(path, report, at)
    return report


def _read(path: Path, ours: Mapping[str, list[int]], progress: Progress) -> Read:
    """Read the list to its end, and keep what it says of papers that are ours."""
    result = Read()
    with path.open("rb") as file:
        for number, said in enumerate(read_list(file), start=1):
            if number % TOLD_EVERY == 0:
                progress.advance(TOLD_EVERY)
            if isinstance(said, Fault):
                result.counts["unreadable"] += 1
                if len(result.failures) < MAX_FAILURES:
                    result.failures.append(_line(said))
                continue
            result.counts["read"] += 1
            if said.doi in ours:
                result.found[said.doi].append(said)
    return result


def _sources_by_doi() -> Mapping[str, list[int]]:
    """Return our sources by their DOIs in lower case: some thousands, while the list has many more."""
    ours: defaultdict[str, list[int]] = defaultdict(list)
    for pk, doi in Source.objects.exclude(doi="").values_list("pk", "doi").iterator():
        if bare := bare_doi(doi):
            ours[bare].append(pk)
    return ours


def _line(fault: Fault) -> dict[str, Any]:
    return {
        "kind": "line",
        "detail": fault.detail,
        "id": fault.record_id,
        "title": fault.title,
        "line": fault.line,
    }


def _mark_all(
    found: Mapping[str, list[Entry]],
    ours: Mapping[str, list[int]],
    *,
    is_dry_run: bool,
    at: datetime,
    progress: Progress,
) -> tuple[Counter[str], list[dict[str, Any]]]:
    outcomes: Counter[str] = Counter()
    noted = []
    progress.begin(_("Marking sources"), sum(len(ours[doi]) for doi in found))
    for doi, entries in found.items():
        standing, why = judge(entries)
        for pk in ours[doi]:
            outcome = _mark(pk, Standing(standing), why, is_dry_run=is_dry_run, at=at)
            outcomes[outcome] += 1
            noted.append({"source": pk, "doi": doi, "standing": standing, "outcome": outcome})
            progress.advance()
    return outcomes, noted


def _mark(pk: int, standing: Standing, why: Entry, *, is_dry_run: bool, at: datetime) -> str:
    """Mark a source where the list knows more than we do; return what came of it, in a word of the report."""
    source = Source.objects.get(pk=pk)
    if source.standing == standing:
        return "unchanged"
    is_less = RANKS[standing] <= RANKS[source.standing]
    if is_less and not is_lists(source.standing_note):
        return "kept as the desk marked it"
    if is_dry_run:
        return "would be marked"
    expected = Standing(source.standing)
    try:
        mark_source(
            source=source, expected=expected, standing=standing, note=evidence(why), by=None, at=at
        )
    except AlreadyMarked:
        return "kept as the desk marked it"
    return "marked"


def _keep_run(path: Path, report: dict[str, Any], at: datetime) -> None:
    ImportRun.objects.create(
        kind="retractions",
        source=path.name[:300],
        file_name=path.name[:300],
        state=RunState.FINISHED,
        started_at=at,
        finished_at=clock.now(),
        report=report,
    )
