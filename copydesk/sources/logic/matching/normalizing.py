"""What never matters in a quotation: rules N1 to N9, applied to both sides alike."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

import ftfy
from ftfy.badness import is_bad

from copydesk.sources.logic.matching.offsets import Mapped

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Where combining marks are found: Latin to Khmer, then the blocks of South and South-East Asia.
_MARK_BLOCKS: Final = (range(0x300, 0x1DFF + 1), range(0x20D0, 0x3100), range(0xA66F, 0xABFF))


def _class_of(points: Iterable[int], categories: frozenset[str]) -> str:
    """Return the inside of a character class: all points of these categories, as ranges."""
    ranges: list[list[int]] = []
    for point in points:
        if unicodedata.category(chr(point)) not in categories:
            continue
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def _points() -> Iterable[int]:
    for block in _MARK_BLOCKS:
        yield from block


#: N3. Soft hyphen, zero-width characters, controls of direction, variation selectors: deleted.
IGNORED: Final = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff"
_IGNORED_CHARACTER: Final = re.compile(f"[{IGNORED}]")
#: Combining marks but for those that are ignored.
MARKS: Final = _class_of(
    (point for point in _points() if not _IGNORED_CHARACTER.match(chr(point))),
    frozenset({"Mn", "Mc", "Me"}),
)
#: Signs that change what a number says; the bar is left out: pages use it between links.
SIGNS: Final = _class_of(
    (point for point in range(0x21, 0x2BFF) if chr(point) != "|"), frozenset({"Sm", "Sc"})
)

#: N4, N5, N7 and the full-width forms of N2: one character for one.
_SPACES: Final = (
    *range(0x20), *range(0x7F, 0xA1), 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
)  # fmt: skip
_ONE_TO_ONE: Final[dict[int, str]] = {
    **{0xFF01 + offset: chr(0x21 + offset) for offset in range(94)},
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(map(ord, "“”„‟″«»〝〞＂「」『』"), '"'),  # noqa: RUF001 – these are what is folded.
    **dict.fromkeys(map(ord, "‘’‚‛′ʼ`´‹›＇"), "'"),  # noqa: RUF001 – these are what is folded.
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-"),  # noqa: RUF001 – these are what is folded.
}
#: N2. All that is folded of compatibility: the rest of NFKC would turn m² into m2.
_FOLDED: Final = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
    "…": "...",
}
_UNEVEN: Final = re.compile(f"[ {IGNORED}]{{2,}}|[{IGNORED}{''.join(_FOLDED)}]")
#: A letter with its marks, or a run of Hangul parts: what NFC may join.
_CLUSTER: Final = re.compile(
    f"[\u1100-\u11ff]+|[^\\x00-\\x7f{IGNORED}{MARKS}][{MARKS}{IGNORED}]*|[!-~][{IGNORED}]*[{MARKS}][{MARKS}{IGNORED}]*"
)
#: N8, N6, tokenized clitics ("Boeing 's"), and spaces left over.
_FOOTNOTE: Final = r" ?(?<!\[)\[(?:\d{1,3}|[a-z]|note \d{1,3}|citation needed|edit)\](?![\w\]])"
_CLITIC: Final = r"(?<=\w) '(?=(?:s|re|ve|ll|d|m)(?!\w))"
#: Scripts that have no apostrophe: a single mark between two of their signs is a quotation mark.
_UNAPOSTROPHED: Final = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_SINGLE: Final = rf"(?<!\w)'|'(?![\w{MARKS}])|(?<=[{_UNAPOSTROPHED}])'|'(?=[{_UNAPOSTROPHED}])"
_REST: Final = rf"|(?P<clitic>{_CLITIC})|{_SINGLE}|^ +| +$| {{2,}}"
_CONTEXTUAL: Final = re.compile(rf"(?P<note>{_FOOTNOTE}){_REST}", re.IGNORECASE)
_CONTEXTUAL_BUT_ENDINGS: Final = re.compile(
    rf"(?P<note>(?!(?<=\w)\[[a-z]\]){_FOOTNOTE}){_REST}", re.IGNORECASE
)
_MOJIBAKE_RUN: Final = re.compile(r"[^\x00-\x7f]{2,}")
_EDGE_START: Final = ' "'
_EDGE_END: Final = ' ".,;:'


def normalize(text: str, *, keeps_endings: bool = False) -> Mapped:
    """Return the text by rules N2 to N8 with the way back to raw offsets.

    `keeps_endings` leaves a letter in brackets at the end of a word: in a quotation it may be the editor's (`run[s]`).
    Normalizing twice is the same as once. Time grows with the length of the text alone.
    """
    contextual = _CONTEXTUAL_BUT_ENDINGS if keeps_endings else _CONTEXTUAL
    mapped = Mapped(text.translate(_ONE_TO_ONE))
    while True:
        # A deleted character may have stood between a letter and its mark, or in the mark of a footnote: look again.
        before = mapped.text
        if not unicodedata.is_normalized("NFC", mapped.text):
            mapped = mapped.rewritten(_CLUSTER, _composed)
        mapped = mapped.rewritten(_UNEVEN, _evened)
        mapped = mapped.rewritten(contextual, _in_context)
        if mapped.text == before:
            return mapped
        mapped = mapped.with_text(mapped.text.translate(_ONE_TO_ONE))
        if len(mapped.steps) > 24:  # Marks nested without end are not worth more.
            return mapped


def trimmed(text: str) -> tuple[int, int]:
    """Return where a normalized quotation begins and ends without outer marks and final punctuation (N9)."""
    start = len(text) - len(text.lstrip(_EDGE_START))
    return start, max(start, len(text.rstrip(_EDGE_END)))


def repaired(text: str) -> str | None:
    """Return the text with wrong decoding undone (N1), or None when it shows none.

    A run of characters beyond ASCII is looked at by itself, since wrongly decoded bytes are all beyond ASCII.
    """
    mapped = repaired_with_offsets(text)
    return None if mapped is None else mapped.text


def repaired_with_offsets(text: str) -> Mapped | None:
    """Return the same with the way back to the offsets of the text as it was."""
    if text.isascii() or not is_bad(text):
        return None
    known: dict[str, str] = {}

    def repair(match: re.Match[str]) -> str:
        run = match[0]
        if run not in known:
            known[run] = ftfy.fix_encoding(run)
        return known[run]

    mapped = Mapped(text).rewritten(_MOJIBAKE_RUN, repair)
    return mapped if mapped.steps else None


def _composed(match: re.Match[str]) -> str:
    cluster = _IGNORED_CHARACTER.sub("", match[0])
    return unicodedata.normalize("NFC", cluster)


def _evened(match: re.Match[str]) -> str:
    piece = match[0]
    if piece in _FOLDED:
        return _FOLDED[piece]
    return " " if " " in piece else ""


def _in_context(match: re.Match[str]) -> str:
    piece = match[0]
    if match["clitic"]:
        return "'"
    if piece == "'":
        return '"'
    at_edge = match.start() == 0 or match.end() == len(match.string)
    return "" if match["note"] or at_edge else " "
