"""Reads a manuscript: TOML between `+++` lines, then Markdown with `::: name` … `:::` around every other block.

A block opens with its `field: value` lines, if any; its text follows after an empty line. `## Heading {#anchor}` is a
heading, `---` a divider, `[^1]` refers to the footnote written as a line `[^1]: …`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NOTE = re.compile(r"^\[\^(?P<name>\w+)\]: (?P<text>.+)\n?", re.MULTILINE)
FIELD = re.compile(r"(?P<name>[a-z]+): (?P<value>.*)\n")
PART = re.compile(
    r"^(?:"
    r"::: (?P<block>\w+)\n(?P<inside>.*?)^:::"
    r"|(?P<marks>\#{2,4})[ ](?P<heading>.+?)(?:[ ]\{\#(?P<anchor>[\w-]+)\})?"
    r"|(?P<rule>---)"
    r")$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Part:
    """One block: what it is, its fields, its text as written."""

    name: str
    fields: Mapping[str, str]
    text: str = ""


@dataclass(frozen=True)
class Manuscript:
    """An article or page as its author handed it in."""

    slug: str
    front: Mapping[str, Any]
    parts: tuple[Part, ...]
    notes: Mapping[str, str]


def read_manuscript(path: Path) -> Manuscript:
    """Return the manuscript in a file, whose name is its address."""
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    notes = {match["name"]: match["text"] for match in NOTE.finditer(body)}
    return Manuscript(path.stem, tomllib.loads(front), tuple(_parts(NOTE.sub("", body))), notes)


def _parts(body: str) -> Iterator[Part]:
    start = 0
    for match in PART.finditer(body):
        yield from _prose(body[start : match.start()])
        yield _part(match)
        start = match.end()
    yield from _prose(body[start:])


def _prose(text: str) -> Iterator[Part]:
    if text.strip():
        yield Part("text", {}, text.strip())


def _part(match: re.Match[str]) -> Part:
    if match["rule"]:
        return Part("divider", {})
    if match["heading"]:
        level = str(len(match["marks"]))
        return Part(
            "heading", {"text": match["heading"], "level": level, "anchor": match["anchor"] or ""}
        )
    fields, inside = {}, match["inside"]
    while field := FIELD.match(inside):
        fields[field["name"]] = field["value"]
        inside = inside[field.end() :]
    return Part(match["block"], fields, inside.strip("\n"))
