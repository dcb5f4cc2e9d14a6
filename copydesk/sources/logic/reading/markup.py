"""Markup to a tree, in time that grows with the size of the page only, and a way without a tree for the rest."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

MAX_DEPTH: Final = 512
"""Deeper than browsers build. The parser's work for each tag grows with the depth: 100,000 open `<div>` took 14 s."""

# A tag, or as a whole what no tags are in, of whatever is written there.
_TAG: Final = re.compile(
    r"<!--(?:-?>|.*?(?:-->|\Z))|<(script|style|textarea|title)\b.*?(?:</\1|\Z)|<(/?)([a-zA-Z][^\s/>]*+)",
    re.DOTALL | re.IGNORECASE,
)
_NOSCRIPT: Final = re.compile(
    r"<!--(?:-?>|.*?(?:-->|\Z))|<(script|style|textarea|title)\b.*?(?:</\1|\Z)"
    r"|<noscript\b[^>]*+>?(?P<inside>.*?)(?:</noscript\s*+>?|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_MAX_ATTRIBUTES: Final = 1_000
_LONG_TAG: Final = re.compile(r"<[a-zA-Z][^>]{20000,}")
_QUOTED: Final = re.compile(r"\"[^\"]*+\"?|'[^']*+'?")
# Tags that nothing needs to close.
_NEVER_DEEP: Final = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "rt", "rp", "path",
})  # fmt: skip
BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup",
    "option", "p", "pre", "search", "section", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead",
    "tr", "ul",
})  # fmt: skip
DROPPED: Final = frozenset({
    "script", "style", "noscript", "template", "svg", "select", "head", "title", "iframe", "object", "video", "audio",
    "canvas", "datalist", "noframes", "noembed", "annotation", "annotation-xml", "rt", "rp",
})  # fmt: skip
"""Elements whose text no reader sees, or sees beside the line: fallbacks, formulas a second time, reading aids."""

_UNSEEN: Final = "script|style|noscript|template|svg|select|title|iframe|object"
_OPAQUE: Final = re.compile(rf"<(/?)({_UNSEEN})\b[^>]*+>?", re.IGNORECASE)
_ANY_TAG: Final = re.compile(r"<(?:!--|[!?]|/?([a-zA-Z][^\s/>]*+))(?:[^>]*+)>?")
_SPACES: Final = re.compile(r"[ \t\f\r]+")
_BLANK: Final = re.compile(r"[ \n]*\n[ \n]*")


def parse(html: str) -> LexborHTMLParser | None:
    """Return the tree a browser would build; None for markup of which building it would take long."""
    return None if is_deep(html) or _is_wide(html) else LexborHTMLParser(html)


def without_noscript(html: str) -> tuple[str, list[str]]:
    """Return a page as a browser that runs scripts takes it, and what it would skip.

    The parser takes it as one without scripts does: then such an element in the head ends the head.
    """
    inside: list[str] = []

    def drop(match: re.Match[str]) -> str:
        if match["inside"] is None:
            return match[0]
        inside.append(match["inside"])
        return ""

    return _NOSCRIPT.sub(drop, html), inside


def is_deep(html: str) -> bool:
    """Whether more than `MAX_DEPTH` elements are open at once, by a count that no wrong closing tag lowers."""
    opened: dict[str, int] = {}
    depth = 0
    for tag in _TAG.finditer(html):
        name = (tag[3] or "").lower()
        if not name or name in _NEVER_DEEP:
            continue
        if not tag[2]:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
    return False


def _is_wide(html: str) -> bool:
    """Whether a tag has so many attributes that comparing each with each takes long."""
    return any(
        len(_QUOTED.sub("", tag[0]).split()) > _MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(html)
    )


def without_tags(html: str) -> str:
    """Return the text between the tags, in lines, without building a tree: rough, but in one pass."""
    pieces: list[str] = []
    for piece in _seen_pieces(html):
        if not isinstance(piece, str):
            name = (piece[1] or "").lower()
            pieces.append("\n" if name in BLOCKS or name == "br" else "")
        else:
            pieces.append(unescape(piece).replace("\n", " "))
    return tidy("".join(pieces))


def _seen_pieces(html: str) -> Iterator[str | re.Match[str]]:
    """Give the texts and the tags that stand outside of scripts and the like."""
    hidden: list[tuple[int, int]] = []
    start, inside = 0, ""
    for tag in _OPAQUE.finditer(html):
        if not inside and not tag[1]:
            start, inside = tag.start(), tag[2].lower()
        elif inside == tag[2].lower() and tag[1]:
            hidden.append((start, tag.end()))
            inside = ""
    if inside in {"script", "style"}:
        hidden.append((start, len(html)))
    position = 0
    for start, end in [*hidden, (len(html), len(html))]:
        for tag in _ANY_TAG.finditer(html, position, start):
            yield html[position : tag.start()]
            yield tag
            position = tag.end()
        yield html[position:start]
        position = end


def tidy(text: str) -> str:
    """Make one space of runs of them and one newline of blank lines."""
    return _BLANK.sub("\n", _SPACES.sub(" ", text)).strip()


def children(node: LexborNode) -> Iterator[LexborNode]:
    """Give the nodes directly below, texts included."""
    child = node.first_child
    while child is not None:
        yield child
        child = child.next
