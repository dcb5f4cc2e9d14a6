"""Images, galleries, audio, video, files and embeds, each named as ``{"wp_id": 123, "url": "https://…"}``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.importers.wordpress.logic.body import NoteKind
from copydesk.importers.wordpress.logic.embeds import (
    PROVIDER_SHORTCODES,
    is_bare_url,
    public_url,
    shortcode_url,
)
from copydesk.importers.wordpress.logic.flow import (
    Flow,
    Handler,
    ShortcodeHandler,
    classes_of,
    width_of,
)
from copydesk.importers.wordpress.logic.prose import code_block, plain
from copydesk.importers.wordpress.logic.richtext import PLAIN_INLINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from copydesk.importers.wordpress.logic.shortcodes import Shortcode

Value: TypeAlias = dict[str, Any]

_IMAGE_CLASS: Final = re.compile(r"wp-image-(\d{1,18})(?:\s|$)")
_FILE: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?|heic)(?:$|\?)", re.IGNORECASE)
_AUDIO: Final = ("src", "mp3", "m4a", "ogg", "wav", "wma", "flac")
_VIDEO: Final = ("src", "mp4", "m4v", "webm", "ogv", "mov", "wmv", "flv")
_EMOJI: Final = ("s.w.org/images/core/emoji", "/wp-includes/images/smilies/")


def media_ref(url: str, wp_id: int | None = None) -> Value:
    """The name of a medium that is not ours yet."""
    address = f"https:{url}" if url.startswith("//") else url.strip()
    return {"wp_id": wp_id, "url": address}


def image_value(ref: Value, *, alt: str = "", caption: str = "") -> Value:
    return {
        "image": ref,
        "alt": alt.strip(),
        "is_decorative": False,
        "caption": caption,
        "credit": "",
    }


def image_id(node: LexborNode) -> int | None:
    """The attachment an ``<img>`` says it shows."""
    found = _IMAGE_CLASS.search(node.attributes.get("class") or "")
    number = found[1] if found else (node.attributes.get("data-id") or "")
    return int(number) if number.isdecimal() else None


def image_of(node: LexborNode, caption: str = "") -> Value | None:
    """The image an ``<img>`` shows; None when it shows nothing."""
    source = _source_of(node)
    if not source:
        return None
    alt = node.attributes.get("alt") or ""
    return image_value(media_ref(source, image_id(node)), alt=alt, caption=caption)


def _source_of(node: LexborNode) -> str:
    """The image's address; scripts that load images late keep it elsewhere."""
    for name in ("data-full-url", "data-lazy-src", "data-src", "data-orig-file", "src"):
        value = (node.attributes.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return value
    return ""


def image(flow: Flow, node: LexborNode) -> None:
    """An image in the flow of text stands for itself; an emoji is a character."""
    source = node.attributes.get("src") or ""
    if any(mark in source for mark in _EMOJI):
        flow.rich.write(node.attributes.get("alt") or "")
    elif node.attributes.get("width") == "1" and node.attributes.get("height") == "1":
        flow.note(NoteKind.ELEMENT_DROPPED, f"tracking pixel: {source}")
    elif value := image_of(node):
        _note_link(flow, node, value)
        flow.block("image", {**value, "width": width_of(node, flow.width)})
    else:
        flow.note(NoteKind.ELEMENT_DROPPED, f"image without an address: {node.html or ''}")


def _note_link(flow: Flow, node: LexborNode, value: Value) -> None:
    """A link around an image is lost, unless it only led to the image."""
    parent = node.parent
    href = (parent.attributes.get("href") or "") if parent is not None and parent.tag == "a" else ""
    if href and not _FILE.search(href) and "attachment_id=" not in href:
        flow.note(NoteKind.LINK_DROPPED, f"on image {value['image']['url']}: {href}")


def picture(flow: Flow, node: LexborNode) -> None:
    for inner in node.css("img"):
        image(flow, inner)


def figure(flow: Flow, node: LexborNode) -> None:
    """A figure is what it holds, with its caption."""
    classes = classes_of(node)
    if any("gallery" in name for name in classes) or len(node.css("img")) > 1:
        gallery(flow, node)
        return
    for selector, handler in _IN_FIGURES:
        if (inner := node.css_first(selector)) is not None:
            flow.flush()
            handler(flow, inner, node)
            inner.decompose()
            _rest_of(flow, node)
            return
    if "wp-block-embed" in classes or any(name.startswith("wp-block-embed") for name in classes):
        _embed_figure(flow, node)
        return
    flow.flush()
    flow.walk(node)
    flow.flush()


def _rest_of(flow: Flow, node: LexborNode) -> None:
    """Words of a figure that are neither its content nor its caption follow it."""
    if node.text(deep=True).strip():
        flow.flush()
        flow.walk(node)
        flow.flush()


def caption_of(flow: Flow, node: LexborNode) -> str:
    """The caption of a figure as rich text, and out of the way."""
    found = node.css_first("figcaption, .wp-caption-text")
    if found is None:
        return ""
    html = flow.inline(found, PLAIN_INLINE)
    found.decompose()
    return html


def _figure_image(flow: Flow, img: LexborNode, node: LexborNode) -> None:
    value = image_of(img, caption_of(flow, node))
    if value is None:
        flow.note(NoteKind.ELEMENT_DROPPED, f"image without an address: {node.html or ''}")
        return
    _note_link(flow, img, value)
    width = width_of(img, width_of(node, flow.width))
    flow.block("image", {**value, "width": width})


def _figure_table(flow: Flow, table: LexborNode, node: LexborNode) -> None:
    caption = caption_of(flow, node)
    before = len(flow.body.blocks)
    flow.visit(table)
    for block in flow.body.blocks[before:]:
        if block["type"] == "table" and caption:
            block["value"]["caption"] = plain(caption)
            return
    flow.body.add_text(f"<p>{caption}</p>" if caption else "")


def _figure_code(flow: Flow, pre: LexborNode, node: LexborNode) -> None:
    caption = plain(caption_of(flow, node))
    before = len(flow.body.blocks)
    code_block(flow, pre)
    if caption and len(flow.body.blocks) > before:
        flow.body.blocks[-1]["value"]["caption"] = caption


def gallery(flow: Flow, node: LexborNode) -> None:
    """All the images in the element, each with its own caption."""
    items: list[Value] = []
    for img in node.css("img"):
        frame = _frame_of(img, node)
        value = image_of(img, caption_of(flow, frame) if frame is not None else "")
        if value:
            items.append(value)
    add_gallery(flow, items, plain(caption_of(flow, node)))
    for img in node.css("img"):
        img.decompose()
    _rest_of(flow, node)


def _frame_of(img: LexborNode, outer: LexborNode) -> LexborNode | None:
    """The element around one image of a gallery, which holds its caption."""
    at = img.parent
    while at is not None and at.mem_id != outer.mem_id:
        if at.tag in {"figure", "li", "dl", "figcaption"}:
            return at
        at = at.parent
    return None


def add_gallery(flow: Flow, items: Iterable[Value], caption: str = "") -> None:
    """Add the images as a gallery; one alone is an image."""
    values = list(items)
    if len(values) == 1 and not (caption and values[0]["caption"]):
        only = {**values[0], "caption": values[0]["caption"] or _escaped(caption)}
        flow.block("image", {**only, "width": flow.width})
    elif values:
        images = [{"type": "item", "value": value} for value in values]
        flow.block("gallery", {"images": images, "caption": caption})


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# -- audio, video, frames


def _media_source(node: LexborNode) -> str:
    source = node.attributes.get("src") or ""
    inner = node.css_first("source[src]")
    return source or ((inner.attributes.get("src") or "") if inner is not None else "")


def _add_media(flow: Flow, kind: str, node: LexborNode, outer: LexborNode | None) -> None:
    caption = plain(caption_of(flow, outer)) if outer is not None else ""
    source = _media_source(node)
    if not source:
        flow.note(NoteKind.ELEMENT_DROPPED, f"{kind} without an address: {node.html or ''}")
        return
    poster = node.attributes.get("poster") if kind == "video" else None
    _note_tracks(flow, node)
    flow.block(kind, media_value(kind, media_ref(source), caption=caption, poster=poster or ""))


def media_value(kind: str, ref: Value, *, caption: str = "", poster: str = "") -> Value:
    value: Value = {"file": ref, "title": "", "caption": caption, "transcript": ""}
    if kind == "video":
        value["poster"] = media_ref(poster) if poster else None
    return value


def _note_tracks(flow: Flow, node: LexborNode) -> None:
    for track in node.css("track[src]"):
        flow.note(NoteKind.ELEMENT_DROPPED, f"subtitles: {track.attributes.get('src') or ''}")


def _figure_audio(flow: Flow, node: LexborNode, outer: LexborNode) -> None:
    _add_media(flow, "audio", node, outer)


def _figure_video(flow: Flow, node: LexborNode, outer: LexborNode) -> None:
    _add_media(flow, "video", node, outer)


def audio(flow: Flow, node: LexborNode) -> None:
    _add_media(flow, "audio", node, None)


def video(flow: Flow, node: LexborNode) -> None:
    _add_media(flow, "video", node, None)


def frame(flow: Flow, node: LexborNode) -> None:
    """A frame becomes an embed of the page it showed."""
    add_embed(flow, _frame_source(node), title=node.attributes.get("title") or "")


def _frame_source(node: LexborNode) -> str:
    """The address of an ``<iframe>``, an ``<embed>``, or what an ``<object>`` holds."""
    for name in ("src", "data-src", "data"):
        if value := (node.attributes.get(name) or "").strip():
            return value
    inner = node.css_first("embed[src], param[name=movie], iframe[src]")
    if inner is None:
        return ""
    return inner.attributes.get("src") or inner.attributes.get("value") or ""


def _figure_frame(flow: Flow, node: LexborNode, outer: LexborNode) -> None:
    title = node.attributes.get("title") or ""
    add_embed(flow, _frame_source(node), title=title, caption=plain(caption_of(flow, outer)))


def add_embed(flow: Flow, source: str, *, title: str = "", caption: str = "") -> None:
    """Add an embed, or a line to the report when there is no web address to open."""
    if url := public_url(source):
        flow.block("embed", {"url": url, "title": title.strip(), "caption": caption})
    else:
        flow.note(NoteKind.ELEMENT_DROPPED, f"embed without a web address: {source}")


def _embed_figure(flow: Flow, node: LexborNode) -> None:
    caption = plain(caption_of(flow, node))
    text = node.text(deep=True).strip()
    if is_bare_url(text):
        add_embed(flow, text, caption=caption)
    else:
        flow.walk(node)
        flow.flush()


_IN_FIGURES: Final = (
    ("iframe", _figure_frame),
    ("video", _figure_video),
    ("audio", _figure_audio),
    ("img", _figure_image),
    ("table", _figure_table),
    ("pre", _figure_code),
)

# -- shortcodes


def caption_shortcode(flow: Flow, code: Shortcode) -> None:
    """``[caption]``: an image, and words after it or in an attribute."""
    root = LexborHTMLParser(f"<body>{code.content or ''}").body
    img = root.css_first("img") if root is not None else None
    if root is None or img is None:
        flow.run_inside(code.content or "")
        return
    value = image_of(img)
    if value is None:
        flow.note(NoteKind.SHORTCODE_DROPPED, code.raw)
        return
    _note_link(flow, img, value)
    img.decompose()
    value["caption"] = flow.inline(root, PLAIN_INLINE) or _escaped(code.attrs.get("caption", ""))
    value["image"]["wp_id"] = value["image"]["wp_id"] or _number(
        code.attrs.get("id", "").removeprefix("attachment_")
    )
    flow.block("image", {**value, "width": _align_width(code.attrs.get("align", ""), flow.width)})


def _align_width(align: str, inherited: str) -> str:
    return {"alignwide": "wide", "alignfull": "full"}.get(align, inherited)


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdecimal() else None


def gallery_shortcode(flow: Flow, code: Shortcode) -> None:
    """``[gallery]``: the images named, else those uploaded to the post."""
    named = code.attrs.get("ids") or code.attrs.get("include") or ""
    numbers: Iterable[int | None] = (_number(part) for part in re.split(r"[,\s]+", named))
    if not named:
        excluded = {_number(part) for part in re.split(r"[,\s]+", code.attrs.get("exclude", ""))}
        numbers = (number for number in flow.context.attached_images if number not in excluded)
    items = [image_value(media_ref("", number)) for number in numbers if number]
    if items:
        add_gallery(flow, items)
    else:
        flow.note(NoteKind.SHORTCODE_DROPPED, f"{code.raw} (no images)")


def _media_shortcode(kind: str, names: tuple[str, ...]) -> ShortcodeHandler:
    def handle(flow: Flow, code: Shortcode) -> None:
        given = [code.attrs[name] for name in names if code.attrs.get(name)]
        source = next(iter((*given, *code.values)), "")
        if not source:
            flow.note(NoteKind.SHORTCODE_DROPPED, code.raw)
        elif public_url(source) != source and kind == "video":
            add_embed(flow, source)
        else:
            poster = code.attrs.get("poster", "")
            flow.block(kind, media_value(kind, media_ref(source), poster=poster))

    return handle


def provider_shortcode(flow: Flow, code: Shortcode) -> None:
    """``[embed]``, ``[youtube]`` and their like."""
    candidates = (code.content, *code.attrs.values(), *code.values)
    urls = (shortcode_url(code.name, text) for text in candidates if text)
    if url := next((url for url in urls if url), ""):
        flow.block("embed", {"url": url, "title": "", "caption": ""})
    else:
        flow.note(NoteKind.SHORTCODE_DROPPED, code.raw)


ELEMENTS: Final[Mapping[str, Handler]] = {
    "img": image,
    "picture": picture,
    "figure": figure,
    "audio": audio,
    "video": video,
    "iframe": frame,
    "embed": frame,
    "object": frame,
}
SHORTCODES: Final[Mapping[str, ShortcodeHandler]] = {
    "caption": caption_shortcode,
    "wp_caption": caption_shortcode,
    "gallery": gallery_shortcode,
    "audio": _media_shortcode("audio", _AUDIO),
    "video": _media_shortcode("video", _VIDEO),
    **dict.fromkeys(PROVIDER_SHORTCODES, provider_shortcode),
}
