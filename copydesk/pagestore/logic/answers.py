"""How a stored page answers a request: in which coding, and whether the reader has it already (RFC 9110)."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from functools import lru_cache

# Best first. What a browser accepts besides is never better than these for text.
CODINGS = ("br", "gzip")


@lru_cache(maxsize=500)
def accepted(header: str) -> tuple[str, ...]:
    """Return those of our codings that an Accept-Encoding header takes, best first, and "" for none at last.

    Nonsense in the header counts as not said; so does `identity;q=0`, since a reader with a plain page is better off
    than one with an error (section 12.5.3).
    """
    said: dict[str, float] = {}
    for part in header[:500].lower().split(","):
        name, _semicolon, parameters = part.partition(";")
        said[name.strip()] = _weight(parameters)
    anything = said.get("*", 0.0)
    taken = [coding for coding in CODINGS if said.get(coding, anything) > 0]
    return (*sorted(taken, key=lambda coding: -said.get(coding, anything)), "")


def _weight(parameters: str) -> float:
    name, _equals, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def is_known(etag: str, modified_at: int, *, none_match: str, modified_since: str) -> bool:
    """Return whether the reader has the page already and is to get 304 (sections 13.1.2, 13.1.3 and 13.2.2).

    Tags are compared weakly; the date counts only where no tag was sent.
    """
    if none_match:
        known = {tag.strip().removeprefix("W/") for tag in none_match.split(",")}
        return "*" in known or etag.removeprefix("W/") in known
    if not modified_since:
        return False
    try:
        return modified_at <= parsedate_to_datetime(modified_since).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False
