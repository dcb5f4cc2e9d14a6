"""Dates as pages write them, to ISO dates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT: Final = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")
_SECONDS: Final = re.compile(r"\d{9,10}(?:\d{3})?")
_WRITTEN: Final = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%d.%m.%Y", "%B %d %Y")
_FIRST_YEAR: Final = 1400
_LONGEST: Final = 60


def iso_date(stated: str) -> str:
    """Return the date that a page states, in the page's own time zone, as `2026-11-24`; "" for none.

    Days that may be months (`3/4/2020`) are none.
    """
    text = stated.strip()[:_LONGEST]
    if _SECONDS.fullmatch(text):
        return (
            datetime.fromtimestamp(int(text[:10]) if len(text) > 10 else int(text), tz=UTC)
            .date()
            .isoformat()
        )
    for pattern in (_ISO, _COMPACT):
        if found := pattern.match(text):
            return _valid(int(found[1]), int(found[2]), int(found[3]))
    return _written(text)


def _valid(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat() if year >= _FIRST_YEAR else ""
    except ValueError:
        return ""


def _written(text: str) -> str:
    for form in _WRITTEN:
        try:
            found = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return found.date().isoformat()
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
