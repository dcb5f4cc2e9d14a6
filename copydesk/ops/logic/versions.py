"""Which migrations a database lacks, and which it has from a newer Copydesk, told from names alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Names = dict[str, set[str]]


def missing(known: Names, applied: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the migrations this code knows that the database has not, as (app, name)."""
    have = set(applied)
    return sorted(
        (app, name) for app, names in known.items() for name in names if (app, name) not in have
    )


def newer(known: Names, applied: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the applied migrations that come after all that this code knows of their app.

    An unknown one with a lower number is no sign of a newer version: packages drop migrations they have squashed.
    """
    return sorted(
        (app, name)
        for app, name in applied
        if app in known and name not in known[app] and _number(name) > _highest(known[app])
    )


def _highest(names: Collection[str]) -> int:
    return max((_number(name) for name in names), default=0)


def _number(name: str) -> int:
    found = re.match(r"\d+", name)
    return int(found[0]) if found else 0
