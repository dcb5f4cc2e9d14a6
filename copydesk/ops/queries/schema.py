"""What the database has, compared with what this code knows."""

from __future__ import annotations

import importlib.util
import pkgutil
from functools import cache

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from copydesk.ops.logic import versions


@cache
def known_migrations() -> versions.Names:
    """Return the names of all migrations on disk, by app; the files are listed, not loaded."""
    found = {}
    for app in apps.get_app_configs():
        spec = importlib.util.find_spec(f"{app.name}.migrations")
        if spec is not None:
            names = {
                module.name for module in pkgutil.iter_modules(spec.submodule_search_locations)
            }
            found[app.label] = {name for name in names if name[0] not in "_~"}
    return found


def missing_migrations() -> list[tuple[str, str]]:
    """Return the migrations the database still needs, as (app, name)."""
    return versions.missing(known_migrations(), _applied())


def newer_migrations() -> list[tuple[str, str]]:
    """Return the applied migrations that only a newer Copydesk knows, as (app, name)."""
    return versions.newer(known_migrations(), _applied())


def _applied() -> list[tuple[str, str]]:
    return list(MigrationRecorder(connection).applied_migrations())
