from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from copydesk.kit import clock
from copydesk.sources.actions.capturing import look_at_next
from copydesk.sources.actions.rechecking import recheck_source
from copydesk.sources.logic.answers import Answer
from copydesk.sources.models import Source

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator
    from datetime import datetime

    from copydesk.sources.actions.capturing import Look

# How long to wait for a host's next turn before looking again, in seconds.
PAUSE = 0.5
WELL = {Answer.READ, Answer.SAME}


class Command(BaseCommand):
    """`copydesk check-sources`."""

    help = (
        "Look at sources now, rather than when the worker comes to them: fetch, compare with the copies kept, and "
        "check what articles quote. Hosts are asked one request at a time, five seconds apart. "
        "Exit status 1: some could not be read, or a passage that is quoted has changed."
    )
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:  # noqa: ARG002
        """Go by the name people type."""
        return super().create_parser(prog_name, "check-sources", **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which sources, and the form of the answer."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--due", action="store_true", help="those whose time has come (default)")
        which.add_argument("--all", action="store_true", help="every source on the web")
        which.add_argument(
            "--quotations",
            action="store_true",
            help="fetch nothing: compare all quotations again with the copies kept, as after an upgrade",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say which sources it would be, and leave"
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="print a line of JSON for each"
        )

    def handle(self, **options: Any) -> None:
        """Look at them one by one."""
        at = clock.now()
        wanted = self._wanted(at, options)
        if options["dry_run"]:
            self._list(wanted, as_json=options["as_json"])
            return
        found = (
            self._recheck(wanted, at) if options["quotations"] else self._look(wanted, at, options)
        )
        amiss = self._report(found, len(wanted), as_json=options["as_json"])
        if amiss:
            raise SystemExit(1)

    def _wanted(self, at: datetime, options: dict[str, Any]) -> list[int]:
        sources = Source.objects.order_by("next_check_at", "pk")
        if options["quotations"]:
            sources = sources.filter(quotations__is_live=True).distinct()
        elif options["all"]:
            sources = sources.exclude(url_key="")
        else:
            sources = sources.filter(next_check_at__lte=at)
        return list(sources.values_list("pk", flat=True))

    def _list(self, wanted: list[int], *, as_json: bool) -> None:
        for source in Source.objects.filter(pk__in=wanted).order_by("pk"):
            row = {"source": source.pk, "url": source.url, "title": source.title}
            self.stdout.write(
                json.dumps(row) if as_json else f"{source.pk:>6}  {source.url or source.title}"
            )
        if not as_json:
            self.stdout.write(f"{len(wanted):,} sources would be looked at.")

    def _look(
        self, wanted: list[int], at: datetime, options: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        if options["all"]:
            Source.objects.filter(pk__in=wanted).update(next_check_at=at)
        left = set(wanted)
        while left:
            look = look_at_next(at=clock.now())
            if look is None:
                time.sleep(PAUSE)
                left &= set(self._still_waiting(left))
            elif look.answer is not None:
                left.discard(look.source_id)
                yield _row(look)

    def _still_waiting(self, left: set[int]) -> Iterator[int]:
        """Return those that wait for a host's turn, leaving out what is put off for longer, or gone."""
        soon = clock.now().timestamp() + 60
        for pk, due_at in Source.objects.filter(pk__in=left).values_list("pk", "next_check_at"):
            if due_at is not None and due_at.timestamp() <= soon:
                yield pk

    def _recheck(self, wanted: list[int], at: datetime) -> Iterator[dict[str, Any]]:
        for pk in wanted:
            passages = recheck_source(source_id=pk, at=at)
            lost = sum(passage.is_lost for passage in passages)
            yield {"source": pk, "quotations": len(passages), "no_longer_accepted": lost}

    def _report(self, found: Iterator[dict[str, Any]], total: int, *, as_json: bool) -> int:
        counts: Counter[str] = Counter()
        amiss = 0
        with _progress(hidden=as_json) as progress:
            bar = progress.add_task("sources", total=total)
            for row in found:
                progress.advance(bar)
                counts[row.get("answer", "compared")] += 1
                amiss += _is_amiss(row)
                if as_json:
                    self.stdout.write(json.dumps(row))
                elif _is_amiss(row):
                    progress.console.print(_told(row), highlight=False, markup=False)
        if not as_json:
            shown = ", ".join(f"{count:,} {name}" for name, count in counts.most_common())
            self.stdout.write(f"{sum(counts.values()):,} sources: {shown or 'none was due'}.")
        return amiss


def _row(look: Look) -> dict[str, Any]:
    event = look.event
    return {
        "source": look.source_id,
        "answer": look.answer.value if look.answer else None,
        "detail": look.detail,
        "change": event.kind if event else None,
        "severity": event.severity if event else None,
    }


def _is_amiss(row: dict[str, Any]) -> bool:
    if "answer" not in row:
        return bool(row["no_longer_accepted"])
    return row["answer"] not in {*WELL, Answer.BUSY} or (row["severity"] or 0) > 1


def _told(row: dict[str, Any]) -> str:
    if "answer" not in row:
        return f"{row['source']:>6}  {row['no_longer_accepted']} quotations are no longer accepted"
    return f"{row['source']:>6}  {row['change'] or row['answer']}  {row['detail']}"


def _progress(*, hidden: bool) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), disable=hidden)
