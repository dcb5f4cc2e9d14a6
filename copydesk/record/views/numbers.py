"""Numbers in addresses."""

from __future__ import annotations

# Digits of the longest that any database takes.
LONGEST = 15


def whole_number(written: str) -> int | None:
    """Return the number that a parameter has, or None for anything else."""
    is_number = written.isascii() and written.isdecimal() and len(written) <= LONGEST
    return int(written) if is_number else None
