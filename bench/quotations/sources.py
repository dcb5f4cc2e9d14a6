"""The texts quotations are taken from."""

from __future__ import annotations

import gzip
import itertools
import random
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lxml import html

from copydesk.sources.logic.matching import TextIndex

HERE = Path(__file__).parent
#: Real pages, when they lie beside the checkout; nothing depends on them.
PAGES = HERE.parents[2] / "shared/data/articles"
OTHER_LANGUAGES = ("de", "fr", "es", "ar", "zh", "ja")


@dataclass
class Text:
    """A text with its paragraphs, and the same as a careless page would show it."""

    name: str
    paragraphs: list[str]
    language: str = "en"
    indexes: dict[str, TextIndex] = field(default_factory=dict)

    @cached_property
    def raw(self) -> str:
        return "\n\n".join(self.paragraphs)

    @cached_property
    def index(self) -> TextIndex:
        return TextIndex(self.raw)

    @cached_property
    def words(self) -> list[str]:
        return self.raw.split()

    @cached_property
    def long_paragraphs(self) -> list[list[str]]:
        split = [paragraph.split() for paragraph in self.paragraphs]
        return [words for words in split if len(words) >= 14]

    @cached_property
    def plain(self) -> str:
        """The words in lower case without punctuation, to see that an invented quotation is not there by chance."""
        return plain(self.raw)

    @cached_property
    def with_footnotes(self) -> TextIndex:
        """The text with the numbers of footnotes glued to its words, as when `<sup>` is lost."""
        dice = random.Random(f"notes {self.name}")
        words = []
        for number, word in enumerate(self.raw.split(" ")):
            is_plain = re.fullmatch(r"[a-z]{3,}[.,]?", word) is not None
            words.append(f"{word}{dice.randint(1, 40)}" if is_plain and number % 9 == 4 else word)
        return TextIndex(" ".join(words))

    @cached_property
    def with_interruptions(self) -> TextIndex:
        """The text with headings, captions and advertisements between its paragraphs."""
        dice = random.Random(f"breaks {self.name}")
        between = (
            "Read more: the ten best beaches of the north",
            "Advertisement\nContinue reading the main story",
            "A photograph shows the scene on Monday morning. Photograph: J. Doe/Agency",
            "Sign up for our newsletter\nGet the week’s best stories in your inbox",
        )
        parts = [f"{paragraph}\n\n{dice.choice(between)}" for paragraph in self.paragraphs]
        return TextIndex("\n\n".join(parts))

    @cached_property
    def broken(self) -> TextIndex | None:
        """The text decoded wrongly; None where that cannot happen to it."""
        try:
            return TextIndex(self.raw.encode().decode("cp1252"))
        except UnicodeDecodeError:
            return None


def plain(text: str) -> str:
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return f" {words} "


def own_texts() -> list[Text]:
    """Return the texts of this folder, English ones first."""
    texts = []
    for path in sorted((HERE / "texts").glob("*.txt")):
        language = path.stem if path.stem in OTHER_LANGUAGES else "en"
        paragraphs = [
            part.strip() for part in path.read_text(encoding="utf-8").split("\n\n") if part.strip()
        ]
        texts.append(Text(path.stem, paragraphs, language))
    return sorted(texts, key=lambda text: text.language != "en")


def page_texts(folder: Path = PAGES) -> list[Text]:
    """Return real pages of enough paragraphs, when they are there; only their visible text."""
    texts = []
    for path in sorted(folder.glob("*.expected.html.gz")):
        tree = html.fromstring(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))
        found = [
            " ".join(node.text_content().split())
            for node in tree.iter("p", "li", "h2", "h3", "blockquote")
        ]
        paragraphs = list(dict.fromkeys(paragraph for paragraph in found if paragraph))
        text = Text(path.name.split(".")[0], paragraphs)
        if len(text.long_paragraphs) >= 6:
            texts.append(text)
    return texts


def babble(texts: list[Text], word_count: int, seed: int) -> Text:
    """Return a long text with the word frequencies of the others: each word follows one it followed there."""
    dice = random.Random(seed)
    words = [word for text in texts for word in text.words]
    following: dict[str, list[str]] = {}
    for word, after in itertools.pairwise(words):
        following.setdefault(word, []).append(after)
    paragraphs: list[str] = []
    word, paragraph = words[0], list[str]()
    for _ in range(word_count):
        word = (
            dice.choice(following.get(word) or words) if dice.random() < 0.9 else dice.choice(words)
        )
        paragraph.append(word)
        if len(paragraph) >= 60 and word.endswith("."):
            paragraphs.append(" ".join(paragraph))
            paragraph = []
    return Text(f"babble {word_count}", [*paragraphs, " ".join(paragraph)])
