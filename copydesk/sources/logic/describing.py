"""What a page says of itself goes into a source's fields, but never over what is better known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copydesk.sources.logic.reading import Description

# The most trusted first. An editor's value is never overwritten; what has no origin counts least.
ORIGINS = ("editor", "jsonld", "citation", "opengraph", "microdata", "html", "guess")
# Field of a source -> (field of a description, most characters).
TEXTS = {
    "title": 500,
    "publisher": 300,
    "published_on": 10,
    "modified_on": 10,
    "language": 20,
    "canonical_url": 2000,
    "doi": 200,
    "kind": 12,
}


def better_fields(
    described: Description, origins: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields a page describes at least as well as they are known, and their origins.

    `origins` says where each known field comes from.
    """
    values: dict[str, Any] = {}
    found: dict[str, str] = {}
    for name, most in TEXTS.items():
        field = getattr(described, name)
        if field is not None and field.value and not _is_better(origins.get(name), field.origin):
            values[name], found[name] = field.value[:most], field.origin.value
    if described.byline and not _is_better(origins.get("byline"), described.byline[0].origin):
        values["byline"] = [field.value[:200] for field in described.byline[:50]]
        found["byline"] = described.byline[0].origin.value
    return values, found


def _is_better(known: str | None, offered: str) -> bool:
    return known is not None and _rank(known) < _rank(offered)


def _rank(origin: str) -> int:
    return ORIGINS.index(origin) if origin in ORIGINS else len(ORIGINS)
