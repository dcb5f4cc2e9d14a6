"""Tables: plain grids become ours, all others keep their HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from copydesk.importers.wordpress.logic.body import NoteKind
from copydesk.importers.wordpress.logic.flow import Flow, Handler, paragraphs_of
from copydesk.importers.wordpress.logic.prose import plain
from copydesk.importers.wordpress.logic.richtext import PLAIN_INLINE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

#: What our grid cannot hold.
_TOO_RICH: Final = (
    "tr table, img, iframe, video, audio, pre, blockquote, ul, ol, figure, cd-shortcode,"
    " h1, h2, h3, h4, h5, h6"
)
_MAX_COLUMNS: Final = 20


def table(flow: Flow, node: LexborNode) -> None:
    """A table of text with one header row at most."""
    flow.flush()
    rows = node.css("tr")
    if not rows or not node.text(deep=True).strip():
        flow.walk(node)
        flow.flush()
        return
    if reason := _why_not_a_grid(node, rows):
        flow.note(NoteKind.ELEMENT_KEPT_AS_HTML, f"<table>: {reason}")
        flow.block("html", {"html": node.html or "", "origin": "table"})
        return
    flow.block("table", _grid(flow, node, rows))


def _why_not_a_grid(node: LexborNode, rows: list[LexborNode]) -> str:
    cells = node.css("td, th")
    if any(
        (cell.attributes.get(name) or "1") != "1"
        for cell in cells
        for name in ("colspan", "rowspan")
    ):
        return "joined cells"
    if node.css_first(_TOO_RICH):
        return "cells with more than text"
    if len(node.css("thead tr")) > 1:
        return "several header rows"
    if max(len(_cells(row)) for row in rows) > _MAX_COLUMNS:
        return "too many columns"
    return ""


def _cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in {"td", "th"}]


def _grid(flow: Flow, node: LexborNode, rows: list[LexborNode]) -> dict[str, Any]:
    caption = node.css_first("caption")
    title = plain(flow.inline(caption, frozenset())) if caption is not None else ""
    head, body = _split_header(node, rows)
    width = max(len(_cells(row)) for row in rows)
    headings = [plain(_cell_html(flow, cell)) for cell in _cells(head)] if head is not None else []
    values = [[_cell_html(flow, cell) for cell in _cells(row)] for row in body]
    return {
        "caption": title,
        "table": {
            "columns": [{"type": "text", "heading": text} for text in _padded(headings, width)],
            "rows": [{"values": _padded(row, width)} for row in values],
            "caption": "",
        },
        "has_header_column": bool(body) and all(_starts_with_header(row) for row in body),
    }


def _split_header(
    node: LexborNode, rows: list[LexborNode]
) -> tuple[LexborNode | None, list[LexborNode]]:
    """The header row (the one in ``<thead>``, or a first row of ``<th>`` only) and the others."""
    marked = node.css_first("thead tr")
    first = rows[0]
    is_header = all(cell.tag == "th" for cell in _cells(first)) and len(rows) > 1
    if marked is None and not is_header:
        return None, rows
    head = marked if marked is not None else first
    return head, [row for row in rows if row.mem_id != head.mem_id]


def _starts_with_header(row: LexborNode) -> bool:
    cells = _cells(row)
    return bool(cells) and cells[0].tag == "th"


def _cell_html(flow: Flow, cell: LexborNode) -> str:
    """A cell as one paragraph of rich text."""
    html = "<br/>".join(paragraphs_of(flow.blocks_in(cell, PLAIN_INLINE)))
    return f"<p>{html}</p>" if html else ""


def _padded(values: list[str], width: int) -> list[str]:
    return values + [""] * (width - len(values))


ELEMENTS: Final[Mapping[str, Handler]] = {"table": table}
