"""How other people's hosts are treated: whose turn, how long to stay away, what robots.txt allows."""

from __future__ import annotations

import math
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# Nobody is believed who asks for longer.
LONGEST_WAIT = 7 * 86_400
# RFC 9309, section 2.5: at least so much of robots.txt has to be read.
ROBOTS_BYTES = 500_000
DEFAULT_PORTS = {"http": 80, "https": 443}


def host_key(url: str) -> str:
    """Return the name by which requests to a host take turns: in lower case, with a port that is not the scheme's."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    if parts.port in {None, DEFAULT_PORTS.get(parts.scheme)}:
        return host[:250]
    return f"{host[:250]}:{parts.port}"


def retry_after_seconds(headers: Mapping[str, str], at: datetime) -> float | None:
    """Return how long an answer asks to be left alone, from 0 to a week; None where it does not say.

    The header is a number of seconds or a date: RFC 9110, section 10.2.3.
    """
    value = next((text for name, text in headers.items() if name.lower() == "retry-after"), "")
    value = value.strip()
    if value.isascii() and value.isdigit():
        # Digits without end make a number that takes long to compare.
        return float(min(int(value[:12]), LONGEST_WAIT))
    try:
        seconds = (parsedate_to_datetime(value) - at).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else None


def may_recheck(robots_txt: bytes | None, status: int, url: str, agent: str) -> bool:
    """Whether robots may look at `url`, by what its host's robots.txt came with.

    RFC 9309, section 2.3.1: where there is none (4xx) everything is allowed, where the host cannot say (5xx) nothing.
    """
    if status >= 500:
        return False
    if not robots_txt or status >= 400:
        return True
    rules = Protego.parse(robots_txt[:ROBOTS_BYTES].decode(errors="replace"))
    return bool(rules.can_fetch(url, agent))
