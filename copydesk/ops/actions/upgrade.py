"""Bringing a site's database to the version that runs, with a copy to go back to."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from copydesk.ops.actions import database
from copydesk.ops.logic.trouble import CannotStart
from copydesk.ops.queries import schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

COPIES = "before-upgrade"
KEPT_COPIES = 3


def upgrade_database(*, at: datetime, tell: Callable[[str], None], copy: bool = True) -> list[tuple[str, str]]:
    """Apply the migrations that are missing, and return them. A SQLite file that holds something is copied first."""
    missing = schema.missing_migrations()
    if missing:
        if copy:
            keep_copy(at=at)
        database.migrate(at=at, tell=tell)
    return missing


def keep_copy(*, at: datetime) -> Path | None:
    """Copy the SQLite database beside itself, unless it is new; the last few copies are kept. PostgreSQL has its own tools."""
    if connection.vendor != "sqlite" or not connection.introspection.table_names():
        return None
    source = Path(settings.DATABASES["default"]["NAME"])
    folder = Path(settings.DATA_DIR) / COPIES
    folder.mkdir(exist_ok=True)
    _refuse_without_room(source, folder)
    target = folder / f"{at:%Y%m%dT%H%M%S}-to-{version('copydesk')}.sqlite3"
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)
    for old in sorted(folder.glob("*.sqlite3"))[:-KEPT_COPIES]:
        old.unlink()
    return target


def _refuse_without_room(source: Path, folder: Path) -> None:
    # The migration itself may rewrite the largest table.
    needed = 2 * source.stat().st_size
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CannotStart(
            f"An upgrade copies the database first, and needs {needed >> 20} MB free at {folder}; there are {free >> 20} MB. "
            "Make room, or upgrade with `copydesk migrate --no-copy`."
        )
