"""Cut a normalized text into words, numbers and signs, and fold each to what the minor tier compares."""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from copydesk.sources.logic.matching.normalizing import MARKS, SIGNS
from copydesk.sources.logic.matching.spelling import AMERICAN

#: Scripts written without spaces, read character by character: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTER: Final = rf"[^\W_{UNSPACED}]"
_WORD: Final = rf"{_LETTER}+(?:[{MARKS}]+{_LETTER}*)*"
#: A minus directly before a digit belongs to the number, unless something stands right before it; so does a point that
#: follows no digit. Hyphens part words but not numbers: `10-15` is one token.
TOKEN: Final = re.compile(
    rf"(?<!\w)[Pp][Ee][Rr](?: |- ?)[Cc][Ee][Nn][Tt](?!\w)"
    rf"|(?:(?<![\w)\]])-(?=\.?\d))?(?:(?<![\w.])\.(?=\d))?{_WORD}"
    rf"(?:'{_WORD}|(?<=\d)[.,:/\-](?=\d){_WORD})*"
    rf"|[{UNSPACED}][{MARKS}]*|[{SIGNS}%‰‱&@#°℃℉^§]"
)
#: Stands before every number in the skeleton, so that `20 15` is not `2015`.
SEPARATOR: Final = "\x1f"

_PERCENT: Final = frozenset({"percent", "per cent", "per-cent", "per- cent"})
_DIGIT: Final = re.compile(r"\d")
_THOUSANDS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_NUMBER_INSIDE: Final = re.compile(r"(?<=[^\W\d])(?=\d)")
#: Arabic vowel signs and the lengthening stroke, Hebrew points.
_DROPPED: Final = re.compile(
    "[\u0640\u064b-\u065f\u0670\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]"
)
_ACCENTED: Final = re.compile("([A-Za-z\u00c0-\u03ff])[\u0300-\u036f]+")
_BEYOND_LATIN: Final = re.compile("[\u0400-\uffff]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text: where each starts and ends, and its folded form."""

    text: str
    starts: array[int]
    ends: array[int]
    folds: list[str]

    def __len__(self) -> int:
        return len(self.folds)

    def word(self, number: int) -> str:
        """Return the token as it stands in the normalized text."""
        return self.text[self.starts[number] : self.ends[number]]

    def passage(self, first: int, last: int) -> str:
        """Return the text from one token to before another."""
        return self.text[self.starts[first] : self.ends[last - 1]] if last > first else ""

    def between(self, number: int) -> str:
        """Return what stands between a token and the next."""
        return self.text[self.ends[number] : self.starts[number + 1]]


def tokenize(text: str) -> Tokens:
    """Return the tokens of a normalized text."""
    starts, ends, folds = array("I"), array("L"), list[str]()
    known: dict[str, str] = {}
    for match in TOKEN.finditer(text):
        start, end = match.span()
        word = match[0]
        folded = known.get(word)
        if folded is None:
            folded = known[word] = fold(word)
        starts.append(start)
        ends.append(end)
        folds.append(folded)
    return Tokens(text, starts, ends, folds)


def positions(folds: list[str]) -> array[int]:
    """Return where each token starts in the skeleton, the joined folds, and last where it ends."""
    return array("I", accumulate(map(len, folds), initial=0))


def fold(word: str) -> str:
    """Return the word without case, accents, its British spelling, and the style of its number."""
    key = word.casefold()
    if not key.isascii():
        key = without_accents(key)
    if key in _PERCENT:
        return "%"
    if key == "&":
        return "and"
    if _DIGIT.search(key):
        return _folded_number(key)
    return AMERICAN.get(key, key)


def without_accents(word: str) -> str:
    """Return the word without accents on Latin and Greek letters, and without points that are optional in writing."""
    plain = _DROPPED.sub("", word)
    if plain.isascii() or not plain:
        return plain or word
    apart = unicodedata.normalize("NFD", plain)
    apart = _ACCENTED.sub(r"\1", apart).replace("\u0435\u0308", "\u0435")
    return unicodedata.normalize("NFC", apart)


def _folded_number(key: str) -> str:
    key = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), key)
    if key.startswith("."):
        key = f"0{key}"
    elif key.startswith("-."):
        key = f"-0{key[1:]}"
    key = _NUMBER_INSIDE.sub(SEPARATOR, key)
    return key if key[0].isalpha() else SEPARATOR + key
