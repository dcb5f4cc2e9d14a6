"""``copydesk import SYSTEM FILE``: bring in what another system exported."""  # noqa: N999 - the command's name

from __future__ import annotations

import json
import logging
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from copydesk.editorial.models import Kind
from copydesk.importers.wordpress.actions import NoFrontPage, Options, import_wordpress
from copydesk.importers.wordpress.logic.errors import ExportError
from copydesk.kit import clock

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

_LINE_EVERY_S: Final = 5.0
_SHOWN_LINES: Final = 20


class Command(BaseCommand):
    """Parses the command line, runs one action, shows its report."""

    help = "Imports what another system exported. Running it again changes nothing that is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("system", choices=["wordpress"], help="what wrote the file")
        parser.add_argument("file", type=Path, help="the export file")
        parser.add_argument(
            "--media", type=Path, metavar="DIR", help="a copy of the old site's wp-content/uploads"
        )
        parser.add_argument(
            "--fetch-media",
            action="store_true",
            help="fetch files from the old site while it is up",
        )
        parser.add_argument(
            "--kind", choices=Kind.values, default=Kind.BLOG, help="the kind of work posts become"
        )
        parser.add_argument("--dry-run", action="store_true", help="report, and write nothing")
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")

    def handle(self, *_args: object, **given: Any) -> None:
        media: Path | None = given["media"]
        if media is not None and not media.is_dir():
            raise CommandError(_("%(path)s is not a folder.") % {"path": media}, returncode=2)
        options = Options(
            media_dir=media,
            fetch_media=given["fetch_media"],
            is_dry_run=given["dry_run"],
            kind=given["kind"],
        )
        # Wagtail logs each page it makes; the report says it better.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        started = time.monotonic()
        report = self._run(given["file"], options)
        report["seconds"] = round(time.monotonic() - started, 1)
        if given["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            show_report(report, Console(file=cast("IO[str]", self.stdout)))
        if report["failures"]:
            sys.exit(1)

    def _run(self, path: Path, options: Options) -> dict[str, Any]:
        try:
            with shown_progress(sys.stderr.isatty()) as progress:
                return import_wordpress(
                    path=path, options=options, at=clock.now(), progress=progress
                )
        except ExportError as error:
            raise CommandError(str(error), returncode=2) from error
        except NoFrontPage as error:
            message = _("This site is not set up yet. Run `copydesk init` first.")
            raise CommandError(message, returncode=2) from error


class _Bar:
    """A bar with rate and time left, for a terminal."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task: TaskID | None = None

    def begin(self, step: str, total: int) -> None:
        if self._task is not None:
            self._bar.update(self._task, visible=False)
        self._task = self._bar.add_task(step, total=total or None, rate="")

    def advance(self, count: int = 1) -> None:
        if self._task is None:
            return
        self._bar.advance(self._task, count)
        task = self._bar.tasks[self._task]
        if task.elapsed:
            self._bar.update(self._task, rate=f"{task.completed / task.elapsed:,.0f}/s")


class _Lines:
    """A line now and then, for a log."""

    def __init__(self) -> None:
        self._step, self._total, self._done, self._said_at = "", 0, 0, 0.0

    def begin(self, step: str, total: int) -> None:
        self._step, self._total, self._done, self._said_at = step, total, 0, time.monotonic()
        print(f"{step}: {total:,} items" if total else step, file=sys.stderr, flush=True)  # noqa: T201

    def advance(self, count: int = 1) -> None:
        self._done += count
        if time.monotonic() - self._said_at >= _LINE_EVERY_S:
            self._said_at = time.monotonic()
            of = f" of {self._total:,}" if self._total else ""
            print(f"{self._step}: {self._done:,}{of}", file=sys.stderr, flush=True)  # noqa: T201


@contextmanager
def shown_progress(on_terminal: bool) -> Iterator[_Bar | _Lines]:  # noqa: FBT001
    """Progress as suits where it goes."""
    if not on_terminal:
        yield _Lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield _Bar(bar)


def show_report(report: dict[str, Any], console: Console) -> None:
    """The report for people: what came to what, then what needs a look."""
    table = Table(title=f"{report['source']}{' (dry run)' if report['dry_run'] else ''}")
    table.add_column("What")
    table.add_column("Outcome")
    table.add_column("Number", justify="right")
    for kind, outcomes in report["counts"].items():
        for outcome, number in outcomes.items():
            table.add_row(kind, outcome, f"{number:,}")
    for why, number in report["skipped"].items():
        table.add_row("skipped", why, f"{number:,}")
    for state, number in report["comments"].items():
        table.add_row("comments (kept in the report)", state, f"{number:,}")
    for what, number in (report["notes"] | report["mended"]).items():
        table.add_row("notes", what, f"{number:,}")
    console.print(table)
    for line in report["failures"][:_SHOWN_LINES]:
        console.print(
            f"line {line['line']}, id {line['id']}, {line['title']!r}: {line['detail']}",
            markup=False,
        )
    console.print(_("--json gives every line of the report."), markup=False)
