"""Turn the content of one post into our body."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from copydesk.importers.wordpress.logic import figures, prose, quotes, tables
from copydesk.importers.wordpress.logic.blockmap import convert_blocks, mark_breaks
from copydesk.importers.wordpress.logic.blocks import has_blocks, parse_blocks
from copydesk.importers.wordpress.logic.body import Body, BodyBlock, Context, Note, NoteKind
from copydesk.importers.wordpress.logic.flow import Flow, Handler
from copydesk.importers.wordpress.logic.prose import plain
from copydesk.importers.wordpress.logic.richtext import PLAIN_INLINE
from copydesk.importers.wordpress.logic.text import Repair, repair_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ELEMENTS: Final[Mapping[str, Handler]] = {
    **prose.ELEMENTS,
    **quotes.ELEMENTS,
    **tables.ELEMENTS,
    **figures.ELEMENTS,
}


@dataclass(frozen=True, slots=True)
class Converted:
    """The body of one post. Media are named, not stored; addresses of links are those of the old site.

    The value of an ``html`` block is as it was: whoever saves it has to sanitize it.
    """

    blocks: tuple[BodyBlock, ...]
    footnotes: Mapping[str, str] = field(default_factory=dict)
    teaser: str = ""
    notes: tuple[Note, ...] = ()


def convert(content: str, context: Context) -> Converted:
    """Our blocks for the content, its footnotes as rich text, and what the report has to say."""
    content, repairs = repair_text(content)
    flow = _new_flow(context)
    flow.body.notes += _repair_notes(repairs)
    if has_blocks(content):
        convert_blocks(flow, parse_blocks(content))
    else:
        flow.run(mark_breaks(content), autop=True)
    return Converted(
        blocks=tuple(flow.body.finish(context.key)),
        footnotes=_convert_footnotes(flow.body, context),
        teaser=_teaser(flow.body),
        notes=tuple(flow.body.notes),
    )


def notes_on(*texts: str) -> tuple[Note, ...]:
    """What the report has to say of a title, an excerpt or a name: where it was repaired."""
    return tuple(note for text in texts for note in _repair_notes(repair_text(text)[1]))


def _repair_notes(repairs: Iterable[Repair]) -> list[Note]:
    return [Note(NoteKind.TEXT_REPAIRED, f"{repair.before} → {repair.after}") for repair in repairs]


def _new_flow(context: Context) -> Flow:
    return Flow(context, elements=_ELEMENTS, shortcodes=figures.SHORTCODES)


def _teaser(body: Body) -> str:
    """The plain text before ``<!--more-->``."""
    return " ".join(plain(html) for html in body.teaser or ())


def _convert_footnotes(body: Body, context: Context) -> dict[str, str]:
    """The footnotes the body refers to."""
    used = {key: html for key, html in context.footnotes.items() if _refers(body, key)}
    return {key: _rich_line(html, context) for key, html in used.items()}


def _refers(body: Body, key: str) -> bool:
    mark = f'<footnote id="{key}">'
    return any(mark in html for html in body.texts())


def _rich_line(html: str, context: Context) -> str:
    flow = Flow(context, elements=_ELEMENTS, shortcodes=figures.SHORTCODES, allowed=PLAIN_INLINE)
    flow.run(html, autop=False)
    return "".join(flow.body.texts())


def read_footnotes(meta: str) -> dict[str, str]:
    """The notes WordPress keeps as JSON in the post's ``footnotes`` field."""
    try:
        found = json.loads(meta) if meta.strip() else []
    except ValueError:
        return {}
    return {
        note["id"]: note["content"]
        for note in (found if isinstance(found, list) else [])
        if isinstance(note, dict)
        and isinstance(note.get("id"), str)
        and isinstance(note.get("content"), str)
    }


def plain_text(html: str) -> str:
    """Text of an excerpt, a title or a description without its tags, repaired where that is certain."""
    if not html:
        return ""
    repaired, _repairs = repair_text(html)
    flow = _new_flow(Context(key=""))
    flow.run(repaired, autop=True)
    return " ".join(plain(part) for part in flow.body.texts())
