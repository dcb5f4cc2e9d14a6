"""Showing how far an upgrade is: a bar on a terminal, plain lines elsewhere, nothing when there is nothing to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from copydesk.kit import clock
from copydesk.ops.actions.static import prepared_alongside
from copydesk.ops.actions.upgrade import upgrade_database
from copydesk.ops.logic.terminal import tell
from copydesk.ops.queries import schema
from copydesk.ops.serve.log import quiet_wagtail

if TYPE_CHECKING:
    from collections.abc import Callable

    Tell = Callable[[str], None]


def upgrade_with_progress(*, copy: bool = True) -> None:
    """Bring the site to this version, and say so if there was anything to do."""
    with prepared_alongside(), quiet_wagtail():
        total = len(schema.missing_migrations())
        show = _silently if not total else _with_bar if sys.stderr.isatty() else _with_lines
        show(total, lambda tell: upgrade_database(at=clock.now(), tell=tell, copy=copy))


def _silently(_total: int, do: Callable[[Tell], object]) -> None:
    do(lambda _name: None)


def _with_lines(total: int, do: Callable[[Tell], object]) -> None:
    tell(f"Preparing the database: {total} migrations")
    do(lambda _name: None)
    tell("The database is ready.")


def _with_bar(total: int, do: Callable[[Tell], object]) -> None:
    from rich.console import Console  # noqa: PLC0415 - loaded only where it is seen
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Preparing the database", total=total)
        do(lambda _name: bar.advance(task))
    tell("The database is ready.")
