"""Quotations inside a text's own paragraphs, which have no source bound to them."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Up to so many words a quotation is a turn of phrase, up to so many signs where words have no blanks between them.
MAX_SHORT_WORDS: Final = 6
MAX_SHORT_SIGNS: Final = 12

# By opening mark, what closes it; in the manners of English, German, French, Danish, Swedish, Chinese and Japanese.
_CLOSING = {
    "“": "”",
    "„": "“”\"",
    "”": "”",
    '"': '"',
    "«": "»",
    "»": "«",
    "\u2039": "\u203a",
    "\u203a": "\u2039",
    "\u2018": "\u2019",
    "\u201a": "\u2018\u2019",
    "「": "」",
    "『": "』",
}  # fmt: skip
# Marks that are also apostrophes, commas or arrows: left open, they are none.
_WEAK = frozenset("\u2018\u201a\u2039\u203a")
_ALWAYS_OPENING = frozenset("“„「『")
_MARK = re.compile(f"[{''.join({*_CLOSING, *''.join(_CLOSING.values())})}]")
_PARAGRAPHS = re.compile(r"[\n\r\f\v\x85\u2028\u2029]+")
_SIGN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def find_quotations(text: str) -> list[str]:
    """Return the quotations of more than six words in a text, without their marks, in order.

    A mark that is never closed holds to the end of its paragraph, as in quotations over several paragraphs; the
    single ones, which may be apostrophes, are passed over. Of nested quotations the outermost counts. Where words
    have no blanks between them, more than twelve signs are long. Linear in the length of the text.
    """
    return [
        words
        for paragraph in _PARAGRAPHS.split(text)
        for words in _Paragraph(paragraph).quotations()
        if _is_long(words)
    ]


class _Paragraph:
    """A paragraph and the marks in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.marks = [match.start() for match in _MARK.finditer(text)]
        self.straight = [place for place in self.marks if text[place] == '"']

    def quotations(self) -> Iterator[str]:
        number = 0
        while number < len(self.marks):
            place = self.marks[number]
            mark = self.text[place]
            if not self._opens(place):
                number += 1
                continue
            closing = self._closing_single(number) if mark in _WEAK else self._closing(number)
            if closing is None and mark in _WEAK:
                number += 1
                continue
            end = len(self.text) if closing is None else self.marks[closing]
            yield self.text[place + 1 : end].strip()
            number = len(self.marks) if closing is None else closing + 1

    def _closing(self, opening: int) -> int | None:
        """Which mark closes the one with this number."""
        mark = self.text[self.marks[opening]]
        depth = 1
        for number in range(opening + 1, len(self.marks)):
            place = self.marks[number]
            other = self.text[place]
            if other in _CLOSING[mark]:
                depth -= not (other == '"' and self._is_inches(place))
            elif other == mark:
                # One that stands at the end of a word was meant to close.
                depth += 1 if self._opens(place) else -1
            if depth == 0:
                return number
        return None

    def _closing_single(self, opening: int) -> int | None:
        """The same for a mark that may be an apostrophe elsewhere: before the next one that opens."""
        mark = self.text[self.marks[opening]]
        possible = None
        for number in range(opening + 1, len(self.marks)):
            place = self.marks[number]
            other = self.text[place]
            if other == mark:
                break
            if other in _CLOSING[mark] and not self._is_in_word(place):
                if self.text[place - 1] != "s":
                    return number
                # The apostrophe of "the readers' letters", perhaps.
                possible = number if possible is None else possible
        return possible

    def _opens(self, place: int) -> bool:
        mark = self.text[place]
        if mark not in _CLOSING:
            return False
        before, after = self._around(place)
        if mark in _ALWAYS_OPENING:
            return not after.isspace()
        if mark == "«":
            return not (_ends_word(before) and after.isspace())
        return not after.isspace() and not _ends_word(before)

    def _is_inches(self, place: int) -> bool:
        """Whether a straight mark follows a figure and another one is left to close the quotation."""
        left = len(self.straight) - bisect_right(self.straight, place)
        return self._around(place)[0].isdigit() and left % 2 == 1

    def _is_in_word(self, place: int) -> bool:
        before, after = self._around(place)
        return before.isspace() or after.isalnum()

    def _around(self, place: int) -> tuple[str, str]:
        return self.text[place - 1] if place else " ", self.text[place + 1 : place + 2] or " "


def _ends_word(character: str) -> bool:
    return character.isalnum() and not _SIGN.match(character)


def _is_long(words: str) -> bool:
    signs = len(_SIGN.findall(words))
    if signs > MAX_SHORT_SIGNS:
        return True
    count = sum(any(map(str.isalnum, word)) for word in words.split())
    return count > MAX_SHORT_WORDS
