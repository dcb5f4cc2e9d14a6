"""The old site's addresses: recognize them in links, and say which an item was found at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from copydesk.importers.wordpress.logic.records import Item, SiteInfo, Term

_ANCHOR: Final = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
#: The queries by which WordPress finds a post without its permalink.
_BY_ID: Final = ("p", "page_id", "attachment_id")
_SIZE: Final = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]{2,5}$)")
_SCALED: Final = re.compile(r"-scaled(?=\.[A-Za-z0-9]{2,5}$)")
#: The names of the smaller copies, and of the upload a large picture was made smaller from, in PHP's own notation.
_COPY: Final = re.compile(r'"(?:file|original_image)";s:\d+:"([^"/\\]+)"')
_UPLOADS: Final = re.compile(r"(?:^|/)wp-content/uploads/(.+)$|(?:^|/)files/(.+)$")


class OldSite:
    """The site an export comes from. Both ``www`` and http or https are the same site."""

    def __init__(self, info: SiteInfo) -> None:
        self.base = info.base_blog_url or info.link or info.base_site_url
        parts = urlsplit(self.base)
        self.host = _bare(parts.hostname or "")
        self.folder = parts.path.rstrip("/")

    @property
    def name(self) -> str:
        """What identifies the source from one export to the next."""
        return f"{self.host}{self.folder}" or "unknown site"

    def address(self, url: str) -> str:
        """The site's own address in one form, such as ``/2010/01/x`` or ``/?p=12``; empty for others."""
        try:
            parts = urlsplit(unescape(url.strip()))
        except ValueError:
            return ""
        if parts.scheme not in {"", "http", "https"} or (
            not parts.netloc and not url.startswith("/")
        ):
            return ""
        if parts.netloc and _bare(parts.hostname or "") != self.host:
            return ""
        path = unquote(parts.path).removeprefix(self.folder).rstrip("/")
        if not path and (number := _id_in(parts.query)):
            return f"/?p={number}"
        return path or ("" if parts.query else "/")

    def addresses_of(self, item: Item) -> list[str]:
        """Every address the item was found at, in one form, the best first."""
        found = [self.address(item.link)] if item.link else []
        if item.wp_id is not None:
            found.append(f"/?p={item.wp_id}")
        if "/" in (before := item.meta.get("_wp_old_slug", "")) or not before or not found[0]:
            return [address for address in dict.fromkeys(found) if address not in {"", "/"}]
        found.append(f"{found[0].rpartition('/')[0]}/{before}")
        return [address for address in dict.fromkeys(found) if address not in {"", "/"}]

    def paths_of(self, address: str) -> list[str]:
        """The paths an address was asked by: a post's number in two ways, and below the site's folder if it had one."""
        given = [address]
        if address.startswith("/?p="):
            given = [f"/?{name}={address.removeprefix('/?p=')}" for name in _BY_ID[:2]]
        below = [f"{self.folder}{path}" for path in given] if self.folder else []
        return [*given, *below]


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _id_in(query: str) -> str:
    given = dict(parse_qsl(query))
    return next((given[name] for name in _BY_ID if given.get(name, "").isdecimal()), "")


def links_in(blocks: object) -> Iterator[str]:
    """Every address linked from the texts of a body."""
    for text in _texts(blocks):
        for match in _ANCHOR.finditer(text):
            yield unescape(match[1])


def rewrite_links(blocks: Any, rewrite: Callable[[str], str | None]) -> Any:
    """The body with the attributes of its links replaced where ``rewrite`` gives new ones."""
    if isinstance(blocks, str):
        return (
            _ANCHOR.sub(lambda match: _rewritten(match, rewrite), blocks)
            if "<a " in blocks
            else blocks
        )
    if isinstance(blocks, Mapping):
        return {key: rewrite_links(value, rewrite) for key, value in blocks.items()}
    if isinstance(blocks, list):
        return [rewrite_links(value, rewrite) for value in blocks]
    return blocks


def _rewritten(match: re.Match[str], rewrite: Callable[[str], str | None]) -> str:
    attrs = rewrite(unescape(match[1]))
    return match[0] if attrs is None else f"<a {attrs}>{match[2]}</a>"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if "<a " in value:
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)


def upload_path(url: str, attached_file: str = "") -> str:
    """Where below ``wp-content/uploads`` a file lay; for hosts that hide it, the path they show."""
    if attached_file and "://" not in attached_file:
        return attached_file.lstrip("/")
    path = unquote(urlsplit(url).path)
    found = _UPLOADS.search(path)
    return (found[1] or found[2]) if found else path.lstrip("/")


def original_urls(url: str) -> list[str]:
    """The address itself, then those of the full-size file it may be a smaller copy of."""
    plain = url.partition("?")[0]
    return list(dict.fromkeys([url, plain, _SIZE.sub("", plain), _SCALED.sub("", plain)]))


def copies_of(metadata: str) -> list[str]:
    """The names of the copies WordPress made of a picture, which lie beside it."""
    return list(dict.fromkeys(_COPY.findall(metadata)))


def term_addresses(terms: Mapping[tuple[str, str], Term], name: str) -> list[str]:
    """Where WordPress lists the posts of ``category:slug`` or ``post_tag:slug``: a category also below its parents."""
    taxonomy, _colon, slug = name.partition(":")
    if taxonomy != "category":
        return [f"/tag/{slug}"]
    above: list[str] = []
    term = terms.get((taxonomy, slug))
    while term is not None and term.parent_slug and term.parent_slug not in above:
        above.insert(0, term.parent_slug)
        term = terms.get((taxonomy, term.parent_slug))
    return list(dict.fromkeys([f"/category/{slug}", "/".join(["/category", *above, slug])]))
