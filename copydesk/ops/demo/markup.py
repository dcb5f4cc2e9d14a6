"""A manuscript's parts as the stored values of an article's blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from copydesk.ops.demo.manuscript import Manuscript, Part

MARKDOWN = MarkdownIt("commonmark", {"html": False})
LINK = re.compile(r'<a href="(page|document):([\w-]+)">')
REFERENCE = re.compile(r"\[\^(\w+)\]")
# Wagtail's own names for bold and italic.
PLAIN_TAGS = {"<strong>": "<b>", "</strong>": "</b>", "<em>": "<i>", "</em>": "</i>"}


@dataclass(frozen=True)
class Shelf:
    """What manuscripts refer to by name, and its ids."""

    pages: Mapping[str, int]
    pictures: Mapping[str, int]
    files: Mapping[str, int]
    sources: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Typesetter:
    """Turns one manuscript into blocks."""

    manuscript: Manuscript
    shelf: Shelf

    def body(self) -> list[dict[str, Any]]:
        """Return the blocks, each with an id that stays the same from load to load."""
        return [self._block(number, part) for number, part in enumerate(self.manuscript.parts)]

    def rich_text(self, markdown: str) -> str:
        """Return Markdown as Wagtail stores rich text."""
        html = LINK.sub(self._link, MARKDOWN.render(markdown).strip())
        for tag, plain in PLAIN_TAGS.items():
            html = html.replace(tag, plain)
        return REFERENCE.sub(lambda match: self._reference(match[1]), html)

    def inline(self, markdown: str) -> str:
        """Return a line of Markdown as rich text, with no paragraph where it is empty."""
        return self.rich_text(markdown) if markdown else ""

    def note_id(self, name: str) -> UUID:
        """Return the id of a footnote."""
        return self._uuid(f"note/{name}")

    def _uuid(self, name: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"demo/{self.manuscript.slug}/{name}")

    def _block(self, number: int, part: Part) -> dict[str, Any]:
        value = getattr(self, f"_{part.name}")(part)
        return {"type": part.name, "value": value, "id": str(self._uuid(f"block/{number}"))}

    def _link(self, match: re.Match[str]) -> str:
        kind, name = match[1], match[2]
        ids = self.shelf.pages if kind == "page" else self.shelf.files
        return f'<a linktype="{kind}" id="{ids[name]}">'

    def _reference(self, name: str) -> str:
        identity = self.note_id(name)
        return f'<footnote id="{identity}">{str(identity)[:6]}</footnote>'

    def _text(self, part: Part) -> str:
        return self.rich_text(part.text)

    def _heading(self, part: Part) -> dict[str, str]:
        return dict(part.fields)

    def _divider(self, part: Part) -> None:
        """A line has no value."""

    _preview_end = _divider

    def _quotation(self, part: Part) -> dict[str, Any]:
        empty = {"speaker": "", "publication": "", "url": "", "date": None}
        source = self.shelf.sources.get(part.fields.get("source", ""))
        return {**empty, **part.fields, "source": source, "text": self.rich_text(part.text)}

    def _pullquote(self, part: Part) -> dict[str, str]:
        return {"text": part.text, "attribution": part.fields.get("attribution", "")}

    def _picture(self, fields: Mapping[str, str]) -> dict[str, Any]:
        return {
            "image": self.shelf.pictures[fields["picture"]],
            "alt": fields.get("alt", ""),
            "is_decorative": fields.get("decorative") == "yes",
            "caption": self.inline(fields.get("caption", "")),
            "credit": fields.get("credit", ""),
        }

    def _image(self, part: Part) -> dict[str, Any]:
        return {**self._picture(part.fields), "width": part.fields.get("width", "text")}

    def _gallery(self, part: Part) -> dict[str, Any]:
        """Each line of the text is `picture: caption`."""
        items = []
        for number, line in enumerate(part.text.splitlines()):
            name, _, caption = line.partition(": ")
            value = self._picture({"picture": name, "caption": caption})
            identity = self._uuid(f"gallery/{name}/{number}")
            items.append({"type": "item", "value": value, "id": str(identity)})
        return {"images": items, "caption": part.fields.get("caption", "")}

    def _table(self, part: Part) -> dict[str, Any]:
        """Each line of the text is a row of cells between bars; the first names the columns."""
        heading, *rows = [_cells(line) for line in part.text.splitlines()]
        table = {
            "columns": [{"type": "text", "heading": name} for name in heading],
            "rows": [{"values": [self.inline(cell) for cell in row]} for row in rows],
            "caption": "",
        }
        is_named = part.fields.get("rows") == "named"
        return {
            "caption": part.fields.get("caption", ""),
            "table": table,
            "has_header_column": is_named,
        }

    def _code(self, part: Part) -> dict[str, str]:
        return {
            "language": part.fields["language"],
            "code": part.text,
            "caption": part.fields.get("caption", ""),
        }

    def _callout(self, part: Part) -> dict[str, str]:
        title = part.fields.get("title", "")
        return {"kind": part.fields["kind"], "title": title, "text": self.rich_text(part.text)}

    def _embed(self, part: Part) -> dict[str, str]:
        return {"title": "", "caption": "", **part.fields}

    def _audio(self, part: Part) -> dict[str, Any]:
        return {
            "file": self.shelf.files[part.fields["file"]],
            "title": part.fields.get("title", ""),
            "caption": part.fields.get("caption", ""),
            "transcript": self.inline(part.text),
        }

    def _video(self, part: Part) -> dict[str, Any]:
        return {
            **self._audio(part),
            "poster": self.shelf.pictures.get(part.fields.get("poster", "")),
        }

    def _file(self, part: Part) -> dict[str, Any]:
        return {
            "file": self.shelf.files[part.fields["file"]],
            "label": part.fields.get("label", ""),
        }


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
