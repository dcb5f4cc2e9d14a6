"""Names for addresses: slugs in any script, unique among those taken."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from anyascii import anyascii
from django.utils.text import slugify

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_LENGTH = 80


def make_slug(text: str, *, fallback: str = "untitled") -> str:
    """Return an ASCII slug of at most 80 characters, cut at a hyphen; `fallback` where nothing is left."""
    slug = slugify(anyascii(text))
    if len(slug) > MAX_LENGTH:
        slug = slug[: MAX_LENGTH + 1].rpartition("-")[0] or slug[:MAX_LENGTH]
    return slug.strip("-") or fallback


def free_slug(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """Return `wanted`, or `wanted-2`, `wanted-3`… : the first that is not taken."""
    if not is_taken(wanted):
        return wanted
    return next(slug for number in count(2) if not is_taken(slug := f"{wanted}-{number}"))
