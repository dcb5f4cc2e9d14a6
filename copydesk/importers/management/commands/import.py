"""``copydesk import SYSTEM FILE``: bring in what another system exported, or a list of retractions."""  # noqa: N999 - the command's name

from __future__ import annotations

import json
import logging
import re
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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
from copydesk.importers.retractions.actions import import_retractions
from copydesk.importers.retractions.logic.reader import NotAList
from copydesk.importers.wordpress.actions import NoFrontPage, Options, import_wordpress
from copydesk.importers.wordpress.logic.errors import ExportError
from copydesk.kit import clock

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

_LINE_EVERY_S: Final = 5.0
_SHOWN_LINES: Final = 20
_OF_TYPE: Final = re.compile(r"type (\S+): belongs to WordPress or a plugin")
#: The words of a report, as people read them.
WORDS: Final = {
    "articles": gettext_lazy("articles"),
    "lines": gettext_lazy("lines of the list"),
    "sources": gettext_lazy("sources"),
    "read": gettext_lazy("read"),
    "unreadable": gettext_lazy("cannot be read"),
    "marked": gettext_lazy("marked"),
    "would be marked": gettext_lazy("would be marked"),
    "kept as the desk marked it": gettext_lazy("kept as the desk marked it"),
    "articles by state": gettext_lazy("articles by state"),
    "pages": gettext_lazy("pages"),
    "pages by state": gettext_lazy("pages by state"),
    "media": gettext_lazy("media"),
    "people": gettext_lazy("people"),
    "topics": gettext_lazy("topics"),
    "created": gettext_lazy("created"),
    "updated": gettext_lazy("updated"),
    "unchanged": gettext_lazy("unchanged"),
    "failed": gettext_lazy("failed"),
    "edited here": gettext_lazy("edited here"),
    "deleted here": gettext_lazy("deleted here"),
    "found here": gettext_lazy("found here"),
    "joined with one of the same name": gettext_lazy("joined with one of the same name"),
    "not looked for": gettext_lazy("not looked for"),
    "missing": gettext_lazy("missing"),
    "refused": gettext_lazy("refused"),
    "found": gettext_lazy("found"),
    "would be imported": gettext_lazy("would be imported"),
    "would fail": gettext_lazy("would fail"),
    "live": gettext_lazy("live"),
    "draft": gettext_lazy("draft"),
    "scheduled": gettext_lazy("scheduled"),
    "in the trash": gettext_lazy("in the trash"),
    "an empty draft WordPress made by itself": gettext_lazy(
        "an empty draft WordPress made by itself"
    ),
    "a revision": gettext_lazy("a revision"),
    "has no post id": gettext_lazy("has no post id"),
    "the same post id came before in this file": gettext_lazy(
        "the same post id came before in this file"
    ),
    "approved": gettext_lazy("approved"),
    "pending": gettext_lazy("pending"),
    "spam": gettext_lazy("spam"),
    "ping": gettext_lazy("pingbacks"),
    "trash": gettext_lazy("in the trash"),
    "block_dropped": gettext_lazy("block left out"),
    "block_kept_as_html": gettext_lazy("block kept as HTML"),
    "block_unwrapped": gettext_lazy("block taken apart, its content kept"),
    "shortcode_dropped": gettext_lazy("shortcode left out"),
    "shortcode_unwrapped": gettext_lazy("shortcode removed around what it enclosed"),
    "element_dropped": gettext_lazy("element left out"),
    "element_kept_as_html": gettext_lazy("element kept as HTML"),
    "link_dropped": gettext_lazy("link left out"),
    "formatting_dropped": gettext_lazy("formatting left out"),
    "page_break": gettext_lazy("page break became a divider"),
    "footnote_missing": gettext_lazy("footnote missing"),
    "text_repaired": gettext_lazy("damaged text repaired"),
    "media_missing": gettext_lazy("file missing"),
    "media_refused": gettext_lazy("file refused"),
    "edited_here": gettext_lazy("changed at the source and here"),
    "state": gettext_lazy("came in with another state"),
    "blank lines before the start removed": gettext_lazy("blank lines before the start removed"),
    "stray bytes read as Windows-1252": gettext_lazy("stray bytes read as Windows-1252"),
    "control characters removed": gettext_lazy("control characters removed"),
    "CDATA ends escaped": gettext_lazy("CDATA ends escaped"),
    "HTML entities resolved": gettext_lazy("HTML entities resolved"),
    "bare ampersands escaped": gettext_lazy("bare ampersands escaped"),
}


class Command(BaseCommand):
    """Parses the command line, runs one action, shows its report."""

    help = "Imports what another system exported. Running it again changes nothing that is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "system", choices=["wordpress", "retractions"], help="what wrote the file"
        )
        parser.add_argument("file", type=Path, help="the export file, or Retraction Watch's list")
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
        started = time.monotonic()
        if given["system"] == "retractions":
            report = self._run_retractions(given["file"], is_dry_run=given["dry_run"])
        else:
            report = self._run_wordpress(given)
        report["seconds"] = round(time.monotonic() - started, 1)
        if given["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            show_report(report, Console(file=cast("IO[str]", self.stdout)))
        if report["failures"]:
            sys.exit(1)

    def _run_retractions(self, path: Path, *, is_dry_run: bool) -> dict[str, Any]:
        try:
            with shown_progress(sys.stderr.isatty()) as progress:
                return import_retractions(
                    path=path, is_dry_run=is_dry_run, at=clock.now(), progress=progress
                )
        except NotAList as error:
            said = {"path": path, "columns": ", ".join(error.missing)}
            message = _("%(path)s is no list of retractions: it has no column %(columns)s.") % said
            raise CommandError(message, returncode=2) from error
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error

    def _run_wordpress(self, given: dict[str, Any]) -> dict[str, Any]:
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
        return self._run(given["file"], options)

    def _run(self, path: Path, options: Options) -> dict[str, Any]:
        try:
            with shown_progress(sys.stderr.isatty()) as progress:
                return import_wordpress(
                    path=path, options=options, at=clock.now(), progress=progress
                )
        except ExportError as error:
            raise CommandError(error.say(_), returncode=2) from error
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
        say = {"step": step, "total": f"{total:,}"}
        self._print(_("%(step)s: %(total)s items") % say if total else step)

    def advance(self, count: int = 1) -> None:
        self._done += count
        if time.monotonic() - self._said_at >= _LINE_EVERY_S:
            self._said_at = time.monotonic()
            say = {"step": self._step, "done": f"{self._done:,}", "total": f"{self._total:,}"}
            template = _("%(step)s: %(done)s of %(total)s") if self._total else "%(step)s: %(done)s"
            self._print(template % say)

    def _print(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - a log, not the command's result


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
    """The report for people: what came to what, then what needs a look. In JSON its words are always the same."""
    title = report["source"]
    if report["dry_run"]:
        title = _("%(source)s (dry run)") % {"source": title}
    table = Table(title=title)
    table.add_column(_("What"))
    table.add_column(_("Outcome"))
    table.add_column(_("Number"), justify="right")
    for kind, outcomes in report["counts"].items():
        _add_rows(table, word(kind), outcomes)
    _add_rows(table, _("skipped"), report["skipped"])
    _add_rows(table, _("comments (kept in the report)"), report["comments"])
    _add_rows(table, _("notes"), report["notes"] | report["mended"])
    console.print(table)
    for line in report["failures"][:_SHOWN_LINES]:
        console.print(
            _("line %(line)s, id %(id)s, “%(title)s”: %(detail)s") % line,
            markup=False,
            soft_wrap=True,
        )
    console.print(_("--json gives every line of the report."), markup=False)


def _add_rows(table: Table, what: str, numbers: dict[str, int]) -> None:
    for outcome, number in numbers.items():
        table.add_row(what, word(outcome), f"{number:,}")


def word(told: str) -> str:
    """What a word of the report is in the reader's language."""
    if of_type := _OF_TYPE.fullmatch(told):
        return _("type %(type)s: belongs to WordPress or a plugin") % {"type": of_type[1]}
    return str(WORDS.get(told, told))
