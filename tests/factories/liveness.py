"""What of some HTML a browser would act on: run, load, frame, submit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Collection

ACTING_TAGS = {
    "applet", "audio", "base", "bgsound", "button", "embed", "form", "frame", "frameset", "iframe", "ilayer", "img",
    "input", "isindex", "keygen", "layer", "link", "math", "meta", "object", "option", "param", "plaintext", "script",
    "select", "source", "style", "svg", "template", "textarea", "title", "track", "video", "xml", "xss",
}  # fmt: skip
ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "cite",
    "poster",
    "data",
    "background",
    "longdesc",
    "xlink:href",
}
ADDRESSES |= {"dynsrc", "lowsrc", "usemap", "profile", "manifest", "ping", "srcset"}
SAFE_SCHEMES = {"http", "https", "mailto", "tel"}
IGNORED_IN_SCHEMES = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def live_parts(html: str, *, expected: Collection[str] = ()) -> list[str]:
    """Return what acts in `html`, as a browser's parser sees it; `expected` tags are the page's own."""
    body = LexborHTMLParser(f"<!doctype html><body>{html}").body
    assert body is not None
    found = []
    for node in body.traverse():
        if node.tag == "body":
            continue
        if node.tag in ACTING_TAGS and node.tag not in expected:
            found.append(f"<{node.tag}>")
        found += [
            f"{name}={value}"
            for name, value in node.attributes.items()
            if _acts(name.lower(), value or "")
        ]
    return found


def _acts(name: str, value: str) -> bool:
    if name.startswith("on") or name in {"style", "srcdoc", "autofocus", "contenteditable"}:
        return True
    if name not in ADDRESSES:
        return False
    scheme = SCHEME.match(IGNORED_IN_SCHEMES.sub("", value))
    return scheme is not None and scheme[1].lower() not in SAFE_SCHEMES
