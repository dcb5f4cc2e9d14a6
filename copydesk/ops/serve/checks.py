"""What must be true before `serve` starts; each that is not ends in one line that says so."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction

from copydesk.ops.logic.trouble import CannotStart
from copydesk.ops.queries import schema
from copydesk.ops.serve.log import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_NAME = "serve.lock"


def check_site() -> None:
    """All that any command needs which works on a site."""
    check_secret_key()
    check_database()


def check_secret_key() -> None:
    """Whoever knows the key signs in as anybody; the stand-in for development is known to all."""
    if settings.SECRET_KEY.startswith("insecure") and not settings.DEBUG:
        raise CannotStart(
            "COPYDESK_SECRET_KEY is not set. Give 32 random characters; `copydesk init` makes them."
        )


def check_database() -> None:
    """The database answers, and no newer Copydesk has migrated it."""
    try:
        # On SQLite this takes the lock to write, and so fails on a file that cannot be written.
        with transaction.atomic():
            newer = schema.newer_migrations()
    except (DatabaseError, ImproperlyConfigured) as error:
        raise CannotStart(f"The database cannot be used: {one_line(error).rstrip('.')}.") from error
    if newer:
        app, name = newer[-1]
        raise CannotStart(
            f"The database was made by a newer version of Copydesk (it has {app}.{name}). "
            "Install that version, or restore the copy of the database from before the upgrade."
        )


def check_migrated() -> None:
    """The database has all this version needs: for commands that do not migrate by themselves."""
    if missing := schema.missing_migrations():
        raise CannotStart(f"The database needs {len(missing)} migrations. Run `copydesk migrate`.")


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the data folder for this process, so that no second `serve` works on it."""
    path = Path(settings.DATA_DIR) / LOCK_NAME
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise CannotStart(
                f"Copydesk already runs on {path.parent} (process {file.read().strip()})."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
