"""How a stored page answers a request: in which coding, and whether the reader has it already (RFC 9110)."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from copydesk.pagestore.logic.pages import Headers, Page

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


@dataclass(frozen=True)
class Answer:
    """A stored page in one coding, ready to be sent."""

    headers: Headers
    unchanged_headers: Headers
    body: bytes
    etag: str
    modified_at: int
    is_gated: bool

    def send(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """Answer with the page, or with 304 where the reader has it."""
        none_match = environ.get("HTTP_IF_NONE_MATCH", "")
        modified_since = environ.get("HTTP_IF_MODIFIED_SINCE", "")
        if (none_match or modified_since) and is_known(
            self.etag, self.modified_at, none_match=none_match, modified_since=modified_since
        ):
            start_response("304 Not Modified", self.unchanged_headers)
            return []
        start_response("200 OK", self.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]


def make_answer(page: Page, codings: tuple[str, ...]) -> Answer:
    """Return a page in the best coding that is accepted and stored."""
    coding = next(coding for coding in codings if coding in page.bodies)
    body = page.bodies[coding]
    shared = [
        ("ETag", page.etag),
        ("Last-Modified", formatdate(page.modified_at, usegmt=True)),
        ("Vary", "Accept-Encoding, Cookie" if page.is_gated else "Accept-Encoding"),
    ]
    encoding = [("Content-Encoding", coding)] if coding else []
    unchanged = [
        (name, value)
        for name, value in page.headers
        if name.lower() in {"cache-control", "surrogate-key"}
    ]
    return Answer(
        headers=[*page.headers, *shared, *encoding, ("Content-Length", str(len(body)))],
        unchanged_headers=[*unchanged, *shared],
        body=body,
        etag=page.etag,
        modified_at=page.modified_at,
        is_gated=page.is_gated,
    )
