"""Whether the database itself still refuses to change the record: SQLite drops triggers when a table is made anew."""

from __future__ import annotations

from django.db import connection

GUARDED = ("record_entry", "record_node", "record_redaction", "record_payload", "record_notice")
# PostgreSQL alone can empty a table at once.
EVENTS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}
ASKED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE%RAISE(ABORT,%'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
}


def missing_guards() -> list[str]:
    """Return the names of the triggers that should be there and are not, or do not refuse; one query."""
    wanted = {f"{table}_no_{event}" for table in GUARDED for event in EVENTS[connection.vendor]}
    with connection.cursor() as cursor:
        cursor.execute(ASKED[connection.vendor])
        return sorted(wanted - {str(name) for (name,) in cursor.fetchall()})
