"""Rich text of one paragraph, in the small HTML our editor stores."""

from __future__ import annotations

import re
from html import escape
from typing import Final

#: What each of our rich-text fields may hold.
BODY_INLINE: Final = frozenset({"b", "i", "a", "sup", "sub", "s", "code", "footnote"})
PLAIN_INLINE: Final = frozenset({"b", "i", "a"})

TAGS: Final = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "cite": "i",
    "dfn": "i",
    "var": "i",
    "a": "a",
    "sup": "sup",
    "sub": "sub",
    "s": "s",
    "del": "s",
    "strike": "s",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
}

# Single spaces, by far the most frequent, need no replacing.
_SPACE: Final = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_BREAK: Final = "<br/>"
_SPACE_AT_BREAK: Final = re.compile(r" *<br/> *")
_SCHEMES: Final = ("http://", "https://", "mailto:", "tel:")
_HAS_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def clean_href(href: str) -> str:
    """The address if a reader may follow it; empty for scripts, placeholders and other schemes."""
    address = _CONTROL.sub("", href.strip()).replace(" ", "%20")
    if address in {"", "#"}:
        return ""
    if address.startswith("//"):
        return f"https:{address}"
    if _HAS_SCHEME.match(address) and not address.lower().startswith(_SCHEMES):
        return ""
    return address


class RichText:
    """Builds one paragraph after the other. Tags open late and close early, so none is left empty."""

    def __init__(self, allowed: frozenset[str] = BODY_INLINE) -> None:
        self.allowed = allowed
        self._parts: list[str] = []
        self._wanted: list[tuple[str, str]] = []
        self._opened = 0
        self._has_content = False
        self._ends_in_space = True

    def is_open(self, tag: str) -> bool:
        return any(wanted == tag for wanted, _attrs in self._wanted)

    def open(self, tag: str, attrs: str = "") -> None:
        self._wanted.append((tag, attrs))

    def close(self) -> None:
        """Close the tag opened last."""
        if self._opened == len(self._wanted):
            self._parts.append(f"</{self._wanted[-1][0]}>")
            self._opened -= 1
        self._wanted.pop()

    def write(self, text: str) -> None:
        """Add text; white space is collapsed as a browser would."""
        text = _SPACE.sub(" ", text)
        if self._ends_in_space:
            text = text.lstrip(" ")
        if not text:
            return
        self._open_wanted()
        self._parts.append(escape(text, quote=False))
        self._ends_in_space = text.endswith(" ")
        self._has_content = self._has_content or bool(text.strip(" \u00a0"))

    def write_html(self, html: str) -> None:
        """Add an element that is content by itself, such as a footnote's reference."""
        self._open_wanted()
        self._parts.append(html)
        self._has_content = True
        self._ends_in_space = False

    def line_break(self) -> bool:
        """Add a line break; False when one stands there already, which means a paragraph ends."""
        if self._parts and self._parts[-1] == _BREAK:
            return False
        if self._has_content:
            self._parts.append(_BREAK)
            self._ends_in_space = True
        return True

    def take(self) -> str:
        """The paragraph so far, without its ``<p>``; the tags still open go on in the next one."""
        while self._opened:
            self._opened -= 1
            self._parts.append(f"</{self._wanted[self._opened][0]}>")
        html = "".join(self._parts) if self._has_content else ""
        self._parts, self._has_content, self._ends_in_space = [], False, True
        return _trim(_SPACE_AT_BREAK.sub(_BREAK, html) if _BREAK in html else html)

    def _open_wanted(self) -> None:
        for tag, attrs in self._wanted[self._opened :]:
            self._parts.append(f"<{tag}{attrs}>")
        self._opened = len(self._wanted)


def _trim(html: str) -> str:
    html = html.strip()
    while html.endswith(_BREAK):
        html = html[: -len(_BREAK)].rstrip()
    return html
