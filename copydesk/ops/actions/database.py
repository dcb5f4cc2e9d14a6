"""Applying migrations, one node at a time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.migrations import Migration

# Any number that no other program on the same PostgreSQL is likely to lock.
LOCK = 0x434F5059


class _Migrate(MigrateCommand):
    """Django's command, telling how far it is."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell

    def migration_progress_callback(
        self,
        action: str,
        migration: Migration | None = None,
        fake: bool = False,  # noqa: ARG002, FBT001, FBT002 - Django's signature
    ) -> None:
        """Tell the name of each migration that is done."""
        if action == "apply_success" and migration is not None:
            self._tell(f"{migration.app_label}.{migration.name}")


def migrate(*, tell: Callable[[str], None]) -> None:
    """Apply the migrations that are missing; `tell` is called with the name of each once it is applied."""
    with _alone():
        call_command(_Migrate(tell), verbosity=0, interactive=False, skip_checks=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other nodes from migrating the same PostgreSQL; SQLite's folder is locked by `serve` itself."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
