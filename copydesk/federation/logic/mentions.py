"""What a page elsewhere says: where it links to, and which works it says were corrected. Hostile pages are expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from copydesk.sources.logic.addresses import BadAddress, clean_url, url_key
from copydesk.sources.logic.reading.markup import parse
from copydesk.sources.logic.reading.structured import parse_jsonld

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborHTMLParser

MOST_LINKS: Final = 20_000
MOST_NODES: Final = 1_000
MOST_CORRECTIONS: Final = 200
# Of other pages than itself that a page tells of.
MOST_OTHERS: Final = 50
# What is taken of a text before anybody cleans it, in characters.
LONGEST: Final = 4_000
# Years that a date of the web may be of; outside of them arithmetic with dates would have to take care.
FIRST_YEAR, LAST_YEAR = 1990, 2200
DATE_LENGTH: Final = len("2026-11-24")
JSON_LD: Final = "application/ld+json"


@dataclass(frozen=True)
class Told:
    """The newest correction of a work, in the page's own words, which nobody has cleaned.

    `at` is None where no date can be read; `stated` is the date of the correction as it is written, "" for none.
    """

    is_retraction: bool
    words: str
    stated: str
    at: datetime | None


@dataclass(frozen=True)
class Work:
    """A corrected work: the addresses it goes by, none where the page itself is meant, and its headline."""

    urls: tuple[str, ...]
    headline: str
    told: Told


@dataclass(frozen=True)
class Said:
    """What a page says: its title, where its links lead, and the works that it says were corrected."""

    url: str
    title: str
    links: tuple[str, ...]
    works: tuple[Work, ...]

    def own(self, keys: Iterable[str]) -> Work | None:
        """Return the corrected work that the page itself is, by any of these keys."""
        known = set(keys)
        return next(
            (work for work in self.works if not work.urls or known & keys_of(work.urls)), None
        )

    def others(self) -> list[str]:
        """Return the addresses of corrected works elsewhere on the page's host: nobody speaks for another host."""
        host = host_of(self.url)
        there = (url for work in self.works for url in work.urls if host_of(url) == host)
        return list(islice(dict.fromkeys(there), MOST_OTHERS))


def read_page(html: str, *, url: str) -> Said | None:
    """Return what the page at `url` says; None where it is nested or attributed so that no browser would read it."""
    tree = parse(html)
    if tree is None:
        return None
    title = tree.css_first("title")
    return Said(
        url=url,
        title=title.text()[:LONGEST] if title is not None else "",
        links=tuple(_links(tree, url)),
        works=tuple(_works(tree, url)),
    )


def links_of(html: str, *, url: str) -> list[str]:
    """Return where the links of a body lead to; [] where it cannot be read."""
    tree = parse(html)
    return list(_links(tree, url)) if tree is not None else []


def keys_of(urls: Iterable[str]) -> set[str]:
    """Return the keys by which sources are known at these addresses; what is no address has none."""
    return {key for url in urls if (key := key_of(url))}


def key_of(url: str) -> str:
    """Return the key by which a source is known at an address; "" for what is none."""
    try:
        return url_key(url)
    except BadAddress:
        return ""


def host_of(url: str) -> str:
    """Return an address's host without www, with its port where that is not the usual one; "" for no address."""
    try:
        return urlsplit(clean_url(url)).netloc.removeprefix("www.")
    except BadAddress:
        return ""


def _links(tree: LexborHTMLParser, url: str) -> Iterator[str]:
    base = tree.css_first("base[href]")
    here = _joined(url, (base.attributes.get("href") or "") if base is not None else "") or url
    for node in islice(tree.css("a[href], area[href]"), MOST_LINKS):
        if address := _joined(here, node.attributes.get("href") or ""):
            yield address


def _joined(here: str, address: str) -> str:
    try:
        return urljoin(here, address.strip())
    except ValueError:
        return ""


def _works(tree: LexborHTMLParser, url: str) -> Iterator[Work]:
    for node in islice(_nodes(tree), MOST_NODES):
        told = _told(node)
        if told is not None:
            named = [_address(node.get(name)) for name in ("url", "mainEntityOfPage", "@id")]
            urls = dict.fromkeys(_joined(url, each) for each in named if each)
            headline = _text(node.get("headline")) or _text(node.get("name"))
            yield Work(tuple(each for each in urls if each), headline, told)


def _nodes(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Give what a page says of itself: not what it cites, which stands further in."""
    for script in tree.css("script[type]"):
        kind = (script.attributes.get("type") or "").partition(";")[0].strip().lower()
        for value in parse_jsonld(script.text() or "") if kind == JSON_LD else ():
            for node in _list(value):
                if isinstance(node, dict):
                    yield node
                    inner = [*_list(node.get("@graph")), *_list(node.get("mainEntity"))]
                    yield from (each for each in inner if isinstance(each, dict))


def _told(node: dict[str, Any]) -> Told | None:
    """Return the newest correction of a work, or its retraction; None where it says of neither."""
    is_retraction = _is_retracted(node.get("creativeWorkStatus"))
    modified = _moment(_text(node.get("dateModified")))
    listed = _list(node.get("correction"))[-MOST_CORRECTIONS:]
    found = [
        _correction(each, modified) for each in listed if isinstance(each, str | dict) and each
    ]
    if not found and not is_retraction:
        return None
    oldest = datetime.min.replace(tzinfo=UTC)
    words, stated, at = max(found, key=lambda each: each[2] or oldest, default=("", "", modified))
    return Told(is_retraction, words, stated, at)


def _correction(
    value: str | dict[str, Any], modified: datetime | None
) -> tuple[str, str, datetime | None]:
    if isinstance(value, str):
        is_address = value.strip().lower().startswith(("http://", "https://"))
        return "" if is_address else value[:LONGEST], "", modified
    words = _text(value.get("text")) or _text(value.get("description")) or _text(value.get("name"))
    stated = _text(value.get("datePublished")) or _text(value.get("dateCreated"))
    at = _moment(stated)
    return words, stated[:40] if at else "", at or modified


def _is_retracted(value: Any) -> bool:
    names = [
        _text(each.get("name")) if isinstance(each, dict) else _text(each) for each in _list(value)
    ]
    return any(name.strip().lower() == "retracted" for name in names)


def _moment(text: str) -> datetime | None:
    """Return a date as people mean it: where the hour is missing, the end of the day; where the zone is, UTC."""
    text = text.strip()[:40]
    try:
        if len(text) <= DATE_LENGTH:
            found = datetime.combine(date.fromisoformat(text), time.max, UTC)
        else:
            found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return _text(value).partition("#")[0]


def _text(value: Any) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]
