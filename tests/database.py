"""A database where every migration has run, made once and copied for each process of a test run.

Running them takes 15 seconds of CPU, copying the result a moment. `migrate` still runs on every copy, finds nothing to
do, and brings permissions up to date; so only the migrations themselves, settings and pinned packages decide whether a
copy is still good.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "databases"


def copy_migrated() -> None:
    """Create this process's test database as a copy of the migrated one."""
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    with _one_at_a_time():
        if connection.vendor == "sqlite":
            shutil.copy(_sqlite(), name)
        else:
            _postgresql(name)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sqlite() -> Path:
    migrated = CACHE / f"{_key()}.sqlite3"
    if not migrated.exists():
        for outdated in CACHE.glob("*.sqlite3*"):
            outdated.unlink()
        unfinished = migrated.with_suffix(".sqlite3.part")
        _migrate(f"sqlite:///{unfinished}")
        unfinished.rename(migrated)
    return migrated


def _postgresql(name: str) -> None:
    template = f"migrated_{_key()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cursor.fetchone():
            cursor.execute(f"DROP DATABASE IF EXISTS {template}_part")
            cursor.execute(f"CREATE DATABASE {template}_part")
            site = urlsplit(os.environ["COPYDESK_DATABASE_URL"])
            _migrate(site._replace(path=f"/{template}_part").geturl())
            cursor.execute(f"ALTER DATABASE {template}_part RENAME TO {template}")
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE {template}')


def _migrate(url: str) -> None:
    environ = {
        **os.environ,
        "COPYDESK_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    subprocess.run(command, env=environ, cwd=ROOT, check=True)


def _key() -> str:
    digest = hashlib.sha256(sys.version.encode())
    sources = [ROOT / "uv.lock", ROOT / "copydesk/config/settings.py"]
    for path in [*sources, *sorted((ROOT / "copydesk").glob("*/migrations/*.py"))]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


GUARDED = ("record_entry", "record_node", "record_payload", "record_redaction", "record_notice")


class UndoneError(Exception):
    """Ends a transaction whose rows nobody wants."""


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is done within."""
    with suppress(UndoneError), transaction.atomic():
        yield
        raise UndoneError


@contextmanager
def unguarded() -> Iterator[None]:
    """Let the record be emptied or spoiled, which the database itself refuses."""
    triggers: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'record_%'"
            )
            triggers = cursor.fetchall()
            for name, _made in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for _name, made in triggers:
                cursor.execute(made)
        else:
            # PostgreSQL alters no table whose foreign keys are yet to be checked.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
