"""The body being built: our blocks in order, and what has to be reported about them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: A block as the body stores it: ``{"type": …, "value": …}``, with an ``id`` once it is finished.
BodyBlock: TypeAlias = dict[str, Any]

_NAMESPACE: Final = uuid.UUID("5d6c9d1c-4d1e-5b0a-9a53-0d7c1b3e8f27")
_DETAIL_LENGTH: Final = 300


class NoteKind(StrEnum):
    """What can happen to a piece of content on its way in."""

    BLOCK_DROPPED = "block_dropped"
    BLOCK_KEPT_AS_HTML = "block_kept_as_html"
    BLOCK_UNWRAPPED = "block_unwrapped"
    SHORTCODE_DROPPED = "shortcode_dropped"
    SHORTCODE_UNWRAPPED = "shortcode_unwrapped"
    ELEMENT_DROPPED = "element_dropped"
    ELEMENT_KEPT_AS_HTML = "element_kept_as_html"
    LINK_DROPPED = "link_dropped"
    FORMATTING_DROPPED = "formatting_dropped"
    PAGE_BREAK = "page_break"
    FOOTNOTE_MISSING = "footnote_missing"
    TEXT_REPAIRED = "text_repaired"


@dataclass(frozen=True, slots=True)
class Note:
    """One line for the report."""

    kind: NoteKind
    detail: str


@dataclass(frozen=True, slots=True)
class Context:
    """What the content of one post may refer to.

    ``key`` names the post: block ids are derived from it, so that the same input gives the same ids.
    """

    key: str
    footnotes: Mapping[str, str] = field(default_factory=dict)
    attached_images: Sequence[int] = ()
    reusable_blocks: Mapping[int, str] = field(default_factory=dict)


class Body:
    """Collects blocks and notes. Text that follows text joins the same block."""

    def __init__(self) -> None:
        self.blocks: list[BodyBlock] = []
        self.notes: list[Note] = []
        #: The paragraphs before ``<!--more-->``, once that was met.
        self.teaser: list[str] | None = None
        self._texts: list[str] | None = None

    def add_text(self, html: str) -> None:
        """Add a paragraph or list of rich text."""
        if not html:
            return
        if self._texts is None:
            self._texts = []
            self.blocks.append({"type": "text", "value": self._texts})
        self._texts.append(html)

    def add(self, kind: str, value: object) -> None:
        """Add a block of any other type."""
        self._texts = None
        self.blocks.append({"type": kind, "value": value})

    def break_text(self) -> None:
        """Let the next text start a block of its own."""
        self._texts = None

    def extend(self, blocks: Sequence[BodyBlock]) -> None:
        """Add blocks another body collected."""
        for block in blocks:
            if block["type"] == "text":
                for html in block["value"]:
                    self.add_text(html)
            else:
                self.add(block["type"], block["value"])

    def note(self, kind: NoteKind, detail: str) -> None:
        """Put a line on the report."""
        text = " ".join(detail.split())
        self.notes.append(Note(kind, text[:_DETAIL_LENGTH]))

    def mark_more(self) -> None:
        """Remember that what stands so far is the teaser."""
        if self.teaser is None:
            self.teaser = list(self.texts())

    def texts(self) -> Iterator[str]:
        """Every paragraph and list of rich text, in order."""
        return (html for block in self.blocks if block["type"] == "text" for html in block["value"])

    def finish(self, key: str) -> list[BodyBlock]:
        """The blocks as they are stored, each with its id."""
        return [
            _named(_joined(block), f"{key}#{number}") for number, block in enumerate(self.blocks)
        ]


def _named(block: BodyBlock, name: str) -> BodyBlock:
    named = {**block, "id": str(uuid.uuid5(_NAMESPACE, name))}
    if block["type"] == "gallery":
        # Without an id of its own Wagtail takes an item of a list for the item's value.
        images = [
            _named(image, f"{name}.{place}") for place, image in enumerate(block["value"]["images"])
        ]
        named["value"] = {**block["value"], "images": images}
    return named


def _joined(block: BodyBlock) -> BodyBlock:
    return {**block, "value": "".join(block["value"])} if block["type"] == "text" else block
