"""Where a page takes Webmentions (https://www.w3.org/TR/webmention/, 3.1.2), from its answer alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

REL = "webmention"
# One link of a Link header: its address, and its parameters with quoted text as one piece.
LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w*!-]+\s*(?:=\s*(?:"[^"]*"|[^\s",;]+))?)*)')
RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))', re.IGNORECASE)
LONGEST_HEADER, LONGEST_ADDRESS = 20_000, 2_000


@dataclass
class _Endpoint(HTMLParser):
    """Finds the first link or anchor in the page that says where it takes Webmentions."""

    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address, which may be empty: then it is the page's own."""
        said = dict(attrs)
        is_one = tag in {"link", "a"} and REL in (said.get("rel") or "").lower().split()
        if is_one and said.get("href") is not None:
            self.found.append(str(said["href"]))


def find_endpoint(links: Iterable[str], html: str, *, url: str) -> str:
    """Return where the page at `url` takes Webmentions; "" for nowhere.

    `links` are the values of its Link headers, which win over the first link or anchor of its HTML.
    """
    for header in links:
        for match in LINK.finditer(header[:LONGEST_HEADER]):
            relation = RELATION.search(match[2])
            if relation and REL in (relation[1] or relation[2]).lower().split():
                return _absolute(match[1], url)
    parser = _Endpoint()
    parser.feed(html)
    parser.close()
    return _absolute(parser.found[0], url) if parser.found else ""


def _absolute(address: str, url: str) -> str:
    try:
        whole = urljoin(url, address.strip())
        parts = urlsplit(whole)
    except ValueError:
        return ""
    is_fit = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return whole if is_fit and len(whole) <= LONGEST_ADDRESS else ""
