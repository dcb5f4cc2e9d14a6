"""A body becomes HTML and plain text: once, when it is published, and for each preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from copydesk.editorial.logic.body import (
    Footnotes,
    Labels,
    measure,
    unique_anchors,
)
from copydesk.editorial.logic.places import marker
from copydesk.kit.html import plain_text
from copydesk.kit.ids import make_slug

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue

    from copydesk.editorial.models import Article, StaticPage


@dataclass(frozen=True)
class RenderedBody:
    """A body as readers get it, and the part of it that everybody may read."""

    html: str
    text: str
    preview_html: str
    preview_text: str
    word_count: int
    reading_minutes: int


def render_body(page: Article | StaticPage, *, language: str = "") -> RenderedBody:
    """Render the body of `page` in `language` ("" for the publication's own).

    Footnotes are numbered through the whole; the preview is what stands before the public-preview divider,
    with its own footnotes, and is empty where there is no divider.
    """
    with translation.override(language or settings.LANGUAGE_CODE):
        parts = _render_parts(page.body)
        notes = {str(note.uuid): expand_db_html(note.text) for note in page.footnotes.all()}
        html = _with_footnotes(_whole(parts), notes)
        preview = _with_footnotes(parts[0], notes) if len(parts) > 1 else ""
    text = plain_text(html)
    length = measure(text)
    return RenderedBody(
        html=html,
        text=text,
        preview_html=preview,
        preview_text=plain_text(preview),
        word_count=length.word_count,
        reading_minutes=length.reading_minutes,
    )


def _render_parts(body: StreamValue) -> list[str]:
    """Return the HTML before and after the public-preview divider (one part where there is none)."""
    headings = [child for child in body if child.block_type == "heading"]
    wanted = [
        child.value["anchor"] or make_slug(child.value["text"], fallback="section")
        for child in headings
    ]
    anchors = dict(zip((id(child) for child in headings), unique_anchors(wanted), strict=True))
    parts = [""]
    for child in body:
        if child.block_type == "preview_end":
            parts.append("")
        else:
            context = {"anchor": anchors.get(id(child), ""), "block_id": child.id or ""}
            html = str(child.render(context=context)).strip()
            parts[-1] += (marker(child.id) if html else "") + html + "\n"
    return parts


def _whole(parts: list[str]) -> str:
    # Search engines are told by this class which part is for some only: see logic/jsonld.py.
    return parts[0] + "".join(f'<div class="gated">{part}</div>' for part in parts[1:])


def _with_footnotes(html: str, notes: dict[str, str]) -> str:
    footnotes = Footnotes(notes)
    numbered = footnotes.number(html)
    return numbered + footnotes.section(Labels(section=_("Footnotes"), back=_("Back to reference")))
