"""The bytes of a source, read by what they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.reading.claims import metas_of
from copydesk.sources.logic.reading.decoding import decode
from copydesk.sources.logic.reading.embedded import embedded_text, plain, strings_in
from copydesk.sources.logic.reading.main import main_text, tree_of
from copydesk.sources.logic.reading.markup import parse, without_noscript, without_tags
from copydesk.sources.logic.reading.metadata import describe, guesses, settle
from copydesk.sources.logic.reading.pages import (
    is_bot_wall,
    is_noarchive,
    is_paywalled,
    is_soft_404,
)
from copydesk.sources.logic.reading.pdf import read_pdf
from copydesk.sources.logic.reading.results import (
    Origin,
    Reading,
    Unreadable,
    count_words,
    storable,
)
from copydesk.sources.logic.reading.structured import statements_of
from copydesk.sources.logic.reading.visible import see
from copydesk.sources.logic.verdicts import Layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborHTMLParser

MAX_BYTES: Final = 10_000_000
"""Of a page or a text, more is left out: the size a capture keeps (quotations.md, section 4.1)."""

_FEWEST_WORDS: Final = 50
_HTML_START: Final = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_TEXT_TYPES: Final = (
    "text/",
    "application/json",
    "application/xml",
    "application/xhtml",
    "application/javascript",
)
_UNNAMED: Final = (
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/unknown",
    "text/plain",
)
_CDATA: Final = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_XML_TAG: Final = re.compile(r"<[!?/a-zA-Z][^>]*+>?")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE: Final = 4_096
_MOSTLY_TEXT: Final = 0.05
# In a short text a few are many of it, and still nothing but dirt.
_FEW: Final = 8


@dataclass(frozen=True)
class Source:
    """What was given to be read."""

    body: bytes
    content_type: str
    url: str
    headers: Mapping[str, str]


def read(source: Source) -> Reading:
    """Return what the bytes say; the promise is that of `read_source`."""
    body = source.body
    if not body.strip():
        raise Unreadable("empty", "nothing but spaces")
    kind = _kind(body, source.content_type.partition(";")[0].strip().lower())
    if kind == "pdf":
        return _read_pdf(source)
    _refuse_binary(source)
    text, encoding = _decoded(source)
    reading = _read_page(source, text) if kind == "html" else _read_text(source, text, kind)
    return replace(reading, encoding=encoding, is_truncated=len(body) > MAX_BYTES)


def _kind(body: bytes, media_type: str) -> str:
    """Return `pdf`, `html`, `json`, `xml` or `plain`."""
    if b"%PDF-" in body[:1_024]:
        return "pdf"
    if "html" in media_type or (media_type in _UNNAMED[:-1] and _HTML_START.match(body[:_SAMPLE])):
        return "html"
    if media_type.endswith("json"):
        return "json"
    if media_type.endswith("xml"):
        return "html" if _HTML_START.match(body[:_SAMPLE]) else "xml"
    if media_type.startswith(_TEXT_TYPES) or media_type in _UNNAMED:
        return "plain"
    if media_type == "application/pdf":
        raise Unreadable("broken", "called a PDF, and is none")
    raise Unreadable("not_text", f"of the type {media_type[:80]}")


def _refuse_binary(source: Source) -> None:
    sample = source.body[:_SAMPLE]
    is_wide = (
        sample.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff"))
        or "utf-16" in source.content_type.lower()
    )
    few = max(_MOSTLY_TEXT * len(sample), min(_FEW, len(sample) / 4))
    if not is_wide and len(_CONTROLS.findall(sample)) > few:
        raise Unreadable("not_text", "mostly bytes that no text has")


def _decoded(source: Source) -> tuple[str, str]:
    found = decode(source.body[:MAX_BYTES], source.content_type)
    text = storable(found.text)
    if not text.strip():
        raise Unreadable("empty", "nothing but spaces")
    return text, found.encoding


def _read_pdf(source: Source) -> Reading:
    found = read_pdf(source.body)
    text = storable(found.text)
    return Reading(
        layers={Layer.VISIBLE: text},
        encoding="",
        description=settle([(Origin.GUESS, found.claims)], source.url),
        is_truncated=found.is_truncated,
        is_noarchive=is_noarchive({}, source.headers),
        has_text=count_words(text) >= _FEWEST_WORDS,
    )


def _read_text(source: Source, text: str, kind: str) -> Reading:
    """Read text, or the texts in JSON and in feeds: neither is parsed as what it is, so that none can be a bomb."""
    if kind == "json":
        text = "\n".join(strings_in(text)) or text
    elif kind == "xml":
        text = plain(unescape(_XML_TAG.sub("\n", _CDATA.sub(lambda found: escape(found[1]), text))))
    text = storable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return Reading(
        layers={Layer.VISIBLE: text},
        encoding="",
        is_noarchive=is_noarchive({}, source.headers),
        has_text=count_words(text) >= _FEWEST_WORDS,
    )


def _read_page(source: Source, html: str) -> Reading:
    scripted, without_scripts = without_noscript(html)
    tree = parse(scripted)
    if tree is None or tree.body is None:
        return _read_text(source, without_tags(html), "plain")
    statements = statements_of(tree)
    metas = metas_of(tree)
    seen = see(tree.body)
    lxml_tree = tree_of(scripted)
    main = main_text(lxml_tree)
    unseen = [*(plain(inside) for inside in without_scripts), *seen.hidden]
    description = describe(tree, statements, source.url, lambda: guesses(lxml_tree, source.url))
    title = _own_title(tree)
    return Reading(
        layers={
            Layer.VISIBLE: storable(seen.text),
            Layer.MAIN: storable(main),
            Layer.EMBEDDED: storable(embedded_text(tree, statements, unseen)),
        },
        encoding="",
        description=description,
        is_noarchive=is_noarchive(metas, source.headers),
        is_paywalled=is_paywalled(statements, seen.text),
        is_bot_wall=is_bot_wall(html, title, seen.text, source.headers),
        is_soft_404=is_soft_404(title, seen.text),
        has_text=count_words(seen.text) >= _FEWEST_WORDS,
    )


def _own_title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("title")
    return " ".join((node.text() or "").split()) if node is not None else ""
