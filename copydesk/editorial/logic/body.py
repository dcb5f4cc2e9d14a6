"""Footnotes, anchors and lengths of a body: what holds across its blocks."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FOOTNOTE = re.compile(r'<footnote id="([^"]+)">.*?</footnote>', re.DOTALL)
# Scripts that set no spaces between words: each character counts as one.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
WORD = re.compile(r"\w+(?:['’-]\w+)*")

# Silent reading of non-fiction: Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047 (238 words a minute);
# Chinese readers: about 260 characters, the same study's table 2.
WORDS_A_MINUTE = 238
CHARACTERS_A_MINUTE = 260


@dataclass(frozen=True)
class Labels:
    """The words around footnotes, in the article's language."""

    section: str
    back: str


@dataclass
class Footnotes:
    """Numbers references in the order of reading; several references to a note share its number."""

    notes: Mapping[str, str]
    order: list[str] = field(default_factory=list)
    references: dict[str, int] = field(default_factory=dict)

    def number(self, html: str) -> str:
        """Return `html` with each reference as a numbered link; one to a note that is gone is dropped."""
        return FOOTNOTE.sub(self._link, html)

    def _link(self, match: re.Match[str]) -> str:
        name = match[1]
        if name not in self.notes:
            return ""
        if name not in self.order:
            self.order.append(name)
        self.references[name] = self.references.get(name, 0) + 1
        number, time = self.order.index(name) + 1, self.references[name]
        return (
            f'<sup class="footnote-ref"><a id="fnref-{number}-{time}" href="#fn-{number}" role="doc-noteref">'
            f"{number}</a></sup>"
        )

    def section(self, labels: Labels) -> str:
        """Return the list of the notes referred to, or nothing where there are none."""
        if not self.order:
            return ""
        items = "".join(
            self._item(number, name, labels) for number, name in enumerate(self.order, start=1)
        )
        label = escape(labels.section)
        return f'<section class="footnotes" role="doc-endnotes" aria-label="{label}"><ol>{items}</ol></section>'

    def _item(self, number: int, name: str, labels: Labels) -> str:
        backs = " ".join(
            f'<a class="footnote-back" href="#fnref-{number}-{time}" role="doc-backlink" '
            f'aria-label="{escape(labels.back)} {number}">↩</a>'
            for time in range(1, self.references[name] + 1)
        )
        return f'<li id="fn-{number}">{self.notes[name]} {backs}</li>'


def unique_anchors(wanted: Iterable[str]) -> list[str]:
    """Return the anchors in order, a repeated one with a number behind it."""
    seen: dict[str, int] = {}
    anchors = []
    for anchor in wanted:
        seen[anchor] = seen.get(anchor, 0) + 1
        anchors.append(anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}")
    return anchors


@dataclass(frozen=True)
class Length:
    """How long a text is. In scripts without spaces each character is a word."""

    words: int
    unspaced: int

    @property
    def word_count(self) -> int:
        return self.words + self.unspaced

    @property
    def reading_minutes(self) -> int:
        """How long reading takes, in whole minutes, at least one."""
        minutes = self.words / WORDS_A_MINUTE + self.unspaced / CHARACTERS_A_MINUTE
        return max(1, math.ceil(minutes))


def measure(text: str) -> Length:
    """Return how long `text` is."""
    spaced, unspaced = UNSPACED.subn(" ", text)
    return Length(len(WORD.findall(spaced)), unspaced)
