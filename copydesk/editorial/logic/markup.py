"""Our HTML for places that are not our pages: whole addresses, no behavior, nothing XML forbids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from copydesk.editorial.logic.places import without_markers

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# What XML 1.0 has no way to write, and the byte order marks nobody wants inside text.
UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
SPACES = re.compile(r"\s+")
WEB = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)

ADDRESSES = ("href", "src", "poster", "cite")
# Runs, frames or styles a page that is not ours; or means something only beside our scripts and styles.
DROPPED = (
    "script, style, template, iframe, object, embed, form, link, meta, base, "
    "picture > source, a.heading-anchor, .embed__hint, .quotation__check"
)
DROPPED_ATTRIBUTES = (
    "style",
    "data-embed",
    "tabindex",
    "role",
    "sizes",
    "fetchpriority",
    "loading",
    "decoding",
)


def printable(text: str) -> str:
    """Return `text` without the characters that XML forbids."""
    return UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """Return `text` on one line, without the characters that XML forbids."""
    return SPACES.sub(" ", printable(text)).strip()


def portable_html(html: str, *, url: str) -> str:
    """Return the body of the page at `url` for feed readers.

    Every address is whole, each picture one `img` with its sizes, and what works only in our pages is gone.
    """
    if not html.strip():
        return ""
    tree = LexborHTMLParser(printable(without_markers(html)), is_fragment=True)
    for node in tree.css(DROPPED):
        node.decompose()
    for node in tree.css("picture"):
        node.unwrap()
    for node in tree.css("*"):
        _make_portable(node, url)
    return (tree.html or "").strip()


def _make_portable(node: LexborNode, url: str) -> None:
    for name, value in node.attributes.items():
        if name in DROPPED_ATTRIBUTES or name.startswith("on"):
            del node.attrs[name]
        elif name in ADDRESSES:
            _make_whole(node, name, whole_address(value or "", url))
        elif name == "srcset":
            node.attrs[name] = whole_srcset(value or "", url)


def _make_whole(node: LexborNode, name: str, address: str) -> None:
    if address:
        node.attrs[name] = address
    else:
        del node.attrs[name]


def whole_address(address: str, url: str) -> str:
    """Return `address` as seen from the page at `url`, or "" where it is none a reader may follow."""
    try:
        whole = urljoin(url, address.strip())
    except ValueError:  # Such as "http://[": nothing a browser could open either.
        return ""
    return whole if WEB.match(whole) else ""


def whole_srcset(srcset: str, url: str) -> str:
    """Return `srcset` with whole addresses; ours hold no comma."""
    candidates = (candidate.split() for candidate in srcset.split(","))
    return ", ".join(
        " ".join([whole_address(parts[0], url), *parts[1:]]) for parts in candidates if parts
    )
