"""WordPress's block grammar: comments that mark where blocks begin and end in the HTML.

``<!-- wp:name {"json": 1} --> … <!-- /wp:name -->``, nested at will, or ``<!-- wp:name /-->``.
What stands between blocks is content of the classic editor.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLASSIC: Final = "core/freeform"

#: Blocks nested deeper than this are read as part of their ancestor's HTML.
MAX_DEPTH: Final = 60

_OPENING: Final = re.compile(
    r"<!--\s+(?P<close>/)?wp:(?P<name>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)(?=[\s/])"
)


@dataclass(slots=True)
class Block:
    """A block with what is in it: HTML and further blocks, in order."""

    name: str
    attrs: Mapping[str, Any] = field(default_factory=dict)
    parts: list[str | Block] = field(default_factory=list)

    @property
    def children(self) -> list[Block]:
        return [part for part in self.parts if isinstance(part, Block)]

    def own_html(self) -> str:
        """The block's HTML without its inner blocks."""
        return "".join(part for part in self.parts if isinstance(part, str))

    def full_html(self) -> str:
        """The block's HTML with that of its inner blocks, without the marks."""
        return "".join(part if isinstance(part, str) else part.full_html() for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    name: str
    attrs: Mapping[str, Any]
    closes: bool
    is_void: bool


def has_blocks(content: str) -> bool:
    """Whether the content was written in the block editor, at least in part."""
    return "<!-- wp:" in content


def parse_blocks(content: str) -> list[Block]:
    """The blocks at the top level. Ends without a start are ignored, missing ends are assumed."""
    root = Block("")
    stack = [root]
    at = 0
    for mark in _marks(content):
        _append_html(stack, content[at : mark.start])
        at = mark.end
        _apply(mark, stack)
    _append_html(stack, content[at:])
    return root.children


def _apply(mark: _Mark, stack: list[Block]) -> None:
    if mark.closes:
        _close(stack, mark.name)
        return
    block = Block(mark.name, mark.attrs)
    if len(stack) <= MAX_DEPTH:
        stack[-1].parts.append(block)
        if not mark.is_void:
            stack.append(block)


def _append_html(stack: list[Block], html: str) -> None:
    """At the top level HTML is the classic editor's; inside a block it is the block's own."""
    if len(stack) > 1:
        if html:
            stack[-1].parts.append(html)
    elif html.strip():
        stack[0].parts.append(Block(CLASSIC, {}, [html]))


def _close(stack: list[Block], name: str) -> None:
    """Close the nearest open block of this name, and those inside it that were left open."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].name == name:
            del stack[depth:]
            return


def _marks(content: str) -> Iterator[_Mark]:
    at = 0
    while found := _OPENING.search(content, at):
        end = content.find("-->", found.end())
        if end < 0:
            return
        at = end + 3
        inside = content[found.end() : end].strip()
        is_void = inside.endswith("/")
        name = found["name"] if "/" in found["name"] else f"core/{found['name']}"
        yield _Mark(
            start=found.start(),
            end=at,
            name=name,
            attrs=_read_attrs(inside.removesuffix("/").strip()),
            closes=bool(found["close"]),
            is_void=is_void,
        )


def _read_attrs(text: str) -> Mapping[str, Any]:
    """The block's attributes; none when the JSON is broken, for the HTML says the same."""
    if not text.startswith("{"):
        return {}
    try:
        attrs = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return attrs if isinstance(attrs, dict) else {}
