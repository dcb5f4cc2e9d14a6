"""Putting the database's guards of the record back where they are gone."""

from __future__ import annotations

import logging
from importlib import import_module

from django.db import connection, transaction

from copydesk.record.queries.guards import missing_guards

logger = logging.getLogger("copydesk.record")

# What made them in the first place.
MADE_BY = "copydesk.record.migrations.0002_append_only"


@transaction.atomic
def restore_guards() -> list[str]:
    """Make those triggers again that are missing or switched off, and return their names.

    SQLite drops a table's triggers when a migration makes the table anew. Somebody else may have dropped them too, so
    the log says which were gone.
    """
    missing = missing_guards()
    if not missing:
        return []
    made = import_module(MADE_BY)
    statements = made.SQLITE_MADE if connection.vendor == "sqlite" else made.POSTGRESQL_MADE
    with connection.cursor() as cursor:
        for statement in statements:
            _, kind, name, *_rest = statement.split()
            if kind == "FUNCTION":
                cursor.execute(statement.replace("CREATE", "CREATE OR REPLACE", 1))
            elif name in missing:
                cursor.execute(_dropped(name))
                cursor.execute(statement)
    logger.warning(
        "The database had lost guards of the record, and has them again: %s. See what became of the record meanwhile "
        "with `copydesk verify-record`.",
        ", ".join(missing),
    )
    return missing


def _dropped(name: str) -> str:
    """Return what drops a trigger that is there but does not refuse."""
    table = name.rpartition("_no_")[0]
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    return f"DROP TRIGGER IF EXISTS {name}{on}"
