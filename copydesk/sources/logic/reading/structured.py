"""JSON-LD as pages have it: with comments, commas too many, entities, lists in graphs in lists."""

from __future__ import annotations

import json
import re
from collections import deque
from html import unescape
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborHTMLParser

_MAX_BLOCK: Final = 5_000_000
_MAX_NODES: Final = 50_000
_MAX_BLOCKS: Final = 200
# Looked for in so many characters at both ends.
_REACH: Final = 100
_OPENING: Final = re.compile(r"^(?:(?://|/\*) ?)?(?:<!--|<!\[CDATA\[)(?: ?\*/)?")
_CLOSING: Final = re.compile(r"(?:(?://|/\*) ?)?(?:-->|\]\]>)(?: ?\*/)?$|;$")
# Strings are kept, comments and commas before a bracket go.
_SUPERFLUOUS: Final = re.compile(
    r'("(?:[^"\\]++|\\.)*+"?)|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|,(?=\s*+[}\]])', re.DOTALL
)


def statements_of(tree: LexborHTMLParser) -> list[dict[str, Any]]:
    """Return every object of a page's JSON-LD, the outer ones first; nothing of a block that cannot be read."""
    blocks = [
        node.text() or ""
        for node in tree.css("script[type]")
        if (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        == "application/ld+json"
    ]
    values = [value for block in blocks[:_MAX_BLOCKS] for value in parse_jsonld(block)]
    return flatten(values)


def parse_jsonld(text: str) -> list[Any]:
    """Return the values in a block of JSON-LD, repairing what is commonly broken; [] where that does not help."""
    if len(text) > _MAX_BLOCK:
        return []
    attempts = (_as_it_is, _unwrapped, _mended, _unescaped)
    for attempt in attempts:
        try:
            return [json.loads(attempt(text), strict=False)]
        except (ValueError, RecursionError):
            continue
    return _first_of_several(_mended(text))


def flatten(values: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the objects in values, breadth first, so that what is said of the page comes before what it mentions."""
    found: list[dict[str, Any]] = []
    todo = deque(values)
    seen = 0
    while todo and seen < _MAX_NODES:
        value = todo.popleft()
        seen += 1
        if isinstance(value, dict):
            found.append(value)
            # A graph stands for its members.
            graph = value.get("@graph")
            todo.extendleft(reversed(graph) if isinstance(graph, list) else ())
            todo.extend(inner for key, inner in value.items() if key != "@graph" and _holds(inner))
        elif isinstance(value, list):
            todo.extendleft(inner for inner in reversed(value) if _holds(inner))
    return found


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list)


def _as_it_is(text: str) -> str:
    return text


def _unwrapped(text: str) -> str:
    text = text.strip()
    text = (_OPENING.sub("", text[:_REACH]) + text[_REACH:]).strip()
    return text[:-_REACH] + _CLOSING.sub("", text[-_REACH:])


def _mended(text: str) -> str:
    return _SUPERFLUOUS.sub(lambda match: match[1] or "", _unwrapped(text))


def _unescaped(text: str) -> str:
    return _mended(unescape(text))


def _first_of_several(text: str) -> list[Any]:
    """Read objects that were put one behind the other."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    position = 0
    while (position := text.find("{", position)) >= 0 and len(values) < _MAX_BLOCKS:
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        values.append(value)
    return values
