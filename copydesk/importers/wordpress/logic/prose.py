"""Paragraphs, headings, lists, definition lists, code and rules."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

from copydesk.importers.wordpress.logic.body import BodyBlock, NoteKind
from copydesk.importers.wordpress.logic.flow import (
    Flow,
    Handler,
    children,
    classes_of,
    paragraphs_of,
)
from copydesk.importers.wordpress.logic.richtext import clean_href

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

#: Our headings go from 2 to 4: the headline is the page's first, and nobody reads six levels.
LEVELS: Final = {"h1": "2", "h2": "2", "h3": "3", "h4": "4", "h5": "4", "h6": "4"}
_LISTS: Final = frozenset({"ul", "ol", "menu", "dir"})
_LANGUAGE: Final = re.compile(r"(?:language-|lang-|brush:\s*)([A-Za-z0-9+#_-]+)")
_TAGS: Final = re.compile(r"<[^>]*>")
_ENDS: Final = re.compile(r"<br/>|</(?:p|li)>")


def paragraph(flow: Flow, node: LexborNode) -> None:
    """A paragraph."""
    flow.flush()
    flow.walk(node)
    flow.flush()


def heading(flow: Flow, node: LexborNode) -> None:
    """A heading as plain text; images in it come before it."""
    flow.flush()
    inner = flow.blocks_in(node, frozenset())
    text = " ".join(plain(part) for part in paragraphs_of(inner)).strip()
    flow.body.extend([block for block in inner if block["type"] != "text"])
    if not text:
        return
    link = node.css_first("a[href]")
    if link is not None and (href := clean_href(link.attributes.get("href") or "")):
        flow.note(NoteKind.LINK_DROPPED, f"in heading “{text}”: {href}")
    anchor = node.attributes.get("id") or ""
    flow.body.add("heading", {"text": text, "level": LEVELS[node.tag or "h2"], "anchor": anchor})


def list_(flow: Flow, node: LexborNode) -> None:
    """A list with its nested lists; what is no text in an item follows the list."""
    flow.flush()
    html, others = list_html(flow, node)
    flow.body.add_text(html)
    flow.body.extend(others)


def list_html(flow: Flow, node: LexborNode) -> tuple[str, list[BodyBlock]]:
    """A list as rich text, and the blocks that cannot be in one."""
    tag = "ol" if node.tag == "ol" else "ul"
    if tag == "ol" and {"start", "reversed", "type"} & set(node.attributes):
        flow.note(NoteKind.FORMATTING_DROPPED, "numbering of a list (start, order or type)")
    items: list[str] = []
    others: list[BodyBlock] = []
    for child in children(node):
        inner = _item_blocks(flow, child)
        others += [block for block in inner if block["type"] != "text"]
        html = _item_html(paragraphs_of(inner))
        if html and child.tag in _LISTS and items:
            items[-1] += html
        elif html:
            items.append(html)
    listed = "".join(f"<li>{html}</li>" for html in items)
    return (f"<{tag}>{listed}</{tag}>" if items else ""), others


def _item_blocks(flow: Flow, child: LexborNode) -> list[BodyBlock]:
    """What one child of a list comes to; lists in lists and words outside items are common mistakes."""
    if child.tag == "li":
        return flow.blocks_in(child)
    inner = flow.sub()
    inner.autop = flow.autop and child.tag != "-text"
    inner.visit(child)
    inner.flush()
    return inner.body.blocks


def _item_html(parts: list[str]) -> str:
    """Paragraphs of one item are parted by a line break, a nested list needs none."""
    html = ""
    for part in parts:
        is_list = part.startswith(("<ul>", "<ol>"))
        html += part if is_list or not html or html.endswith(("</ul>", "</ol>")) else f"<br/>{part}"
    return html


def definition_list(flow: Flow, node: LexborNode) -> None:
    """Terms become bold paragraphs, their definitions follow."""
    flow.flush()
    for child in children(node):
        if child.tag == "dt":
            if html := flow.inline(child, flow.rich.allowed - {"b"}):
                flow.body.add_text(f"<p><b>{html}</b></p>")
        else:
            flow.visit(child)
    flow.flush()


def preformatted(flow: Flow, node: LexborNode) -> None:
    """Verse keeps its lines as text; all else in ``<pre>`` is code."""
    if "wp-block-verse" in classes_of(node):
        verse(flow, node)
        return
    code_block(flow, node)


def verse(flow: Flow, node: LexborNode) -> None:
    """Lines of a poem: breaks between lines, paragraphs between stanzas."""
    flow.flush()
    inner = flow.sub()
    inner.autop = True
    inner.walk(node)
    inner.flush()
    flow.body.extend(inner.body.blocks)


def code_block(flow: Flow, node: LexborNode) -> None:
    """A listing, as the characters it consists of."""
    for line_break in node.css("br"):
        line_break.replace_with("\n")
    text = node.text(deep=True).strip("\n")
    if not text.strip():
        return
    if node.css_first("b, strong, i, em, a, mark, del"):
        flow.note(NoteKind.FORMATTING_DROPPED, f"in code: {text[:80]}")
    flow.block("code", {"language": _language(node), "code": text, "caption": ""})


def _language(node: LexborNode) -> str:
    inner = node.css_first("code")
    named = " ".join(
        value
        for part in (node, inner)
        if part is not None
        for key in ("class", "lang", "data-language")
        if (value := part.attributes.get(key))
    )
    found = _LANGUAGE.search(named)
    return found[1].lower() if found else ""


def inline_code(flow: Flow, node: LexborNode) -> None:
    """``<code>`` over several lines in the classic editor is a listing."""
    if flow.autop and "code" in flow.rich.allowed and "\n" in node.text(deep=True).strip():
        code_block(flow, node)
        return
    _as_code(flow, node)


def _as_code(flow: Flow, node: LexborNode) -> None:
    if "code" not in flow.rich.allowed or flow.rich.is_open("code"):
        flow.walk(node)
        return
    flow.rich.open("code")
    flow.walk(node)
    flow.rich.close()


def rule(flow: Flow, node: LexborNode) -> None:
    """A line between sections."""
    del node
    flow.block("divider", None)


def page_break(flow: Flow, node: LexborNode) -> None:
    """``<!--nextpage-->``: our articles have one page, so the break shows as a divider."""
    flow.note(NoteKind.PAGE_BREAK, "an article is one page here; a divider marks the break")
    rule(flow, node)


def more(flow: Flow, node: LexborNode) -> None:
    """``<!--more-->``: nothing to show, but what stands before it is the teaser."""
    del node
    flow.flush()
    flow.body.mark_more()


def details(flow: Flow, node: LexborNode) -> None:
    """A disclosure keeps its HTML: we have no block that folds."""
    flow.note(NoteKind.ELEMENT_KEPT_AS_HTML, "<details>")
    flow.block("html", {"html": node.html or "", "origin": "details"})


def plain(html: str) -> str:
    """Rich text without its tags, as the characters it shows."""
    return " ".join(unescape(_TAGS.sub("", _ENDS.sub(" ", html))).split())


ELEMENTS: Final[Mapping[str, Handler]] = {
    "p": paragraph,
    **dict.fromkeys(LEVELS, heading),
    "ul": list_,
    "ol": list_,
    "menu": list_,
    "dir": list_,
    "dl": definition_list,
    "pre": preformatted,
    "xmp": code_block,
    "listing": code_block,
    "code": inline_code,
    "hr": rule,
    "details": details,
    "cd-more": more,
    "cd-nextpage": page_break,
}
