"""What the generator makes, and the passages it starts from."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bench.quotations.sources import Text

if TYPE_CHECKING:
    from copydesk.sources.logic.matching import TextIndex
    from copydesk.sources.logic.verdicts import Tag

NEGATIONS = re.compile(
    r"(?:non-.*|no|not|never|none|nobody|nothing|neither|nor|cannot|without|hardly|\w+n[’']t)",
    re.IGNORECASE,
)
#: Words of other languages too: what the generator itself must not take away unseen.
NUMBER = re.compile(r"\d")


@dataclass(frozen=True)
class Item:
    """A quotation with the text it is checked against and what must come of it.

    `is_honest`: accepted is right. `warning`: accepted is right, with this warning. `tag`: refused is right, and the
    difference must carry it.
    """

    kind: str
    quote: str
    index: TextIndex
    is_honest: bool
    warning: str = ""
    tag: Tag | None = None


@dataclass(frozen=True)
class Passage:
    """Words that stand together in a text."""

    text: Text
    words: list[str]
    first: int
    paragraph: list[str]

    def __str__(self) -> str:
        return " ".join(self.words)


Maker: TypeAlias = Callable[[Passage, random.Random, list[Text]], "Item | None"]


def draw(text: Text, dice: random.Random, low: int = 10, high: int = 40) -> Passage:
    """Return a passage of one paragraph on word boundaries."""
    paragraph = dice.choice(text.long_paragraphs)
    length = min(len(paragraph), dice.randint(low, high))
    first = dice.randint(0, len(paragraph) - length)
    return Passage(text, paragraph[first : first + length], first, paragraph)


def core(word: str) -> str:
    """Return the word without punctuation at its edges."""
    return re.sub(r"^[^\w£€$<>±≈-]+|[^\w%°]+$", "", word)


def is_negation(word: str) -> bool:
    return NEGATIONS.fullmatch(core(word)) is not None


def is_word(word: str) -> bool:
    """Whether a word consists of lower-case letters alone, and does not deny."""
    return core(word).isalpha() and core(word).islower() and not is_negation(word)


def positions(words: list[str], test: Callable[[str], object]) -> list[int]:
    return [number for number, word in enumerate(words) if test(word)]


def swapped(word: str, new: str) -> str:
    """Return the word's new core with its punctuation."""
    return word.replace(core(word), new, 1)
