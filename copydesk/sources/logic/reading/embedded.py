"""Layer 3: what a page carries but does not show: for pages that scripts make.

Articles in JSON-LD, `<noscript>`, `<template>`, hidden parts, and long texts in the data that scripts are given.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from copydesk.sources.logic.reading.markup import parse, tidy, without_tags
from copydesk.sources.logic.reading.results import count_words
from copydesk.sources.logic.reading.visible import see

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborHTMLParser

# A string of JSON or of a script, of a length that a sentence has.
_STRING: Final = re.compile(r'"((?:[^"\\]++|\\.)*+)("?)', re.DOTALL)
_SENTENCE: Final = 60
_WORDS: Final = 8
_LIMIT: Final = 5_000_000
"""Characters of this layer that are kept at most."""


def embedded_text(
    tree: LexborHTMLParser, statements: Iterable[dict[str, Any]], unseen: Iterable[str]
) -> str:
    """Return the texts that a page carries beside the visible one, each once, in lines.

    `unseen` are those of hidden elements and of `<noscript>`.
    """
    found: dict[str, None] = {}
    size = 0
    for text in _texts(tree, statements, unseen):
        if text and text not in found:
            found[text] = None
            size += len(text)
            if size > _LIMIT:
                break
    return "\n".join(found)[:_LIMIT]


def _texts(
    tree: LexborHTMLParser, statements: Iterable[dict[str, Any]], unseen: Iterable[str]
) -> Iterator[str]:
    for statement in statements:
        for key in ("articleBody", "text", "transcript"):
            if isinstance(value := statement.get(key), str):
                yield plain(value)
    for node in tree.css("template"):
        yield plain((node.html or "").partition(">")[2].removesuffix("</template>"))
    yield from (text for text in unseen if count_words(text) >= _WORDS)
    for node in tree.css("script"):
        if (node.attributes.get("type") or "").strip().lower() != "application/ld+json":
            yield from sentences_in(node.text() or "")


def sentences_in(script: str) -> Iterator[str]:
    """Give the strings of a script or of JSON that are long enough to be prose, without markup."""
    for text in strings_in(script, shortest=_SENTENCE):
        if count_words(text) >= _WORDS:
            yield text


def strings_in(script: str, *, shortest: int = 0) -> Iterator[str]:
    """Give the strings of at least so many characters, without markup.

    The literals are found without reading the rest, so that broken JSON and JavaScript give theirs too.
    """
    for match in _STRING.finditer(script):
        if match[2] and len(match[1]) >= shortest and (not shortest or " " in match[1]):
            yield plain(_unquoted(match[0]))


def _unquoted(literal: str) -> str:
    try:
        value = json.loads(literal, strict=False)
    except ValueError:
        return literal[1:-1]  # An escape that only JavaScript knows.
    return value if isinstance(value, str) else ""


def plain(text: str) -> str:
    """Return a text of embedded data without the markup it may hold."""
    if "<" not in text and "&" not in text:
        return tidy(text)
    tree = parse(text)
    if tree is None or tree.body is None:
        return without_tags(text)
    return see(tree.body).text
