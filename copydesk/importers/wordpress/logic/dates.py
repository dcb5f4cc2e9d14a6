"""The dates of an item, with their zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

_FORMAT = "%Y-%m-%d %H:%M:%S"
#: Below this a year is a slip, and near year 1 a change of zone would overflow.
_FIRST_YEAR = 1000
#: WordPress writes the year -0001 where there is no date, which Python would take for 2000.
_HAS_YEAR = re.compile(r"(?<![-\d])[12]\d{3}(?!\d)")


def parse_stamp(text: str) -> datetime | None:
    """A WordPress date without zone; None for the zero date it writes on drafts, or for nonsense."""
    try:
        at = datetime.strptime(text.strip(), _FORMAT)  # noqa: DTZ007 - the caller knows the zone
    except ValueError:
        return None
    return at if at.year >= _FIRST_YEAR else None


def parse_pub_date(text: str) -> datetime | None:
    """The RSS date, in UTC."""
    if not _HAS_YEAR.search(text):
        return None
    try:
        parsed = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError):
        return None
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=UTC)
    return parsed.astimezone(UTC) if parsed.year >= _FIRST_YEAR else None


def resolve_date(*, gmt: str, local: str, zone: tzinfo, pub_date: str = "") -> datetime | None:
    """The moment meant, in UTC: the GMT date when it is one, else the local date in the site's zone."""
    if (at := parse_stamp(gmt)) is not None:
        return at.replace(tzinfo=UTC)
    if (at := parse_stamp(local)) is not None:
        return at.replace(tzinfo=zone).astimezone(UTC)
    return parse_pub_date(pub_date) if pub_date.strip() else None
