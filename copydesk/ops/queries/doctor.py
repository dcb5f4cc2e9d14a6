"""Whether everything a site relies on is as it should be, each with a way out when it is not."""

from __future__ import annotations

import shutil
import socket
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from PIL import features

from copydesk.ops.logic.findings import Finding
from copydesk.ops.models import Heartbeat
from copydesk.ops.queries import health, schema
from copydesk.pagestore.backends.store import StoreUnusable
from copydesk.pagestore.queries import check_store, first_unseen_at, purges, statistics
from copydesk.record.backends.signing import KeyUnusable, key_path
from copydesk.record.queries.guards import missing_guards
from copydesk.record.queries.heads import signed_head
from copydesk.sources.backends.archive import ArchiveFull
from copydesk.sources.queries import condition
from copydesk.sources.queries.texts import archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

ENOUGH_FREE = 1 << 30
# A clock this far off breaks sign-in codes and the dates of what is published.
CLOCK_MAY_DIFFER = timedelta(minutes=2)
KEY_LENGTH = 32
MAIL_SECONDS = 10
# A node looks for expiries twice a second.
SEEN_WITHIN = timedelta(seconds=10)
# Fewer failures in a row are a moment's trouble.
MANY_FAILURES = 3

well = partial(Finding, is_well=True)
amiss = partial(Finding, is_well=False)


def examine(*, at: datetime) -> list[Finding]:
    """Make every check, whatever the others find."""
    checks: list[Callable[[], Finding]] = [
        _secret_key,
        _address,
        _data_folder,
        _disk,
        _database,
        _migrations,
        _journal,
        _search,
        _pictures,
        _mail,
        partial(_worker, at),
        _page_store,
        partial(_expiries, at),
        _purges,
        _archive,
        partial(_source_checks, at),
        partial(_comparisons, at),
        _record,
        _record_guards,
        partial(_clock, at),
    ]
    return [check() for check in checks]


def _secret_key() -> Finding:
    key = settings.SECRET_KEY
    is_well = len(key) >= KEY_LENGTH and not key.startswith("insecure")
    detail = "set" if is_well else "missing or short"
    return Finding(
        "secret key",
        detail,
        is_well=is_well,
        way_out="Set COPYDESK_SECRET_KEY: 32 random characters.",
    )


def _address() -> Finding:
    url = settings.COPYDESK_BASE_URL
    return Finding(
        "address",
        f"{url} (this machine only)" if _is_local() else url,
        is_well=url.startswith("https://") or _is_local(),
        way_out="Set COPYDESK_BASE_URL to an https:// address: over http, others can read sign-ins.",
    )


def _is_local() -> bool:
    return any(
        name in settings.COPYDESK_BASE_URL for name in ("//localhost", "//127.0.0.1", "//[::1]")
    )


def _data_folder() -> Finding:
    folder = Path(settings.DATA_DIR)
    probe = folder / ".doctor"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        detail = f"{folder}: {error.strerror}"
        return amiss("data folder", detail, way_out="Give it to the user that runs Copydesk.")
    return well("data folder", str(folder))


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free
    return Finding(
        "free disk",
        f"{free / (1 << 30):.1f} GB",
        is_well=free >= ENOUGH_FREE,
        way_out="Make room: with a full disk nothing can be published.",
    )


def _database() -> Finding:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        detail = str(error).strip().partition("\n")[0]
        return amiss(
            "database", detail, way_out="Set COPYDESK_DATABASE_URL, or start the database."
        )
    return well("database", connection.display_name)


def _migrations() -> Finding:
    try:
        missing, newer = schema.missing_migrations(), schema.newer_migrations()
    except DatabaseError:
        return _unknown("migrations")
    if newer:
        return amiss("migrations", "made by a newer Copydesk", way_out="Install that version.")
    if missing:
        return amiss("migrations", f"{len(missing)} missing", way_out="Run `copydesk migrate`.")
    return well("migrations", "all applied")


def _journal() -> Finding:
    if connection.vendor != "sqlite":
        return well("write-ahead log", "PostgreSQL's own")
    mode = _ask("PRAGMA journal_mode")
    way_out = "Keep the data folder on a local disk: network folders cannot do it."
    return Finding("write-ahead log", mode, is_well=mode == "wal", way_out=way_out)


def _search() -> Finding:
    if connection.vendor != "sqlite":
        return well("full-text search", "PostgreSQL's own")
    if _ask("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'") == "1":
        return well("full-text search", "FTS5")
    return amiss("full-text search", "no FTS5", way_out="Use a Python whose SQLite has FTS5.")


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
    if lacking:
        return amiss(
            "pictures", f"no {', '.join(lacking)}", way_out="Install Pillow from its own wheel."
        )
    return well("pictures", "AVIF, WebP, JPEG")


def _mail() -> Finding:
    if "console" in settings.EMAIL_BACKEND:
        way_out = "Set COPYDESK_EMAIL_URL: members sign in with codes sent by mail."
        return Finding("mail", "written to the log", is_well=_is_local(), way_out=way_out)
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with socket.create_connection(
            (settings.EMAIL_HOST, settings.EMAIL_PORT), timeout=MAIL_SECONDS
        ):
            return well("mail", where)
    except OSError as error:
        detail = f"{where}: {error.strerror or error}"
        return amiss("mail", detail, way_out="Check COPYDESK_EMAIL_URL and the firewall.")


def _worker(at: datetime) -> Finding:
    try:
        is_well = health.has_worker(at=at)
    except DatabaseError:
        return _unknown("background worker")
    detail = "alive" if is_well else "no sign of life for 30 s"
    return Finding("background worker", detail, is_well=is_well, way_out="Start `copydesk serve`.")


def _page_store() -> Finding:
    try:
        check_store()
        found = statistics()
    except StoreUnusable as error:
        way_out = (
            f"Make room on the disk of {settings.COPYDESK_PAGES_DIR}, and let Copydesk write there."
        )
        return amiss("page store", str(error), way_out=way_out)
    except DatabaseError:
        return _unknown("page store")
    used, limit = found.bytes / (1 << 20), found.size / (1 << 20)
    return well("page store", f"{found.pages:,} pages, {used:,.0f} of {limit:,.0f} MB")


def _expiries(at: datetime) -> Finding:
    try:
        unseen_at = first_unseen_at()
    except StoreUnusable:
        return amiss("expiries", "unknown", way_out="See the page store, above.")
    except DatabaseError:
        return _unknown("expiries")
    is_well = unseen_at is None or at - unseen_at < SEEN_WITHIN
    detail = "all seen" if is_well else f"none seen since {unseen_at:%Y-%m-%d %H:%M:%S %Z}"
    way_out = "Restart `copydesk serve`; until then pages are made anew for each reader."
    return Finding("expiries", detail, is_well=is_well, way_out=way_out)


def _purges() -> Finding:
    if not settings.COPYDESK_PURGE_URL:
        return well("purging", "no content delivery network")
    try:
        found = purges()
    except DatabaseError:
        return _unknown("purging")
    detail = f"{found.waiting:,} waiting"
    if found.failed_in_a_row >= MANY_FAILURES:
        detail = f"failed {found.failed_in_a_row:,} times in a row, {detail}"
        way_out = (
            "Check COPYDESK_PURGE_URL and COPYDESK_PURGE_TOKEN; the log says what is answered."
        )
        return amiss("purging", detail, way_out=way_out)
    return well("purging", detail)


def _archive() -> Finding:
    """Whether copies of sources can be kept, and some of those that are kept are what they were."""
    try:
        archive().check_writable()
        count, damaged = condition.damaged_copies()
    except ArchiveFull as error:
        way_out = "Make room, or give the folder to the user that runs Copydesk."
        return amiss("archive of sources", str(error), way_out=way_out)
    except DatabaseError:
        return _unknown("archive of sources")
    if damaged:
        detail = f"{len(damaged):,} of {count:,} files missing or damaged, such as {damaged[0]}"
        return amiss("archive of sources", detail, way_out="Restore them from a backup.")
    return well("archive of sources", f"{count:,} files drawn at random are whole")


def _source_checks(at: datetime) -> Finding:
    try:
        late = condition.late_count(at=at)
    except DatabaseError:
        return _unknown("source checks")
    detail = f"{late:,} late by more than a day" if late else "none late"
    way_out = "See whether `copydesk serve` runs and reaches other hosts, or run `copydesk check-sources`."
    return Finding("source checks", detail, is_well=not late, way_out=way_out)


def _comparisons(at: datetime) -> Finding:
    """Whether quotations that an older algorithm judged are being compared anew."""
    try:
        waiting, lost = condition.outdated_count(), condition.lost_copies_count(at=at)
    except DatabaseError:
        return _unknown("quotations")
    if lost:
        detail = f"those of {lost:,} sources cannot be compared anew: their copies are lost"
        way_out = "Restore the folder `snapshots` from a backup; the log names the copies."
        return amiss("quotations", detail, way_out=way_out)
    return well("quotations", f"{waiting:,} wait to be compared anew" if waiting else "compared")


def _record() -> Finding:
    try:
        head = signed_head()
    except KeyUnusable as error:
        way_out = "Restore it from a backup: with another key, who kept an earlier head is told so."
        return amiss("record", str(error), way_out=way_out)
    except DatabaseError:
        return _unknown("record")
    where = "the settings" if settings.COPYDESK_RECORD_KEY else key_path().name
    last = f", the last of {head.at[:16].replace('T', ' ')} UTC" if head.at else ""
    return well("record", f"{head.size:,} entries{last}; signed by {head.key_id} of {where}")


def _record_guards() -> Finding:
    try:
        missing = missing_guards()
    except DatabaseError:
        return _unknown("guards of the record")
    if missing:
        detail = f"{len(missing)} missing, such as {missing[0]}"
        way_out = "Run `copydesk verify-record`, then `copydesk migrate`, which puts them back."
        return amiss("guards of the record", detail, way_out=way_out)
    return well("guards of the record", "all there")


def _clock(at: datetime) -> Finding:
    """Compare the clock with what the database has seen: no other host is asked."""
    try:
        seen = [
            moment.applied for moment in MigrationRecorder(connection).applied_migrations().values()
        ]
        seen += Heartbeat.objects.values_list("beat_at", flat=True)
    except DatabaseError:
        return _unknown("clock")
    is_well = not seen or at >= max(seen) - CLOCK_MAY_DIFFER
    way_out = "It is behind what the database has seen: set it by NTP."
    return Finding("clock", f"{at:%Y-%m-%d %H:%M:%S %Z}", is_well=is_well, way_out=way_out)


def _unknown(name: str) -> Finding:
    return amiss(name, "unknown", way_out="See the database, above.")
