"""What stands around the quoted words, and what it may do to their sense."""

from __future__ import annotations

import re
from typing import Final

from copydesk.sources.logic.matching.normalizing import SIGNS, normalize
from copydesk.sources.logic.matching.tokens import tokenize
from copydesk.sources.logic.matching.words import MAGNITUDES, announces_denial
from copydesk.sources.logic.verdicts import Notice

#: Characters of context on each side.
LIMIT: Final = 400
_LOOK: Final = 1_200

_SENTENCE_END: Final = re.compile(
    r"[.!?…][\"'”’»)\]]{0,3}\s+|[。\uff01\uff1f]|\n[ \t\r]*\n\s*|\n(?=[ \t]*[^\W\d_a-zà-ÿа-я])"
)
_ABBREVIATION: Final = re.compile(
    r"(?:^|[^\w])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Rev|Jr|Sr|vs|No|Nr|Inc|Ltd|Co|Corp|approx|ca|bzw|Hr|Fr|M|Mme|Sra?|e\.g|i\.e|z\.B|d\.h)$"
)
_SIGN: Final = re.compile(f"[{SIGNS}\u2212~]")
_MIXED: Final = re.compile(
    r"[A-Za-z\u00c0-\u024f][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f][A-Za-z]"
)


def sentence_start(text: str, position: int) -> int:
    """Return the raw offset at which the sentence around a position begins."""
    lower = max(0, position - _LOOK)
    ends = _ends(text[lower:position])
    return lower + ends[-1] if ends else lower


def context_before(text: str, position: int) -> str:
    """Return the rest of the sentence before a position and one whole sentence before that."""
    lower = max(0, position - _LOOK)
    ends = [0, *_ends(text[lower:position])]
    return " ".join(text[lower + ends[max(0, len(ends) - 2)] : position].split())[-LIMIT:]


def context_after(text: str, position: int) -> str:
    """Return the rest of the sentence after a position and one whole sentence after that.

    Where nothing but its end is left of the sentence, that is left out.
    """
    window = text[position : position + _LOOK]
    ends = [*_ends(f"{window} "), len(window)]
    closing = _SENTENCE_END.match(f"{window} ")
    first = closing.end() if closing else 0
    return " ".join(window[first : ends[min(1, len(ends) - 1)]].split())[:LIMIT]


def _ends(window: str) -> list[int]:
    """Return where sentences end in a stretch of raw text; a point after an abbreviation ends none."""
    return [
        match.end()
        for match in _SENTENCE_END.finditer(window)
        if match[0][0] != "."
        or not _ABBREVIATION.search(window[max(0, match.start() - 8) : match.start()])
    ]


def context_warnings(text: str, start: int, end: int, language: str) -> list[Notice]:
    """Return warnings about words cut off before and after the quoted ones."""
    found: list[Notice] = []
    opening = text[sentence_start(text, start) : start]
    if any(announces_denial(fold, language) for fold in tokenize(normalize(opening).text).folds):
        found.append(Notice("cut_from_denial", " ".join(opening.split())))
    following = tokenize(normalize(text[end : end + 40]).text)
    if (
        len(following)
        and following.folds[0] in MAGNITUDES
        and _is_near(following.text, following.starts[0])
    ):
        found.append(Notice("cut_before_magnitude", following.word(0)))
    if (
        re.search(r"\w[-\u2010\u2011]$", text[max(0, start - 2) : start])
        and text[start : start + 1].isalnum()
    ):
        found.append(
            Notice("begins_mid_word", text[max(0, start - 20) : start].rsplit(None, 1)[-1])
        )
    if text[start : start + 1].isdigit() and _SIGN.fullmatch(text[max(0, start - 1) : start]):
        found.append(Notice("cut_after_sign", text[start - 1 : start + 20].split(maxsplit=1)[0]))
    return found


def mixed_scripts(text: str) -> str:
    """Return the first word that mixes letters of Latin with Greek or Cyrillic ones, or ""."""
    match = _MIXED.search(text)
    if match is None:
        return ""
    start, end = match.start(), match.end()
    while start and match.end() - start < 40 and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and end - start < 80 and text[end].isalpha():
        end += 1
    return text[start:end]


def _is_near(text: str, start: int) -> bool:
    """Whether the word follows in the same sentence."""
    return not re.search(r"[.!?;:]", text[:start])
