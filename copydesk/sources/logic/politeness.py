"""How other people's hosts are treated: whose turn, how long to stay away, what robots.txt allows.

The rules are those of RFC 9309 (robots.txt) and RFC 9110, section 10.2.3 (Retry-After). A capture that an editor asks
for is the visit of a reader and needs no robots.txt; a check that the clock starts does.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# Nobody is believed who asks for longer.
LONGEST_WAIT = 7 * 86_400
# Robots read at least so much of robots.txt (RFC 9309, section 2.5); we read no more.
ROBOTS_BYTES = 500 * 1024
LONGEST_NAME = 250


def host_key(url: str) -> str:
    """Return the name by which requests to a host take turns: in ASCII, without "www." and whatever the port.

    Both are the same machine as a rule. "" for what is no web address.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")[:LONGEST_NAME]


def robots_url(url: str) -> str:
    """Return where the robots.txt for a page is: at the root of its host, scheme and port the same."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def robots_key(url: str) -> str:
    """Return the name by which the wishes of a host are kept: each of its names and ports has its own."""
    return urlsplit(url).netloc.lower()[: LONGEST_NAME + len(":65535")]


def retry_after_seconds(headers: Iterable[tuple[str, str]], at: datetime) -> int | None:
    """Return the seconds that a host asks to be left alone, at most a week; None where it does not say.

    `headers` are those of its answer. Retry-After holds seconds, or a date, which may have passed (0).
    """
    value = next((v.strip() for n, v in headers if n.lower() == "retry-after"), "")
    if value.isascii() and value.isdigit():
        # Of more digits than a week has, only that they are many matters.
        return LONGEST_WAIT if len(value.lstrip("0")) > 6 else min(int(value), LONGEST_WAIT)
    try:
        date = parsedate_to_datetime(value)
        left = (date if date.tzinfo else date.replace(tzinfo=UTC)) - at
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return max(0, min(int(left.total_seconds()), LONGEST_WAIT))


def may_recheck(robots_txt: bytes | None, status: int | None, url: str, agent: str) -> bool:
    """Whether robots.txt lets a page be asked for without a person asking.

    `robots_txt` and `status` are what the host answered for it, both None where it did not answer, the former None
    where its body was too large to keep: nothing is then known to be allowed. There being no robots.txt (4xx)
    allows everything; a host in trouble (5xx, no answer) is left alone. `agent` is the whole User-Agent, of which
    the part before the slash is looked for among the groups.
    """
    if status is None or status >= 500:
        return False
    if not 200 <= status < 300:
        return True
    if robots_txt is None:
        return False
    text = robots_txt[:ROBOTS_BYTES].decode("utf-8-sig", errors="replace")
    product = agent.partition("/")[0].strip()
    return bool(Protego.parse(text).can_fetch(url, product))
