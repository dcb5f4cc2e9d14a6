"""Accents: left out, a matter of style; exchanged, or where they make another word, a matter of words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKED: Final = re.compile(r"([^\u0300-\u036f\u064b-\u0652])([\u0300-\u036f\u064b-\u0652]*)")
#: German verbs whose two forms say what was and what would be.
_MOODS: Final = re.compile(
    r"(?:w[uü]rde|h[aä]tte|k[oö]nnte|m[uü]sste|d[uü]rfte|m[oö]chte|br[aä]uchte)(?:n|st|t)?"
    r"|(?:w[aä]r|k[aä]m|g[aä]b|t[aä]t|l[aä]g|s[aä]h|l[aä]s|tr[aä]t|spr[aä]ch|n[aä]hm)(?:e|en|est|et)?"
)
#: German words that another one is with two points over a vowel.
_PAIRS: Final = frozenset({
    "schon", "fordern", "forderte", "fordert", "gefordert", "forderung", "zahlen", "zahlt", "zahlte", "gezahlt",
    "fallen", "fallt", "tauschen", "tauschte", "drucken", "druckt", "druckte", "losen", "losung",
})  # fmt: skip


def is_other_word(mine: str, theirs: str) -> bool:
    """Whether two words in lower case that are alike but for accents are different words.

    They are where a letter has one accent here and another there, and where two points make another German word. An
    accent that is only left out makes none: capitals, and many keyboards, have none.
    """
    pairs = zip(_letters(mine), _letters(theirs), strict=False)
    if any(not (one[1] <= other[1] or other[1] <= one[1]) for one, other in pairs):
        return True
    plain = mine if mine.isascii() else theirs
    points = {"ä", "ö", "ü"} & set(mine) ^ {"ä", "ö", "ü"} & set(theirs)
    return bool(points) and (has_mood(plain) or plain in _PAIRS)


def has_mood(word: str) -> bool:
    """Whether a word in lower case is a German verb that says what was or what would be."""
    return _MOODS.fullmatch(word) is not None


def _letters(word: str) -> list[tuple[str, frozenset[str]]]:
    """Return the letters of a word, each with its accents."""
    apart = unicodedata.normalize("NFD", word)
    return [(letter, frozenset(marks)) for letter, marks in _MARKED.findall(apart)]
