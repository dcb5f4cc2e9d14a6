"""Whether everything a site relies on is as it should be, each with a way out when it is not."""

from __future__ import annotations

import shutil
import socket
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from PIL import features

from copydesk.ops.logic.findings import Finding
from copydesk.ops.models import Heartbeat
from copydesk.ops.queries import health, schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

ENOUGH_FREE = 1 << 30
# A clock this far off breaks sign-in codes and the dates of what is published.
CLOCK_MAY_DIFFER = timedelta(minutes=2)
KEY_LENGTH = 32
MAIL_SECONDS = 10


def examine(*, at: datetime) -> list[Finding]:
    """Make every check, whatever the others find."""
    checks: list[Callable[[], Finding]] = [
        _secret_key, _address, _data_folder, _disk, _database, _migrations, _journal, _search, _pictures, _mail,
    ]  # fmt: skip
    return [*(check() for check in checks), _worker(at), _clock(at)]


def _secret_key() -> Finding:
    is_well = len(settings.SECRET_KEY) >= KEY_LENGTH and not settings.SECRET_KEY.startswith("insecure")
    return Finding("secret key", is_well, "set" if is_well else "missing or short", "Set COPYDESK_SECRET_KEY to 32 random characters or more.")


def _address() -> Finding:
    url = settings.COPYDESK_BASE_URL
    is_well = url.startswith("https://") or _is_local()
    detail = f"{url} (this machine only)" if _is_local() else url
    return Finding("address", is_well, detail, "Set COPYDESK_BASE_URL to an https:// address: over http, sign-ins can be read on the way.")


def _is_local() -> bool:
    return any(name in settings.COPYDESK_BASE_URL for name in ("//localhost", "//127.0.0.1", "//[::1]"))


def _data_folder() -> Finding:
    folder = Path(settings.DATA_DIR)
    probe = folder / ".doctor"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        return Finding("data folder", False, f"{folder}: {error.strerror}", "Give it to the user that runs Copydesk.")
    return Finding("data folder", True, str(folder))


def _disk() -> Finding:
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError as error:
        return Finding("free disk", False, error.strerror or "unknown", "Make the data folder first.")
    return Finding("free disk", free >= ENOUGH_FREE, f"{free / (1 << 30):.1f} GB", "Make room: with a full disk nothing can be published.")


def _database() -> Finding:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return Finding("database", False, str(error).strip().partition("\n")[0], "Set COPYDESK_DATABASE_URL, or start the database.")
    return Finding("database", True, connection.display_name)


def _migrations() -> Finding:
    try:
        missing, newer = schema.missing_migrations(), schema.newer_migrations()
    except DatabaseError:
        return Finding("migrations", False, "unknown", "See the database, above.")
    if newer:
        return Finding("migrations", False, "made by a newer Copydesk", "Install that version.")
    return Finding("migrations", not missing, f"{len(missing)} missing" if missing else "all applied", "Run `copydesk migrate`.")


def _journal() -> Finding:
    if connection.vendor != "sqlite":
        return Finding("write-ahead log", True, "PostgreSQL's own")
    mode = _ask("PRAGMA journal_mode")
    return Finding("write-ahead log", mode == "wal", mode, "Keep the data folder on a local disk: network folders cannot do it.")


def _search() -> Finding:
    if connection.vendor != "sqlite":
        return Finding("full-text search", True, "PostgreSQL's own")
    has_it = _ask("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'") == "1"
    return Finding("full-text search", has_it, "FTS5" if has_it else "no FTS5", "Use a Python whose SQLite has FTS5.")


def _ask(query: str) -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
    except DatabaseError:
        return "unknown"
    return str(row[0]) if row else ""


def _pictures() -> Finding:
    lacking = [kind for kind in ("avif", "webp", "jpg") if not features.check(kind)]
    return Finding("pictures", not lacking, f"no {', '.join(lacking)}" if lacking else "AVIF, WebP, JPEG", "Install Pillow from its own wheel.")


def _mail() -> Finding:
    if "console" in settings.EMAIL_BACKEND:
        return Finding("mail", _is_local(), "written to the log", "Set COPYDESK_EMAIL_URL: members sign in with codes sent by mail.")
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with socket.create_connection((settings.EMAIL_HOST, settings.EMAIL_PORT), timeout=MAIL_SECONDS):
            return Finding("mail", True, where)
    except OSError as error:
        return Finding("mail", False, f"{where}: {error.strerror or error}", "Check COPYDESK_EMAIL_URL and the firewall.")


def _worker(at: datetime) -> Finding:
    try:
        is_well = health.has_worker(at=at)
    except DatabaseError:
        return Finding("background worker", False, "unknown", "See the database, above.")
    return Finding("background worker", is_well, "alive" if is_well else "no sign of life for 30 s", "Start `copydesk serve`.")


def _clock(at: datetime) -> Finding:
    """Compare the clock with what the database has seen: no other host is asked."""
    try:
        seen = [moment.applied for moment in MigrationRecorder(connection).applied_migrations().values()]
        seen += Heartbeat.objects.values_list("beat_at", flat=True)
    except DatabaseError:
        return Finding("clock", False, "unknown", "See the database, above.")
    is_well = not seen or at >= max(seen) - CLOCK_MAY_DIFFER
    return Finding("clock", is_well, f"{at:%Y-%m-%d %H:%M:%S %Z}", "It is behind what the database has seen: set it by NTP.")
