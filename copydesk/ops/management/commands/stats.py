from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from copydesk.kit import clock
from copydesk.ops.management import OWN_OPTIONS
from copydesk.ops.queries.stats import Counts, get_counts

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """`copydesk stats`."""

    help = "Count articles, pages, people, topics, media, redirects, comments, sources and quotations, by state."
    requires_system_checks: list[str] = []
    suppressed_base_arguments = OWN_OPTIONS

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form of the answer."""
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="print JSON, for programs"
        )

    def handle(self, *, as_json: bool, **_options: Any) -> None:
        """Print the counts."""
        counts = get_counts(at=clock.now())
        if as_json:
            self.stdout.write(json.dumps(counts, indent=2))
        else:
            Console().print(_table(counts))


def _table(counts: Counts) -> Table:
    table = Table("What", "State", "Count", box=None)
    table.columns[-1].justify = "right"
    for what, by_state in counts.items():
        for state, count in by_state.items():
            table.add_row(what, "" if state == "total" else state, f"{count:,}")
            what = ""  # noqa: PLW2901 - the name stands once, before its first state
    return table
