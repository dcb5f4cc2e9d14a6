"""Make converted blocks fit the limits of our editor, so that nobody is stopped by them later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from copydesk.editorial.logic.code import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LIMITS: Final[Mapping[str, Mapping[str, int]]] = {
    "heading": {"text": 250},
    "quotation": {"speaker": 200, "publication": 300},
    "pullquote": {"text": 600, "attribution": 200},
    "image": {"alt": 500, "credit": 255},
    "gallery": {"caption": 500},
    "table": {"caption": 300},
    "code": {"caption": 300},
    "embed": {"title": 250, "caption": 500},
    "audio": {"title": 250, "caption": 500},
    "video": {"title": 250, "caption": 500},
    "file": {"label": 250},
}
_LONGEST_URL: Final = 1000
_ANCHOR: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_CODE_LANGUAGES: Final = frozenset(name for name, _label in LANGUAGES)
_ALIASES: Final = {
    "js": "javascript",
    "jscript": "javascript",
    "ts": "typescript",
    "py": "python",
    "sh": "bash",
    "shell": "bash",
    "html5": "html",
    "markup": "html",
    "c++": "cpp",
    "c#": "csharp",
    "golang": "go",
    "rb": "ruby",
    "yml": "yaml",
    "tex": "latex",
}


def fit_blocks(blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The blocks with every value within its limits."""
    return [_fit(block) for block in blocks]


def _fit(block: Mapping[str, Any]) -> dict[str, Any]:
    kind, value = block["type"], block["value"]
    if not isinstance(value, dict):
        return dict(block)
    value = {**value, **_shortened(kind, value)}
    if kind == "heading" and not _ANCHOR.fullmatch(value["anchor"]):
        value["anchor"] = ""
    elif kind == "code":
        value["language"] = code_language(value["language"])
    elif kind == "quotation" and len(value["url"]) > _LONGEST_URL:
        value["url"] = ""
    elif kind == "gallery":
        value["images"] = [
            {**item, "value": {**item["value"], **_shortened("image", item["value"])}}
            for item in value["images"]
        ]
    return {**block, "value": value}


def _shortened(kind: str, value: Mapping[str, Any]) -> dict[str, str]:
    limits = _LIMITS.get(kind, {})
    return {
        name: shorten(value[name], longest) for name, longest in limits.items() if name in value
    }


def shorten(text: str, longest: int) -> str:
    """The text, cut at a word with an ellipsis when it is too long."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def code_language(name: str) -> str:
    """The name our highlighter has for a language, or ``text``."""
    known = _ALIASES.get(name, name)
    return known if known in _CODE_LANGUAGES else "text"
