from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from copydesk.kit import clock
from copydesk.ops.logic.findings import Finding, make_json, make_lines
from copydesk.ops.management import OWN_OPTIONS
from copydesk.ops.queries.doctor import examine

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """`copydesk doctor`, once the settings have been read."""

    help = "Check what the site relies on: settings, disk, database, worker, mail, clock."
    requires_system_checks: list[str] = []
    suppressed_base_arguments = OWN_OPTIONS

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form of the answer."""
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="print JSON, for programs"
        )

    def handle(self, *, as_json: bool, **_options: Any) -> None:
        """Print what was found; leave with 1 if anything is amiss."""
        findings = [Finding("settings", is_well=True, detail="read"), *examine(at=clock.now())]
        self.stdout.write(make_json(findings) if as_json else make_lines(findings))
        if not all(finding.is_well for finding in findings):
            sys.exit(1)
