"""The one way text of users or of other sites becomes HTML of ours: sanitized by nh3 (Mozilla's Ammonia rules)."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING

import nh3
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCHEMES = {"http", "https", "mailto", "tel"}

ARTICLE_TAGS = {
    "a", "abbr", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd",
    "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var",
    "wbr",
}  # fmt: skip

ARTICLE_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "hreflang"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "del": {"cite", "datetime"},
    "ins": {"cite", "datetime"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "time": {"datetime"},
    "details": {"open"},
}

# Whatever stands inside these is not text anybody wrote to be read.
REMOVED_WITH_CONTENT = {
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "title",
}


def clean_article_html(html: str) -> str:
    """Return `html` with nothing in it but the structure of text: no script, style, frame, form, picture or handler.

    Links keep http, https, mailto and tel addresses and relative ones. Cleaning twice changes nothing more.
    """
    return nh3.clean(
        html,
        tags=ARTICLE_TAGS,
        clean_content_tags=REMOVED_WITH_CONTENT,
        attributes=ARTICLE_ATTRIBUTES,
        attribute_filter=_without_odd_sources,
        url_schemes=SCHEMES,
        link_rel="noopener",
        strip_comments=True,
    )


def _without_odd_sources(_tag: str, name: str, value: str) -> str | None:
    """Drop a `cite` of another scheme than links may have: nh3 looks at the addresses browsers open alone."""
    return value if name != "cite" or WEB_ADDRESS.match(value) else None


WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
BLOCK_END = re.compile(
    r"</(?:p|div|li|h[1-6]|blockquote|figcaption|tr|td|th|dt|dd|pre|section|aside|summary)>|<br\s*/?>|<hr[^>]*>"
)
# Every run of spaces but a single one, which needs no mending: it is by far the most frequent.
SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
LINES = re.compile(r" ?\n\s*")


def plain_text(html: str) -> str:
    """Return the text of `html`, a line for each block, with no markup and no character references."""
    text = unescape(
        nh3.clean(BLOCK_END.sub("\n", html), tags=set(), clean_content_tags=REMOVED_WITH_CONTENT)
    )
    return LINES.sub("\n", SPACES.sub(" ", text)).strip()


def trusted(html: str) -> SafeString:
    """Mark `html` as safe to show. Only for what the project itself rendered or sanitized."""
    return mark_safe(html)  # noqa: S308 - the one place; every caller passes rendered templates or sanitized text


# What could end the script element, or a line of JavaScript, is written as JSON escapes.
ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def json_ld(nodes: Sequence[Mapping[str, object]]) -> SafeString:
    """Return nodes of schema.org as one JSON-LD document that is safe inside a script element."""
    graph = {"@context": "https://schema.org", "@graph": list(nodes)}
    return trusted(json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES))
