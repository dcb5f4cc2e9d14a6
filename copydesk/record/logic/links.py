"""Links of a body that lead to addresses of the publication itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

WEB = ("http", "https")
PORTS = {"http": 80, "https": 443}
# No article of ours has a longer path (see PublishedArticle.path).
LONGEST = 500
# More own links than this has no article, but hostile markup has.
MOST = 2_000


@dataclass
class _Anchors(HTMLParser):
    """Gathers where links lead; HTMLParser never gives up, however broken or deep the markup is."""

    found: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of a link."""
        if tag in {"a", "area"} and len(self.found) < MOST:
            self.found |= {value.strip(): None for name, value in attrs if name == "href" and value}


def own_addresses(html: str, *, base_url: str, path: str) -> list[str]:
    """Return the addresses on our own host that links of a body lead to, each once, in the order of the body.

    `base_url` is the publication's, `path` that of the article, to which relative links are relative and which is left
    out. An address is a path with its query string where it has one, unquoted and without the fragment. `www.` before
    the host makes no difference, nor does the scheme.
    """
    if "href" not in html:
        return []
    anchors = _Anchors()
    anchors.feed(html)
    anchors.close()
    here = urljoin(base_url, path)
    found = dict.fromkeys(own_path(href, base_url=base_url, here=here) for href in anchors.found)
    return [address for address in found if address and address != with_slash(path)]


def own_path(href: str, *, base_url: str, here: str = "") -> str:
    """Return the path, with the query string, that an address has on our host; "" where it is elsewhere or nowhere."""
    try:
        parts = urlsplit(urljoin(here or base_url, href))
        is_ours = parts.scheme in WEB and _host(parts.netloc, parts.scheme) == _host_of(base_url)
    except ValueError:
        return ""
    if not is_ours:
        return ""
    address = with_slash(unquote(parts.path) or "/")
    if parts.query:
        address = f"{address}?{parts.query}"
    return address if len(address) <= LONGEST and "\0" not in address else ""


def with_slash(path: str) -> str:
    """Return a path as articles have it: with a slash at its end."""
    return path if path.endswith("/") else f"{path}/"


def without_query(addresses: Iterable[str]) -> dict[str, str]:
    """Return each address with its bare path."""
    return {address: address.partition("?")[0] for address in addresses}


def _host_of(url: str) -> str:
    parts = urlsplit(url)
    return _host(parts.netloc, parts.scheme)


def _host(netloc: str, scheme: str) -> str:
    parts = urlsplit(f"//{netloc}")
    host = (parts.hostname or "").removeprefix("www.")
    port = parts.port
    return host if port in {None, PORTS[scheme]} else f"{host}:{port}"
