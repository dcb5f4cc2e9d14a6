"""What a source says of itself, each statement with the place it was taken from, so that editors know what to trust.

The order is JSON-LD, Highwire and Dublin Core, Open Graph, microdata, plain HTML, and guesses last.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree
from trafilatura.metadata import extract_metadata

from copydesk.sources.logic.reading.claims import (
    KINDS,
    Claims,
    first,
    from_citation,
    from_html,
    from_jsonld,
    from_microdata,
    from_opengraph,
    metas_of,
)
from copydesk.sources.logic.reading.dates import iso_date
from copydesk.sources.logic.reading.results import Description, Field, Origin, storable

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement
    from selectolax.lexbor import LexborHTMLParser

_LONGEST: Final = 500
_LONGEST_DESCRIPTION: Final = 2_000
_MAX_NAMES: Final = 50
_DOI: Final = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>?#]{1,200}")
_LANGUAGE: Final = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*")
_BETWEEN: Final = ("|", "-", "\u2013", "\u2014", "\u00b7", "\u00bb", "\u2022")
_BY: Final = re.compile(r"^(?:by|von|par|por|di|door)\s+", re.IGNORECASE)
_LIST: Final = re.compile(r"\s*(?:;|\||,\s+and\s+|\s+and\s+|\s+und\s+|\s+&\s+)\s*")
_ASIDE: Final = re.compile(r"\s*[(\[]\s*(?:https?:|www\.|\S+@)[^)\]]*[)\]]")
_NO_NAME: Final = re.compile(
    r"user ?name|admin(?:istrator)?|staff|guest|editors?|author|unknown|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|january|february|march|april|may|june|july|august|september|october|november|december",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<[a-zA-Z/][^<>]{0,200}>")


def describe(
    tree: LexborHTMLParser, statements: list[dict[str, Any]], url: str, guess: Callable[[], Claims]
) -> Description:
    """Return what a page says of itself. `guess` is asked only where title, byline or date are missing."""
    metas = metas_of(tree)
    said: list[tuple[Origin, Claims]] = [
        (Origin.JSONLD, from_jsonld(statements, url)),
        (Origin.CITATION, from_citation(metas)),
        (Origin.OPENGRAPH, from_opengraph(metas)),
        (Origin.MICRODATA, from_microdata(tree)),
        (Origin.HTML, from_html(tree, metas)),
    ]
    described = settle(said, url)
    if described.title and described.byline and described.published_on:
        return described
    return settle([*said, (Origin.GUESS, guess())], url)


def settle(said: list[tuple[Origin, Claims]], url: str = "") -> Description:
    """Return for each thing what the most trusted place says of it; `said` has the most trusted first."""

    def choose(name: str, clean: Callable[[str], str]) -> Field | None:
        for origin, claims in said:
            if value := first(clean(text) for text in claims.get(name, [])):
                return Field(value, origin)
        return None

    publisher = choose("publisher", _name)
    return Description(
        title=_without_publisher(choose("title", _line), publisher),
        byline=_byline(said),
        publisher=publisher,
        published_on=choose("published_on", iso_date),
        modified_on=choose("modified_on", iso_date),
        language=choose("language", _language),
        canonical_url=choose("canonical_url", lambda text: _address(text, url)),
        doi=choose("doi", _doi),
        kind=choose("kind", lambda text: KINDS.get(text.lower(), "")),
        description=choose("description", lambda text: _line(text, _LONGEST_DESCRIPTION)),
    )


def guesses(tree: HtmlElement | None, url: str) -> Claims:
    """Return what heuristics make of a page's text and address.

    The first of January is no date: it stands for a year alone, as the small print has (`© 1998`).
    """
    if tree is None:
        return {}
    try:
        found = extract_metadata(tree, default_url=url or None)
    # What its recursion and its tables do not expect of a page that is broken.
    except (
        RecursionError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
        etree.LxmlError,
    ):
        return {}
    authors = (found.author or "").split(";")
    return {
        "title": [found.title or ""],
        "byline": [author.strip() for author in authors],
        "publisher": [found.sitename or ""],
        "published_on": [date for date in [found.date or ""] if not date.endswith("-01-01")],
    }


def _byline(said: list[tuple[Origin, Claims]]) -> tuple[Field, ...]:
    for origin, claims in said:
        stated = [part for text in claims.get("byline", []) for part in _names(text, origin)]
        names = dict.fromkeys(
            name for part in stated if (name := _name(part)) and not _NO_NAME.fullmatch(name)
        )
        if names:
            return tuple(Field(name, origin) for name in [*names][:_MAX_NAMES])
    return ()


def _without_publisher(title: Field | None, publisher: Field | None) -> Field | None:
    """Return the title without the publisher's name, which many pages put behind it."""
    if title is None or publisher is None:
        return title
    head, mark, tail = title.value.rpartition(publisher.value)
    kept = head.rstrip()
    if (
        mark
        and not tail
        and kept.endswith(_BETWEEN)
        and (kept := kept.rstrip("".join(_BETWEEN)).rstrip())
    ):
        return Field(kept, title.origin)
    return title


def _names(text: str, origin: Origin) -> list[str]:
    """Split a line of several names; `Last, First` of Highwire is one name, put the usual way round."""
    text = _BY.sub("", _line(text))
    if origin is Origin.CITATION and text.count(",") == 1 and ";" not in text:
        last, _comma, given = text.partition(",")
        return [f"{given.strip()} {last.strip()}"]
    return _LIST.split(text)


def _name(text: str) -> str:
    """Return a name in one line; addresses and marks of a person's account are none."""
    name = _ASIDE.sub("", _line(text, 200)).strip(" ,")
    return "" if name.startswith(("http:", "https:", "@", "#", "/")) else name


def _line(text: str, longest: int = _LONGEST) -> str:
    """Return a text in one line, without entities and tags that were written into it."""
    unwrapped = _TAG.sub("", unescape(text[: 4 * longest]))
    return storable(" ".join(unwrapped.split()))[:longest]


def _language(text: str) -> str:
    match = _LANGUAGE.fullmatch(text.strip())
    if not match:
        return ""
    first_part, *rest = match[0].replace("_", "-").split("-")
    return "-".join(
        [first_part.lower(), *(part.upper() if len(part) == 2 else part for part in rest)]
    )


def _address(text: str, url: str) -> str:
    try:
        address = urljoin(url, text.strip())
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_whole = parts.scheme in {"http", "https"} and parts.hostname and len(address) <= 2_000
    return storable(address) if is_whole else ""


def _doi(text: str) -> str:
    match = _DOI.search(text[:_LONGEST])
    return match[0].rstrip(".,;)").lower() if match else ""
