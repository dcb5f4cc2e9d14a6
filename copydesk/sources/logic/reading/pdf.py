"""The text of a PDF: pages joined, running heads left out, words broken at the end of a line left as they are."""

from __future__ import annotations

import io
import logging
import re
import struct
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTTextContainer
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfminer.utils import decode_text

from copydesk.sources.logic.reading.results import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from copydesk.sources.logic.reading.claims import Claims

MAX_PAGES: Final = 500
MAX_SECONDS: Final = 12.0
MAX_BYTES: Final = 50_000_000
# A head or foot stands among so many lines at the edge of a page, on so many pages, and so large a part of them.
_EDGE_LINES: Final = 2
_OFTEN: Final = 0.5
_FEW_PAGES: Final = 3
_LINE_HEIGHT: Final = 12.0
_PROPERTIES: Final = {
    "title": "Title",
    "byline": "Author",
    "published_on": "CreationDate",
    "modified_on": "ModDate",
    "description": "Subject",
    "doi": "doi",
}
_NUMBER: Final = re.compile(r"\d+|\b[ivxlc]+\b")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_PAGE_NUMBER: Final = re.compile(r"[^\w#.,%$€£]*#(?:[^\w#.,%$€£]+#)?[^\w#.,%$€£]*")
_ENDS: Final = re.compile(r"""[.!?:;"”’»)\]]$""")
# What reading a broken file may raise inside of the library, which trusts the file's types and numbers.
BROKEN: Final = (
    PSException, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OverflowError,
    ZeroDivisionError, RecursionError, NotImplementedError, EOFError, struct.error, zlib.error,
)  # fmt: skip

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class PdfText:
    """A PDF's text, whether pages are missing at its end, and what its own properties claim."""

    text: str
    is_truncated: bool
    claims: Claims


def read_pdf(body: bytes, *, seconds: float = MAX_SECONDS, max_pages: int = MAX_PAGES) -> PdfText:
    """Return the text of the first pages, as many as `seconds` of reading allow.

    Raises:
        Unreadable: it is encrypted with a password, not a PDF after all, broken, or larger than `MAX_BYTES`.

    """
    if len(body) > MAX_BYTES:
        raise Unreadable("too_heavy", f"a PDF of {len(body)} bytes")
    claims = _claims(body)
    deadline = time.monotonic() + seconds
    pages: list[list[str]] = []
    try:
        for page in _pages(body, max_pages + 1):
            if len(pages) >= max_pages or time.monotonic() > deadline:
                return PdfText(join_pages(pages), is_truncated=True, claims=claims)
            pages.append(page)
    except BROKEN as error:
        if not pages:
            raise Unreadable("broken", f"a PDF that cannot be read: {error!r}"[:300]) from error
        return PdfText(join_pages(pages), is_truncated=True, claims=claims)
    if not pages:
        raise Unreadable("broken", "a PDF without pages")
    return PdfText(join_pages(pages), is_truncated=False, claims=claims)


def join_pages(pages: list[list[str]]) -> str:
    """Join pages, given as lines, "" between blocks; a sentence goes on over the end of a page."""
    heads = running_lines(pages)
    text = ""
    for page in pages:
        lines = _without_heads(page, heads)
        joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
        if not joined:
            continue
        goes_on = text and not _ENDS.search(text.rstrip())
        text += ("\n" if goes_on else "\n\n" if text else "") + joined
    return text


def running_lines(pages: list[list[str]]) -> set[str]:
    """Return the forms of lines, numbers aside, that stand at the edge of most pages from their first to their last.

    So the heads of chapters are found too, and those of left pages only. Rows of numbers are none.
    """
    found: dict[str, list[int]] = {}
    for number, page in enumerate(pages):
        for form in {_form(line) for line in _edges(page)}:
            found.setdefault(form, []).append(number)
    return {
        form
        for form, at in found.items()
        if len(at) >= _FEW_PAGES
        and len(at) >= _OFTEN * (at[-1] - at[0] + 1)
        and (_LETTERS.search(form) or _PAGE_NUMBER.fullmatch(form))
    }


def _edges(page: list[str]) -> list[str]:
    lines = [line for line in page if line.strip()]
    return [*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]]


def _form(line: str) -> str:
    return _NUMBER.sub("#", " ".join(line.lower().split()))


def _without_heads(page: list[str], heads: set[str]) -> list[str]:
    written = [number for number, line in enumerate(page) if line.strip()]
    edges = {*written[:_EDGE_LINES], *written[-_EDGE_LINES:]}
    return [
        line for number, line in enumerate(page) if not (number in edges and _form(line) in heads)
    ]


def _pages(body: bytes, max_pages: int) -> Iterator[list[str]]:
    for layout in extract_pages(io.BytesIO(body), maxpages=max_pages, laparams=LAParams()):
        lines: list[str] = []
        for block in _from_top_to_bottom([*_blocks(layout)]):
            lines += [line.strip() for line in block.get_text().splitlines()]
            lines.append("")
        yield lines


def _from_top_to_bottom(blocks: list[LTTextContainer[Any]]) -> list[LTTextContainer[Any]]:
    """Put the short blocks at the very top first and those at the very bottom last: a head may come after the text."""
    if not blocks:
        return blocks
    top = max(block.y1 for block in blocks)
    bottom = min(block.y0 for block in blocks)
    short = [block for block in blocks if block.get_text().count("\n") <= _EDGE_LINES]
    heads = [block for block in short if block.y1 > top - _LINE_HEIGHT]
    feet = [block for block in short if block.y0 < bottom + _LINE_HEIGHT and block not in heads]
    return [*heads, *(block for block in blocks if block not in heads and block not in feet), *feet]


def _blocks(layout: Iterable[Any]) -> Iterator[LTTextContainer[Any]]:
    for item in layout:
        if isinstance(item, LTTextContainer):
            yield item


def _claims(body: bytes) -> Claims:
    """Return what the PDF's own properties say."""
    try:
        infos = PDFDocument(PDFParser(io.BytesIO(body))).info
        stated = {
            name: [_decoded(resolve1(info.get(key))) for info in infos]
            for name, key in _PROPERTIES.items()
        }
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise Unreadable("encrypted", "a PDF that asks for a password") from error
    except BROKEN:
        return {}
    return stated | {"kind": ["digitaldocument"]}


def _decoded(value: object) -> str:
    return decode_text(value) if isinstance(value, bytes) else ""
