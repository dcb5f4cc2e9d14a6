from __future__ import annotations

import json
from argparse import ArgumentTypeError
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from copydesk.kit.http import FetchFailed, FetchRefused
from copydesk.record.actions.elsewhere import NoRecord, verify_site
from copydesk.record.actions.exporting import export_record
from copydesk.record.backends.signing import KeyUnusable
from copydesk.record.logic.heads import BadHead
from copydesk.record.logic.verifying import read_kept_head
from copydesk.record.queries import heads
from copydesk.record.queries.inspection import verify_record

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Iterator

    from copydesk.record.logic.heads import SignedHead
    from copydesk.record.logic.verifying import Report

NOT_BEGUN = 2
MOST_HEAD_BYTES = 2**16


class Command(BaseCommand):
    """`copydesk verify-record`."""

    help = (
        "Verify the record: this site's own, or another's by its address. Exit status: 0, sound; 1, faults, each "
        "named by its entry; 2, not begun."
    )
    requires_system_checks: list[str] = []
    suppressed_base_arguments = {
        *("--version", "--verbosity", "--settings", "--pythonpath"),
        *("--traceback", "--no-color", "--force-color"),
    }

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:  # noqa: ARG002
        """Go by the name people type."""
        return super().create_parser(prog_name, "verify-record", **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which record, what it is held against, and the form of the answer."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--from", metavar="URL", dest="url", help="the address of another site to verify"
        )
        which.add_argument(
            "--export",
            metavar="FILE",
            help="verify nothing: write the whole record for `python -m copydesk.record.verify`",
        )
        parser.add_argument(
            "--public", action="store_true", help="export what everybody may read alone"
        )
        parser.add_argument(
            "--since", metavar="FILE", help="an earlier head.json, which the record must continue"
        )
        parser.add_argument(
            "--allow-network",
            action="append",
            default=[],
            type=_network,
            metavar="NETWORK",
            help="a private network that may be asked too, such as 127.0.0.0/8",
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="print JSON, for programs"
        )

    def handle(self, **options: Any) -> None:
        """Verify, or export."""
        try:
            if options["export"]:
                self._export(Path(options["export"]), options)
                return
            since = _read_head(options["since"]) if options["since"] else None
            report = self._verified(since, options)
        except (NoRecord, FetchRefused, FetchFailed, KeyUnusable, DatabaseError) as error:
            raise CommandError(str(error), returncode=NOT_BEGUN) from error
        self.stdout.write(json.dumps(report.as_json()) if options["as_json"] else report.as_text())
        if not report.is_sound:
            raise SystemExit(1)

    def _verified(self, since: SignedHead | None, options: dict[str, Any]) -> Report:
        with _progress(hidden=options["as_json"]) as tell:
            if options["url"]:
                return verify_site(
                    url=options["url"], since=since, networks=options["allow_network"], tell=tell
                )
            total = heads.size()
            return verify_record(since=since, tell=lambda count: tell(count, total))

    def _export(self, path: Path, options: dict[str, Any]) -> None:
        try:
            with _progress(hidden=options["as_json"]) as tell:
                total = heads.size()
                head = export_record(
                    path=path,
                    is_whole=not options["public"],
                    tell=lambda count: tell(count, max(count, total)),
                )
        except OSError as error:
            message = f"{path}: cannot be written: {error.strerror}"
            raise CommandError(message, returncode=NOT_BEGUN) from error
        if options["as_json"]:
            self.stdout.write(json.dumps({"file": str(path), "head": head.as_json()}))
        else:
            self.stdout.write(f"Wrote {head.size:,} entries to {path}.")


def _network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _read_head(name: str) -> SignedHead:
    try:
        with Path(name).open("rb") as file:
            return read_kept_head(file.read(MOST_HEAD_BYTES))
    except OSError as error:
        message = f"{name}: cannot be read: {error.strerror}"
        raise CommandError(message, returncode=NOT_BEGUN) from error
    except BadHead as error:
        raise CommandError(f"{name}: no signed head: {error}", returncode=NOT_BEGUN) from error


@contextmanager
def _progress(*, hidden: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how far it is, on a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    is_shown = console.is_terminal and not hidden
    with Progress(*columns, console=console, disable=not is_shown, transient=True) as progress:
        bar = progress.add_task("entries", total=None)
        yield lambda count, total: progress.update(bar, completed=count, total=total)
