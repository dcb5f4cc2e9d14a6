"""Walk HTML and turn it into body blocks.

One walk serves both editors. For the classic editor's content (``autop``) blank lines end paragraphs
and newlines are line breaks, as WordPress does when it shows a post; for block markup they are spaces.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.importers.wordpress.logic.body import Body, BodyBlock, Context, NoteKind
from copydesk.importers.wordpress.logic.embeds import is_embeddable, public_url
from copydesk.importers.wordpress.logic.richtext import BODY_INLINE, TAGS, RichText, clean_href
from copydesk.importers.wordpress.logic.shortcodes import Shortcode, mark_shortcodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Handler: TypeAlias = "Callable[[Flow, LexborNode], None]"
ShortcodeHandler: TypeAlias = "Callable[[Flow, Shortcode], None]"

#: Deeper nesting than any editor makes: what lies below is taken as plain text.
MAX_DEPTH: Final = 120

CONTAINERS: Final = frozenset({
    "address", "article", "aside", "body", "center", "dd", "div", "fieldset", "figcaption",
    "footer", "form", "header", "hgroup", "li", "main", "nav", "ol", "p", "section", "td", "th",
    "tr", "tbody", "thead", "tfoot", "table", "ul", "summary", "html",
})  # fmt: skip
_DROPPED_SILENTLY: Final = frozenset({
    "head", "link", "meta", "noscript", "rp", "rt", "style", "template", "title", "wbr", "col",
    "colgroup",
})  # fmt: skip
_DROPPED: Final = frozenset({
    "applet", "button", "canvas", "frame", "frameset", "input", "map", "object", "param",
    "script", "select", "svg", "textarea",
})  # fmt: skip
_PARAGRAPH_BREAK: Final = re.compile(r"\n[ \t\r\f]*\n\s*")


class Flow:
    """Walks nodes, gathers inline content into paragraphs, and hands block elements to their handlers."""

    def __init__(
        self,
        context: Context,
        *,
        elements: Mapping[str, Handler],
        shortcodes: Mapping[str, ShortcodeHandler],
        allowed: frozenset[str] = BODY_INLINE,
    ) -> None:
        self.context = context
        self.elements = elements
        self.shortcode_handlers = shortcodes
        self.body = Body()
        self.rich = RichText(allowed)
        self.width = "text"
        self.depth = 0
        self.autop = False
        self.is_top = True
        self._shortcodes: list[Shortcode] = []

    # -- entry points

    def run(self, html: str, *, autop: bool) -> None:
        """Walk a piece of HTML; paragraphs do not reach across two pieces."""
        marked, self._shortcodes = mark_shortcodes(html)
        before, self.autop = self.autop, autop
        root = LexborHTMLParser(f"<body>{marked}").body
        if root is not None:
            self.walk(root)
        self.flush()
        self.autop = before

    def sub(self, allowed: frozenset[str] | None = None) -> Flow:
        """A flow with a body of its own, for what stands inside a quotation, a list or a cell."""
        inner = Flow(
            self.context,
            elements=self.elements,
            shortcodes=self.shortcode_handlers,
            allowed=self.rich.allowed if allowed is None else allowed,
        )
        inner.width, inner.depth, inner.autop = self.width, self.depth, self.autop
        inner.is_top = False
        inner._shortcodes = self._shortcodes
        inner.body.notes = self.body.notes
        return inner

    def blocks_in(self, node: LexborNode, allowed: frozenset[str] | None = None) -> list[BodyBlock]:
        """What the node's content comes to by itself."""
        inner = self.sub(allowed)
        inner.walk(node)
        inner.flush()
        return inner.body.blocks

    def inline(self, node: LexborNode, allowed: frozenset[str]) -> str:
        """The node's content as one line of rich text; blocks inside it are left to the caller."""
        return "<br/>".join(paragraphs_of(self.blocks_in(node, allowed)))

    # -- the walk

    def walk(self, node: LexborNode) -> None:
        self.depth += 1
        for child in children(node):
            self.visit(child)
        self.depth -= 1

    def visit(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
        elif self.depth > MAX_DEPTH:
            self._text(node.text(deep=True))
        elif tag == "br":
            self._line_break()
        elif handler := self.elements.get(tag):
            handler(self, node)
        elif tag == "cd-shortcode":
            self._shortcode(node)
        elif not tag.startswith("-"):
            self._element(tag, node)

    def flush(self) -> None:
        """End the paragraph; one that is only the address of a known site is an embed."""
        html = self.rich.take()
        if self.is_top and html.startswith("http") and is_embeddable(url := unescape(html)):
            self.body.add("embed", {"url": public_url(url), "title": "", "caption": ""})
        elif html:
            self.body.add_text(f"<p>{html}</p>")

    def block(self, kind: str, value: object) -> None:
        """End the paragraph and add a block."""
        self.flush()
        self.body.add(kind, value)

    def note(self, kind: NoteKind, detail: str) -> None:
        self.body.note(kind, detail)

    def _text(self, text: str) -> None:
        if not self.autop:
            self.rich.write(text)
            return
        for number, paragraph in enumerate(_PARAGRAPH_BREAK.split(text)):
            if number:
                self.flush()
            for line_number, line in enumerate(paragraph.split("\n")):
                if line_number:
                    self._line_break()
                self.rich.write(line)

    def _line_break(self) -> None:
        if not self.rich.line_break():
            self.flush()

    def _element(self, tag: str, node: LexborNode) -> None:
        if tag in TAGS:
            self._inline(TAGS[tag], node)
        elif tag in CONTAINERS:
            self._container(node)
        elif tag in _DROPPED:
            self.note(NoteKind.ELEMENT_DROPPED, f"<{tag}>: {node.html or ''}")
        elif tag == "q":
            self.rich.write("\u201c")
            self.walk(node)
            self.rich.write("\u201d")
        elif tag not in _DROPPED_SILENTLY:
            self.walk(node)

    def _container(self, node: LexborNode) -> None:
        before, self.width = self.width, width_of(node, self.width)
        self.flush()
        self.walk(node)
        self.flush()
        self.width = before

    def _inline(self, tag: str, node: LexborNode) -> None:
        if tag == "sup" and (reference := node.attributes.get("data-fn")):
            self._footnote(reference)
            return
        attrs = self._link_attrs(node) if tag == "a" else ""
        if tag not in self.rich.allowed or self.rich.is_open(tag) or (tag == "a" and not attrs):
            self.walk(node)
            return
        self.rich.open(tag, attrs)
        self.walk(node)
        self.rich.close()

    def _link_attrs(self, node: LexborNode) -> str:
        raw = node.attributes.get("href") or ""
        href = clean_href(raw)
        if raw.strip() not in {"", "#"} and not href:
            self.note(NoteKind.LINK_DROPPED, raw)
        return f' href="{quote_attr(href)}"' if href else ""

    def _footnote(self, reference: str) -> None:
        if reference in self.context.footnotes and "footnote" in self.rich.allowed:
            short = quote_attr(reference[:6])
            self.rich.write_html(f'<footnote id="{quote_attr(reference)}">{short}</footnote>')
        else:
            self.note(NoteKind.FOOTNOTE_MISSING, reference)

    def _shortcode(self, node: LexborNode) -> None:
        number = node.attributes.get("data-n") or ""
        if not number.isdecimal() or int(number) >= len(self._shortcodes):
            return
        code = self._shortcodes[int(number)]
        if handler := self.shortcode_handlers.get(code.name):
            handler(self, code)
        elif code.content is None:
            self.note(NoteKind.SHORTCODE_DROPPED, code.raw)
        else:
            self.note(NoteKind.SHORTCODE_UNWRAPPED, code.opening)
            self.run_inside(code.content)

    def run_inside(self, html: str) -> None:
        """Walk HTML that a shortcode enclosed, in the place where the shortcode stood."""
        outer = self._shortcodes
        self.depth += 10
        if self.depth > MAX_DEPTH:
            self._text(html)
        else:
            marked, self._shortcodes = mark_shortcodes(html)
            root = LexborHTMLParser(f"<body>{marked}").body
            if root is not None:
                self.walk(root)
        self.depth -= 10
        self._shortcodes = outer


def children(node: LexborNode) -> Iterator[LexborNode]:
    """Child nodes with their texts."""
    child = node.first_child
    while child is not None:
        following = child.next
        yield child
        child = following


def quote_attr(text: str) -> str:
    """Text for a double-quoted attribute."""
    return (
        text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    )


def classes_of(node: LexborNode) -> frozenset[str]:
    return frozenset((node.attributes.get("class") or "").split())


def width_of(node: LexborNode, inherited: str = "text") -> str:
    """The width an element's alignment asks for."""
    classes = classes_of(node)
    if "alignfull" in classes:
        return "full"
    return "wide" if "alignwide" in classes else inherited


def paragraphs_of(blocks: list[BodyBlock]) -> list[str]:
    """The paragraphs among the blocks' texts, without their ``<p>``; lists stay as they are."""
    texts = (html for block in blocks if block["type"] == "text" for html in block["value"])
    return [html.removeprefix("<p>").removesuffix("</p>") for html in texts]
