from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from copydesk.kit import clock
from copydesk.pagestore.actions import expire_tags
from copydesk.pagestore.logic.tags import LAYOUT, BadTag
from copydesk.pagestore.queries import Statistics, last_expiry, purges, statistics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.management.base import CommandParser

BAD_TAG = 2
HELP = {
    "stats": "Tell what this node's store holds and has done since it was made.",
    "expire": "Have every page made anew that shows something of these, on every node.",
    "clear": "Have every page made anew, on every node.",
}


class Command(BaseCommand):
    """`copydesk pages`."""

    help = "Look at the store of ready pages, or have pages made anew."
    requires_system_checks: list[str] = []
    suppressed_base_arguments = {
        *("--version", "--verbosity", "--settings", "--pythonpath"),
        *("--traceback", "--no-color", "--force-color"),
    }

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="stats|expire|clear")
        stats = verbs.add_parser("stats", help=HELP["stats"], description=HELP["stats"])
        stats.add_argument(
            "--json", action="store_true", dest="as_json", help="print JSON, for programs"
        )
        expire = verbs.add_parser("expire", help=HELP["expire"], description=HELP["expire"])
        expire.add_argument(
            "tags",
            nargs="+",
            metavar="TAG",
            help="as they stand in the header Surrogate-Key of a page: article:12, topic:3, latest",
        )
        verbs.add_parser(
            "clear",
            help=HELP["clear"],
            description=f"{HELP['clear']} The same as `expire {LAYOUT}`: every page carries that tag. Nothing is "
            "deleted; pages are made again as they are asked for, or when room is needed.",
        )

    def handle(self, *, verb: str, **options: Any) -> None:
        """Do it."""
        if verb == "stats":
            self._tell_statistics(as_json=options["as_json"])
        else:
            self._expire(options["tags"] if verb == "expire" else [LAYOUT])

    def _tell_statistics(self, *, as_json: bool) -> None:
        found, waiting = statistics(), purges()
        if as_json:
            figures = asdict(found) | {"hit_ratio": found.hit_ratio, "purges": asdict(waiting)}
            self.stdout.write(json.dumps(figures, indent=2))
        elif found.is_usable:
            Console().print(_table(found, waiting.waiting, waiting.failing))
        else:
            self.stdout.write(f"The page store cannot be used: {found.trouble}")

    def _expire(self, tags: Sequence[str]) -> None:
        try:
            expire_tags(tags, at=clock.now())
        except BadTag as error:
            raise CommandError(
                f"{str(error)!r} is no tag. Tags look like article:12, topic:3 or latest.",
                returncode=BAD_TAG,
            ) from error
        self.stdout.write(f"Expired: {' '.join(tags)} (expiry {last_expiry()}).")
        found = statistics()
        if not found.is_usable:
            self.stdout.write(f"This node's page store cannot be used: {found.trouble}")
        elif found.behind:
            self.stdout.write("Every node knows within a second.")
        else:
            self.stdout.write("This node knows; every other knows within a second.")
        if settings.COPYDESK_PURGE_URL:
            self.stdout.write("The background worker tells the content delivery network.")


def _table(found: Statistics, waiting: int, failing: int) -> Table:
    ratio = "–" if found.hit_ratio is None else f"{found.hit_ratio:.1%}"
    rows = {
        "pages": f"{found.pages:,}",
        "size": f"{found.bytes / 2**20:,.1f} of {found.size / 2**20:,.0f} MB",
        "answered from the store": f"{found.hits:,} ({ratio})",
        "made": f"{found.misses:,}",
        "stored": f"{found.stored:,}",
        "given up for room": f"{found.evicted:,}",
        "last expiry seen": f"{found.position:,}",
        "expiries not seen yet": f"{found.behind:,}",
        "expiries to be purged": f"{waiting:,} ({failing:,} failing)"
        if failing
        else f"{waiting:,}",
    }
    table = Table("What", "", box=None, show_header=False)
    table.columns[-1].justify = "right"
    for name, value in rows.items():
        table.add_row(name, value)
    return table
