"""The way from what moved to the flagged article, as steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BETWEEN = " → "


def titles_of(path: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what the steps of a path are called; one without a title goes by its number."""
    return [str(step.get("title") or f"#{step.get('id', '')}") for step in path]


def in_words(path: Iterable[Mapping[str, Any]], *, end: str) -> str:
    """Return a path on one line, with the flagged article at its end."""
    return BETWEEN.join([*titles_of(path), end])
