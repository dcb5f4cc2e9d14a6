"""Find shortcodes in content and put a mark where each stood, so that the HTML can be parsed.

An author's own brackets (``[sic]``, ``[…]``, ``[the minister]``) are no shortcodes. One is assumed when
we know its name, when it has attributes, or when it is closed again. Code and HTML tags are left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Shortcodes of WordPress and of well-known plugins, which may stand without attributes.
KNOWN: Final = frozenset({
    "audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption", "wpvideo",
    "youtube", "vimeo", "dailymotion", "soundcloud", "twitter", "tweet", "instagram",
    "contact-form", "contact-form-7", "wpforms", "gravityform", "mc4wp_form", "toc", "archives",
    "recent-posts", "latex", "googlemaps", "ninja_form", "woocommerce_cart", "products",
    "subscription_form",
})  # fmt: skip

_TOKEN: Final = re.compile(
    r"<(?P<code>pre|code|script|style|textarea)\b[^>]{0,5000}>"
    r"|<!--"
    r"|<[a-zA-Z/][^>]{0,5000}>"
    r"|\[\[(?P<escaped>/?[a-zA-Z][\w-]*[^\[\]]*)\]\]"
    r"|\[(?P<name>[a-zA-Z][\w-]*)(?P<attrs>(?:=|[\s/])[^\[\]]*)?\]"
)
_ATTR: Final = re.compile(
    r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s'"]+))|"([^"]*)"|'([^']*)'|(\S+)"""
)
_CURLY: Final = str.maketrans(
    {"\u201c": '"', "\u201d": '"', "\u2033": '"', "\u2019": "'", "\u00a0": " "}
)


@dataclass(frozen=True, slots=True)
class Shortcode:
    """One shortcode. ``content`` is None when it encloses nothing."""

    name: str
    attrs: Mapping[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = ()
    content: str | None = None
    opening: str = ""

    @property
    def raw(self) -> str:
        """The shortcode as it stood in the content."""
        return (
            self.opening if self.content is None else f"{self.opening}{self.content}[/{self.name}]"
        )


def mark_shortcodes(html: str) -> tuple[str, list[Shortcode]]:
    """The HTML with ``<cd-shortcode data-n="0">`` where the first shortcode stood, and so on."""
    if "[" not in html:
        return html, []
    return _Marker(html).run()


class _Marker:
    def __init__(self, html: str) -> None:
        self.html = html
        self.found: list[Shortcode] = []
        self.out: list[str] = []
        self.at = 0
        #: Names known to have no end after a place, so that no end is looked for twice.
        self.endless: set[str] = set()

    def run(self) -> tuple[str, list[Shortcode]]:
        while token := _TOKEN.search(self.html, self.at):
            self.out.append(self.html[self.at : token.start()])
            self.at = token.end()
            self.out.append(self._replace(token))
        self.out.append(self.html[self.at :])
        return "".join(self.out), self.found

    def _replace(self, token: re.Match[str]) -> str:
        if token["escaped"]:
            return f"[{token['escaped']}]"
        if token["name"]:
            return self._shortcode(token)
        if token["code"]:
            return token[0] + self._skip_past(f"</{token['code']}>")
        if token[0] == "<!--":
            return token[0] + self._skip_past("-->")
        return token[0]

    def _skip_past(self, mark: str) -> str:
        """Take the text up to and with the mark; nothing when it is missing."""
        end = -1 if mark in self.endless else self.html.find(mark, self.at)
        if end < 0:
            self.endless.add(mark)
            return ""
        start, self.at = self.at, end + len(mark)
        return self.html[start : self.at]

    def _shortcode(self, token: re.Match[str]) -> str:
        name, given = token["name"], token["attrs"] or ""
        content = None if given.rstrip().endswith("/") else self._enclosed(name)
        attrs, values = read_attrs(given)
        if content is None and not (attrs or name.lower() in KNOWN):
            return token[0]
        self.found.append(Shortcode(name.lower(), attrs, values, content, token[0]))
        return f'<cd-shortcode data-n="{len(self.found) - 1}"></cd-shortcode>'

    def _enclosed(self, name: str) -> str | None:
        end = f"[/{name}]"
        if end in self.endless:
            return None
        at = self.html.find(end, self.at)
        if at < 0:
            self.endless.add(end)
            return None
        again = self.html.find(f"[{name}", self.at, at)
        if again >= 0 and self.html[again + len(name) + 1 : again + len(name) + 2] in "] /":
            return self._balanced(name)
        content, self.at = self.html[self.at : at], at + len(end)
        return content

    def _balanced(self, name: str) -> str | None:
        """The content when shortcodes of one name are nested in each other."""
        depth, at = 1, self.at
        for mark in re.finditer(
            rf"\[(/?){re.escape(name)}(?=[\s\]/])[^\[\]]*\]", self.html[self.at :]
        ):
            depth += -1 if mark[1] else 1
            if depth == 0:
                content = self.html[at : at + mark.start()]
                self.at = at + mark.end()
                return content
        return None


def read_attrs(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The named attributes and the bare values of a shortcode."""
    named: dict[str, str] = {}
    values: list[str] = []
    for match in _ATTR.finditer(unescape(text.strip().rstrip("/").lstrip("=")).translate(_CURLY)):
        if match[1]:
            named[match[1].lower()] = next((g for g in match.groups()[1:4] if g is not None), "")
        else:
            values.append(next((g for g in match.groups()[4:] if g is not None), ""))
    return named, tuple(values)
