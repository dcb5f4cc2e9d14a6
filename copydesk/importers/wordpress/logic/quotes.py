"""Quotations and pull quotes; posts of other sites that were pasted as a quotation are embeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from copydesk.importers.wordpress.logic.embeds import public_url
from copydesk.importers.wordpress.logic.flow import (
    Flow,
    Handler,
    children,
    classes_of,
    paragraphs_of,
)
from copydesk.importers.wordpress.logic.prose import plain
from copydesk.importers.wordpress.logic.richtext import PLAIN_INLINE, clean_href

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from selectolax.lexbor import LexborNode

    from copydesk.importers.wordpress.logic.body import BodyBlock

#: What sites call the quotation their embedding script replaces, and where its address is.
_EMBEDS: Final = {
    "twitter-tweet": "",
    "twitter-video": "",
    "instagram-media": "data-instgrm-permalink",
    "tiktok-embed": "cite",
    "bluesky-embed": "",
    "mastodon-embed": "data-embed-url",
    "text-post-media": "data-text-post-permalink",
    "reddit-embed-bq": "",
    "reddit-card": "",
    "imgur-embed-pub": "",
    "wp-embedded-content": "",
}
_DASHES: Final = "\u2014\u2013\u2015-~ \u00a0"


def blockquote(flow: Flow, node: LexborNode) -> None:
    """A block quotation with its source, or the embed it stands for."""
    flow.flush()
    if url := _embed_url(node):
        flow.block("embed", {"url": url, "title": "", "caption": ""})
    elif "wp-block-pullquote" in classes_of(node) or _is_in_pullquote(node):
        pullquote(flow, node)
    else:
        _quotation(flow, node)


def _embed_url(node: LexborNode) -> str:
    for name in classes_of(node) & _EMBEDS.keys():
        if given := public_url(node.attributes.get(_EMBEDS[name]) or "" if _EMBEDS[name] else ""):
            return given
        links = [link.attributes.get("href") or "" for link in node.css("a[href]")]
        if links and (last := public_url(links[-1])):
            return last
    return ""


def _is_in_pullquote(node: LexborNode) -> bool:
    parent = node.parent
    return parent is not None and "wp-block-pullquote" in classes_of(parent)


def _quotation(flow: Flow, node: LexborNode) -> None:
    speaker, url = _take_source(flow, node)
    inner = flow.blocks_in(node, PLAIN_INLINE)
    text, others = _quoted_html(inner)
    if text:
        value = {"text": text, "speaker": speaker, "publication": "", "url": url, "date": None}
        flow.block("quotation", value)
    elif speaker:
        flow.body.add_text(f"<p>{_escape(speaker)}</p>")
    flow.body.extend(others)


def _take_source(flow: Flow, node: LexborNode) -> tuple[str, str]:
    """Who is quoted and where, taken out of the quotation."""
    cited = clean_href(node.attributes.get("cite") or "")
    source = _source_element(node)
    if source is None:
        return "", cited if cited.startswith("http") else ""
    link = source.css_first("a[href]")
    href = clean_href(link.attributes.get("href") or "") if link is not None else ""
    speaker = plain(flow.inline(source, frozenset())).lstrip(_DASHES)
    source.decompose()
    url = href or cited
    return speaker, url if url.startswith("http") else ""


def _source_element(node: LexborNode) -> LexborNode | None:
    """The ``<cite>`` or ``<footer>`` at the end, be it in a paragraph of its own."""
    elements = [child for child in children(node) if not (child.tag or "-").startswith("-")]
    for child in reversed(elements):
        if child.tag in {"cite", "footer"}:
            return child
        if child.tag == "p":
            return _alone_in(child)
    return None


def _alone_in(paragraph: LexborNode) -> LexborNode | None:
    cite = paragraph.css_first("cite")
    if cite is None:
        return None
    around = paragraph.text(deep=True).strip().replace(cite.text(deep=True).strip(), "", 1)
    return cite if not around.strip(_DASHES) else None


def _quoted_html(blocks: Sequence[BodyBlock]) -> tuple[str, list[BodyBlock]]:
    """What can stand in a quotation, and what has to follow it."""
    html: list[str] = []
    others: list[BodyBlock] = []
    for block in blocks:
        match block["type"]:
            case "text":
                html += block["value"]
            case "heading":
                html.append(f"<p><b>{_escape(block['value']['text'])}</b></p>")
            case "quotation":
                html.append(f"<blockquote>{block['value']['text']}</blockquote>")
                html += [f"<p>{_escape(name)}</p>" for name in [block["value"]["speaker"]] if name]
            case _:
                others.append(block)
    return "".join(html), others


def pullquote(flow: Flow, node: LexborNode) -> None:
    """A pull quote, as plain text."""
    attribution, _url = _take_source(flow, node)
    inner = flow.blocks_in(node, frozenset())
    text = " ".join(plain(part) for part in paragraphs_of(inner)).strip()
    if text:
        flow.block("pullquote", {"text": text, "attribution": attribution})
    flow.body.extend([block for block in inner if block["type"] != "text"])


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


ELEMENTS: Final[Mapping[str, Handler]] = {"blockquote": blockquote}
