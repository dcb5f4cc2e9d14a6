"""Layer 2: the article without what stands around it, as trafilatura finds it.

For display, for noticing changes, and for knowing whether words stand in the article or in a comment beside it.
"""

from __future__ import annotations

import logging
from typing import Final

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

MAX_CHARACTERS: Final = 2_000_000
MAX_TAGS: Final = 30_000
"""Larger pages have no main text: the extractor's time grows with the square of their elements (2.4 s for 20,000
paragraphs). The largest of 26 real pages had 5,681 nodes."""

_UNSEEN: Final = ("script", "style", "noscript", "template")

# It tells of every page that has no text in it; so does the reading.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def tree_of(html: str) -> HtmlElement | None:
    """Return the tree for the extractor, which nests 255 deep at most; None for what is no document or too large."""
    if len(html) > MAX_CHARACTERS or html.count("<") > MAX_TAGS:
        return None
    # Bytes, since an encoding that the text itself names would be refused; without lone surrogates, they can be made.
    parser = HTMLParser(no_network=True, huge_tree=False, encoding="utf-8", remove_comments=True)
    try:
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    # It would take an article from there that the page does not show: the embedded layer has that.
    etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    return tree


def main_text(tree: HtmlElement | None) -> str:
    """Return the article's text, in paragraphs of a line each; "" where none is found."""
    if tree is None:
        return ""
    try:
        found = trafilatura.extract(tree, favor_recall=True, include_comments=False)
    # What its recursion and its tables do not expect; the visible layer does not depend on it.
    except (
        RecursionError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
        etree.LxmlError,
    ):
        return ""
    return found or ""
