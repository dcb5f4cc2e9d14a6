"""What each kind of WordPress block becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.importers.wordpress.logic.blocks import CLASSIC, Block, parse_blocks
from copydesk.importers.wordpress.logic.body import BodyBlock, NoteKind
from copydesk.importers.wordpress.logic.embeds import public_url
from copydesk.importers.wordpress.logic.figures import (
    add_embed,
    caption_of,
    image_value,
    media_ref,
)
from copydesk.importers.wordpress.logic.flow import Flow, children
from copydesk.importers.wordpress.logic.prose import plain, verse
from copydesk.importers.wordpress.logic.quotes import pullquote

BlockHandler: TypeAlias = Callable[[Flow, Block], None]

#: Blocks that WordPress fills in when it shows a page, or that belong to the theme.
_DYNAMIC: Final = frozenset({
    "archives", "avatar", "block-navigation", "breadcrumbs", "calendar", "categories",
    "cover-template", "comment-author-avatar", "comment-author-name", "comment-content",
    "comment-date", "comment-edit-link", "comment-reply-link", "comment-template", "comments",
    "comments-pagination", "comments-pagination-next", "comments-pagination-numbers",
    "comments-pagination-previous", "comments-query-loop", "comments-title", "home-link",
    "latest-comments", "latest-posts", "legacy-widget", "loginout", "navigation",
    "navigation-link", "navigation-submenu", "page-list", "page-list-item", "pattern",
    "post-author", "post-author-biography", "post-author-name", "post-comment", "post-comments",
    "post-comments-count", "post-comments-form", "post-comments-link", "post-content",
    "post-date", "post-excerpt", "post-featured-image", "post-navigation-link", "post-template",
    "post-terms", "post-time-to-read", "post-title", "query", "query-no-results",
    "query-pagination", "query-pagination-next", "query-pagination-numbers",
    "query-pagination-previous", "query-title", "query-total", "read-more", "rss", "search",
    "site-logo", "site-tagline", "site-title", "social-link", "social-links",
    "table-of-contents", "tag-cloud", "template-part", "term-description", "widget-area",
    "widget-group",
})  # fmt: skip
_CONTAINERS: Final = frozenset({
    "accordion", "accordion-heading", "accordion-item", "accordion-panel", "buttons", "column",
    "columns", "cover", "cover-image", "group", "media-text", "missing", "row", "section",
    "stack", "tab", "tabs", "text-columns",
})  # fmt: skip
#: Blocks whose whole HTML, inner blocks and all, says what they are.
_BY_HTML: Final = frozenset({
    "paragraph", "heading", "list", "list-item", "quote", "pullquote", "image", "table", "code",
    "preformatted", "separator", "audio", "video", "details", "gallery", "subhead",
})  # fmt: skip
_SILENT: Final = frozenset({"core/spacer", "core/footnotes"})
#: What a custom HTML block may hold for us to read it like an article; anything else is kept as it is.
_PLAIN_TAGS: Final = frozenset({
    "a", "abbr", "b", "blockquote", "br", "cite", "code", "del", "em", "figcaption", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "iframe", "img", "li", "ol", "p", "pre", "q",
    "s", "script", "small", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul", "video", "audio", "source",
})  # fmt: skip
_BACKGROUND: Final = re.compile(r"background-image:\s*url\(\s*['\"]?([^'\")]+)")


def convert_blocks(flow: Flow, blocks: list[Block]) -> None:
    """Put each block into the body."""
    for block in blocks:
        convert_block(flow, block)


def convert_block(flow: Flow, block: Block) -> None:
    """Put one block, with all that is in it, into the body."""
    name = block.name.removeprefix("core/")
    if handler := _SPECIAL.get(block.name):
        handler(flow, block)
    elif block.name.startswith("core-embed/"):
        _embed(flow, block)
    elif block.name in _SILENT:
        return
    elif name in _BY_HTML:
        _by_html(flow, block)
    elif name in _CONTAINERS:
        _container(flow, block)
    elif name in _DYNAMIC:
        flow.note(NoteKind.BLOCK_DROPPED, f"{block.name}: shown by WordPress itself")
    else:
        _unknown(flow, block)


def _by_html(flow: Flow, block: Block) -> None:
    """The HTML is enough; attributes add what it may lack."""
    before = len(flow.body.blocks)
    flow.run(block.full_html(), autop=False)
    _add_attrs(flow.body.blocks[before:], block)


def _add_attrs(made: list[BodyBlock], block: Block) -> None:
    """The attachment and the anchor are named in the block's attributes even where the HTML is not."""
    number, anchor = block.attrs.get("id"), block.attrs.get("anchor")
    for made_block in made:
        value = made_block["value"]
        if made_block["type"] == "image" and not value["image"]["wp_id"] and _is_id(number):
            value["image"]["wp_id"] = number
        if made_block["type"] in {"audio", "video"} and _is_id(number):
            value["file"]["wp_id"] = number
        if made_block["type"] == "heading" and isinstance(anchor, str) and not value["anchor"]:
            value["anchor"] = anchor


def _is_id(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number > 0


def _container(flow: Flow, block: Block) -> None:
    """Take the inner blocks in order; our pages have one column."""
    before = flow.width
    align = block.attrs.get("align")
    flow.width = align if align in {"wide", "full"} else flow.width
    made = len(flow.body.blocks)
    for part in block.parts:
        if isinstance(part, Block):
            convert_block(flow, part)
        elif _shows_something(part):
            flow.run(part, autop=False)
    _add_background(flow, block, made)
    flow.width = before


def _shows_something(html: str) -> bool:
    return "<img" in html or "<video" in html or bool(plain(html))


def _add_background(flow: Flow, block: Block, made: int) -> None:
    """A cover may name its image only in its attributes or its style."""
    styled = _BACKGROUND.search(block.own_html())
    url = block.attrs.get("url") or (styled[1] if styled else "")
    is_cover = block.name in {"core/cover", "core/cover-image"}
    has_media = any(b["type"] in {"image", "video"} for b in flow.body.blocks[made:])
    if not (is_cover and isinstance(url, str) and url) or has_media:
        return
    number = block.attrs.get("id")
    value = image_value(media_ref(url, number if isinstance(number, int) else None))
    flow.body.blocks.insert(made, {"type": "image", "value": {**value, "width": flow.width}})
    flow.body.break_text()


def _unknown(flow: Flow, block: Block) -> None:
    """A plugin's block: its inner blocks if it has any, else its HTML as it is."""
    html = block.full_html()
    if block.children:
        flow.note(NoteKind.BLOCK_UNWRAPPED, block.name)
        _container(flow, block)
    elif _shows_something(html) or "<iframe" in html:
        flow.note(NoteKind.BLOCK_KEPT_AS_HTML, block.name)
        flow.block("html", {"html": html.strip(), "origin": block.name})
    else:
        flow.note(NoteKind.BLOCK_DROPPED, f"{block.name}: holds nothing but settings")


def _classic(flow: Flow, block: Block) -> None:
    flow.run(mark_breaks(block.full_html()), autop=True)


def mark_breaks(html: str) -> str:
    """Make elements of the comments that divide a post, so that they are found in the walk."""
    html = _MORE.sub("\n\n<cd-more></cd-more>\n\n", html)
    return _NEXT_PAGE.sub("\n\n<cd-nextpage></cd-nextpage>\n\n", html)


_MORE: Final = re.compile(r"<!--more.{0,200}?-->")
_NEXT_PAGE: Final = re.compile(r"<!--\s*nextpage\s*-->")


def _more(flow: Flow, block: Block) -> None:
    del block
    flow.flush()
    flow.body.mark_more()


def _nextpage(flow: Flow, block: Block) -> None:
    del block
    flow.run("<cd-nextpage></cd-nextpage>", autop=False)


def _embed(flow: Flow, block: Block) -> None:
    """An embed of any provider."""
    url = block.attrs.get("url")
    root = _parse(block.full_html())
    caption = plain(caption_of(flow, root)) if root is not None else ""
    if isinstance(url, str) and public_url(url):
        add_embed(flow, url, caption=caption)
    elif root is not None and root.text(deep=True).strip():
        add_embed(flow, root.text(deep=True).strip(), caption=caption)
    else:
        flow.note(NoteKind.BLOCK_DROPPED, f"{block.name}: no address")


def _file(flow: Flow, block: Block) -> None:
    """A file to download, under the words of its link."""
    root = _parse(block.full_html())
    link = root.css_first("a[href]:not(.wp-block-file__button)") if root is not None else None
    href = block.attrs.get("href") or (link.attributes.get("href") if link is not None else "")
    if not isinstance(href, str) or not href:
        flow.note(NoteKind.BLOCK_DROPPED, "core/file: no address")
        return
    number = block.attrs.get("id")
    label = link.text(deep=True).strip() if link is not None else ""
    ref = media_ref(href, number if isinstance(number, int) else None)
    flow.block("file", {"file": ref, "label": label or href.rpartition("/")[2]})


def _button(flow: Flow, block: Block) -> None:
    """A button becomes a paragraph with its link."""
    before = len(flow.body.blocks)
    flow.run(block.full_html(), autop=False)
    root = _parse(block.full_html())
    if root is not None and not root.css_first("a[href]") and len(flow.body.blocks) >= before:
        flow.note(NoteKind.BLOCK_UNWRAPPED, f"core/button without a link: {root.text(deep=True)}")


def _verse(flow: Flow, block: Block) -> None:
    root = _parse(block.full_html())
    if root is not None:
        verse(flow, root.css_first("pre") or root)


def _pullquote(flow: Flow, block: Block) -> None:
    root = _parse(block.full_html())
    inner = root.css_first("blockquote") if root is not None else None
    if inner is not None:
        pullquote(flow, inner)
    else:
        _by_html(flow, block)


def _html(flow: Flow, block: Block) -> None:
    """Custom HTML: read like an article when that loses nothing, else kept."""
    html = block.full_html()
    root = _parse(html)
    if root is None or not html.strip():
        return
    if _is_plain(root):
        flow.run(html, autop=False)
    else:
        flow.note(NoteKind.BLOCK_KEPT_AS_HTML, block.name)
        flow.block("html", {"html": html.strip(), "origin": block.name})


def _is_plain(node: LexborNode, depth: int = 0) -> bool:
    """Whether there are only elements that have their like among our blocks."""
    if depth > 50:
        return False
    for child in children(node):
        tag = child.tag or ""
        if tag.startswith("-"):
            continue
        if tag not in _PLAIN_TAGS or "style" in child.attributes or not _is_plain(child, depth + 1):
            return False
    return True


def _reusable(flow: Flow, block: Block) -> None:
    """A synced pattern: its content at the time of the export."""
    number = block.attrs.get("ref")
    content = flow.context.reusable_blocks.get(number) if isinstance(number, int) else None
    if content is None or flow.depth > _REUSE_DEPTH:
        flow.note(NoteKind.BLOCK_DROPPED, f"core/block: pattern {number} is not in the export")
        return
    flow.depth += 1
    convert_blocks(flow, parse_blocks(content))
    flow.depth -= 1


_REUSE_DEPTH: Final = 8


def _markdown(flow: Flow, block: Block) -> None:
    flow.run(block.full_html(), autop=False)


def _parse(html: str) -> LexborNode | None:
    return LexborHTMLParser(f"<body>{html}").body


_SPECIAL: Final[Mapping[str, BlockHandler]] = {
    CLASSIC: _classic,
    "core/classic": _classic,
    "core/shortcode": _classic,
    "core/more": _more,
    "core/nextpage": _nextpage,
    "core/embed": _embed,
    "core/file": _file,
    "core/button": _button,
    "core/verse": _verse,
    "core/pullquote": _pullquote,
    "core/html": _html,
    "core/block": _reusable,
    "jetpack/markdown": _markdown,
    "syntaxhighlighter/code": _by_html,
    "jetpack/tiled-gallery": _by_html,
    "jetpack/slideshow": _by_html,
}
