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

from copydesk.editorial.actions.setup import prepare_site
from copydesk.ops.actions import database
from copydesk.ops.logic.trouble import CannotStart
from copydesk.ops.queries import schema
from copydesk.record.actions.guarding import restore_guards

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

STAMP = ".prepared-by"
COPIES = "before-upgrade"
KEPT_COPIES = 3


def upgrade_database(*, at: datetime, tell: Callable[[str], None], copy: bool = True) -> None:
    """Apply the migrations that are missing, and give the site what this version and these settings need.

    A SQLite file that holds something is copied before it is migrated. Guards of the record that a migration, or
    somebody, dropped are put back.
    """
    missing = schema.missing_migrations()
    if missing:
        if copy:
            keep_copy(at=at)
        database.migrate(tell=tell)
    restore_guards()
    if missing or not is_prepared():
        prepare_site(at=at)
        _stamp().write_text(_fingerprint(), encoding="utf-8")


def is_prepared() -> bool:
    """Whether this version, with these settings, has prepared the site before."""
    try:
        return _stamp().read_text(encoding="utf-8") == _fingerprint()
    except OSError:
        return False


def _stamp() -> Path:
    return Path(settings.DATA_DIR) / STAMP


def _fingerprint() -> str:
    # All that `prepare_site` goes by.
    return "\n".join([version("copydesk"), settings.COPYDESK_BASE_URL, settings.LANGUAGE_CODE])


def keep_copy(*, at: datetime) -> Path | None:
    """Copy the SQLite database, unless it is new; the last few copies are kept. PostgreSQL has tools of its own."""
    if connection.vendor != "sqlite" or not connection.introspection.table_names():
        return None
    source = Path(str(settings.DATABASES["default"]["NAME"]))
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
            f"An upgrade copies the database first, and needs {needed >> 20} MB free at {folder}; "
            f"there are {free >> 20} MB. Make room, or upgrade with `copydesk migrate --no-copy`."
        )
