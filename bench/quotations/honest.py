"""Honest quotations: verbatim, in another typography, and with departures that are marked."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bench.quotations.items import (
    Item,
    Maker,
    Passage,
    core,
    draw,
    is_negation,
    is_word,
    positions,
)

if TYPE_CHECKING:
    import random

    from bench.quotations.sources import Text

STRAIGHT = str.maketrans("“”‘’„«»", '""\'\'"""')
NAMES = ("the director", "Smith", "the two of them", "he", "the engineer")


def _honest(kind: str, passage: Passage, quote: str) -> Item | None:
    return Item(kind, quote, passage.text.index, is_honest=True) if quote else None


def identity(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    return _honest("identity", passage, str(passage))


def straight_quotes(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    quote = str(passage)
    if quote != (new := quote.translate(STRAIGHT)):
        return _honest("typography: straight marks", passage, new)
    return _honest("typography: curly marks", passage, re.sub(r"(?<=\w)'(?=\w)", "’", quote))


def spaces(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    gaps = ("\u00a0", "\n", " \n ", "\u2009", "  ", " ")
    quote = "".join(word + dice.choice(gaps) for word in passage.words)
    return _honest("typography: spaces", passage, quote)


def invisible(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    quote = list(str(passage))
    for _ in range(6):
        quote.insert(dice.randint(0, len(quote)), dice.choice("\u00ad\u200b\ufeff\u200e\u2060"))
    return _honest("typography: invisible characters", passage, "".join(quote))


def decomposed(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    quote = unicodedata.normalize("NFD", str(passage)).replace("fi", "ﬁ").replace("fl", "ﬂ")
    return _honest("typography: decomposed, ligatures", passage, quote)


def outer_marks(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    opening, closing = dice.choice(("“”", "„“", "«»", "‘’", '""'))
    return _honest(
        "typography: outer marks", passage, f"{opening}{str(passage).rstrip('.,;:')}.{closing}"
    )


def dashes(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    quote = re.sub("[-–—]", lambda _: dice.choice("-–—‑"), str(passage))
    return _honest("typography: dashes", passage, quote)


def broken_line(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words, lambda word: is_word(word) and len(core(word)) > 6)
    if not found:
        return None
    words = list(passage.words)
    number = dice.choice(found)
    cut = dice.randint(3, len(core(words[number])) - 3)
    words[number] = f"{words[number][:cut]}-\n{words[number][cut:]}"
    return _honest("minor: word broken over lines", passage, " ".join(words))


def lost_comma(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words[:-1], lambda word: word.endswith(","))
    if not found:
        return None
    words = list(passage.words)
    number = dice.choice(found)
    words[number] = words[number][:-1]
    return _honest("minor: lost comma", passage, " ".join(words))


def capitals(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    return _honest("minor: capitals", passage, str(passage).upper())


def ellipsis(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    form = dice.choice(("[...]", "[…]", "(...)", "...", "…", ". . ."))
    words = passage.words
    if len(words) < 14:
        return None
    first = dice.randint(4, len(words) - 9)
    last = first + dice.randint(1, min(12, len(words) - first - 4))
    if any(map(is_negation, words[first:last])):
        return None
    kind = f"marked: ellipsis {form}"
    return _honest(kind, passage, " ".join([*words[:first], form, *words[last:]]))


def two_ellipses(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    words = passage.words
    if len(words) < 22:
        return None
    third = len(words) // 3
    parts = [words[: third - 2], words[third : 2 * third - 1], words[2 * third + 1 :]]
    return _honest("marked: two ellipses", passage, " […] ".join(" ".join(part) for part in parts))


def case_bracket(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    first, *rest = passage.words
    letter = first[:1]
    if not first.isalpha() or len(first) < 2:
        return None
    return _honest("marked: [T]he", passage, " ".join([f"[{letter.swapcase()}]{first[1:]}", *rest]))


def replacement(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    words = passage.words
    first = dice.randint(3, len(words) - 5)
    last = first + dice.randint(1, 3)
    if any(is_negation(word) or re.search(r"\d", word) for word in words[first:last]):
        return None
    quote = [*words[:first], f"[{dice.choice(NAMES)}]", *words[last:]]
    return _honest("marked: [replacement]", passage, " ".join(quote))


def insertion(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    at = dice.randint(2, len(passage.words) - 2)
    quote = [*passage.words[:at], f"[{dice.choice(NAMES)}]", *passage.words[at:]]
    return _honest("marked: [insertion]", passage, " ".join(quote))


def sic(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    at = dice.randint(2, len(passage.words) - 1)
    quote = [*passage.words[:at], dice.choice(("[sic]", "[emphasis added]")), *passage.words[at:]]
    return _honest("marked: [sic]", passage, " ".join(quote))


def stem(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(
        passage.words, lambda word: word.isalpha() and is_word(word) and len(word) > 4
    )
    if not found:
        return None
    words = list(passage.words)
    number = dice.choice(found)
    words[number] = f"{words[number][:-1]}[{dice.choice(('s', 'ed', 'ing'))}]"
    return _honest("marked: stem[s]", passage, " ".join(words))


def mojibake(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    text, quote = passage.text, str(passage)
    if quote.isascii():
        return None
    if text.broken is not None and dice.random() < 0.5:
        return Item("mojibake in the source", quote, text.broken, is_honest=True)
    try:
        return _honest("mojibake in the quotation", passage, quote.encode().decode("cp1252"))
    except UnicodeDecodeError:
        return None


def footnotes(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    return Item(
        "footnotes glued to words", str(passage), passage.text.with_footnotes, is_honest=True
    )


def paragraphs(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    text = passage.text
    number = dice.randrange(len(text.paragraphs) - 1)
    one, other = (text.paragraphs[number].split(), text.paragraphs[number + 1].split())
    if min(len(one), len(other)) < 8:
        return None
    quote = f"{' '.join(one[-dice.randint(6, 20) :])}\n\n{' '.join(other[: dice.randint(6, 20)])}"
    return Item("across paragraphs", quote, text.with_interruptions, is_honest=True)


def short(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    quote = str(draw(passage.text, dice, 4, 7))
    return _honest("identity, 4 to 7 words", passage, quote)


HONEST: tuple[Maker, ...] = (
    identity, short, straight_quotes, spaces, invisible, decomposed, outer_marks, dashes, broken_line, lost_comma,
    capitals, ellipsis, ellipsis, ellipsis, two_ellipses, case_bracket, replacement, insertion, sic, stem, mojibake,
    footnotes, paragraphs,
)  # fmt: skip
