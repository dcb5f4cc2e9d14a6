"""A text made ready once, so that many quotations can be looked for."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from functools import cached_property
from typing import Final

from copydesk.sources.logic.matching.normalizing import normalize, repaired_with_offsets
from copydesk.sources.logic.matching.offsets import Mapped
from copydesk.sources.logic.matching.tokens import positions, tokenize

#: Places of one wording that are looked at; a source that repeats itself more often is no better known for it.
MAX_PLACES: Final = 2_000


class TextIndex:
    """A raw text with its tokens, its skeleton (all folded tokens joined) and where every token stands."""

    def __init__(self, text: str, *, language: str = "", mapped: Mapped | None = None) -> None:
        self.text = text
        self.language = language
        # A text whose wrong decoding was undone comes with the way back to what it was.
        self.mapped = mapped or normalize(text)
        self.tokens = tokenize(self.mapped.text)
        self.skeleton = "".join(self.tokens.folds)
        self.at = positions(self.tokens.folds)
        self.vocabulary: dict[str, int] = {}
        number = self.vocabulary.setdefault
        self.ids = array("I", (number(fold, len(self.vocabulary)) for fold in self.tokens.folds))

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def postings(self) -> list[list[int]]:
        """Where each word of the vocabulary stands."""
        found: list[list[int]] = [[] for _ in self.vocabulary]
        for position, number in enumerate(self.ids):
            found[number].append(position)
        return found

    @cached_property
    def repaired(self) -> TextIndex | None:
        """The same text with wrong decoding undone, and offsets of the raw one; None when it shows none."""
        undone = repaired_with_offsets(self.text)
        if undone is None:
            return None
        inner = normalize(undone.text)
        mapped = Mapped(inner.text, (*undone.steps, *inner.steps))
        return TextIndex(self.text, language=self.language, mapped=mapped)

    def token_at(self, position: int) -> int | None:
        """Return the token that starts at a position of the skeleton, or None when none does."""
        number = bisect_left(self.at, position)
        return number if number < len(self.at) and self.at[number] == position else None

    def places(self, skeleton: str) -> list[tuple[int, int]]:
        """Return the token ranges whose skeleton this is, never cutting through a token."""
        found: list[tuple[int, int]] = []
        position = self.skeleton.find(skeleton) if skeleton else -1
        tries = 0
        while position >= 0 and len(found) < MAX_PLACES and tries < 4 * MAX_PLACES:
            first, last = self.token_at(position), self.token_at(position + len(skeleton))
            if first is not None and last is not None:
                found.append((first, last))
            position = self.skeleton.find(skeleton, position + 1)
            tries += 1
        return found

    def starts_with(self, skeleton: str, token: int) -> int | None:
        """Return the token after the wording when it stands at `token`, else None."""
        position = self.at[token]
        if not self.skeleton.startswith(skeleton, position):
            return None
        return self.token_at(position + len(skeleton))

    def ends_with(self, skeleton: str, token: int) -> int | None:
        """Return the first token of the wording when it stands right before `token`, else None."""
        position = self.at[token]
        if len(skeleton) > position or not self.skeleton.endswith(skeleton, 0, position):
            return None
        return self.token_at(position - len(skeleton))

    def raw_span(self, first: int, last: int) -> tuple[int, int]:
        """Return the raw offsets of the tokens from `first` to before `last`."""
        if last <= first:
            start = (
                self.mapped.raw_start(self.tokens.starts[first])
                if first < len(self)
                else len(self.text)
            )
            return start, start
        return (
            self.mapped.raw_start(self.tokens.starts[first]),
            self.mapped.raw_end(self.tokens.ends[last - 1]),
        )

    def raw(self, first: int, last: int) -> str:
        """Return the raw words of the tokens, white space collapsed."""
        start, end = self.raw_span(first, last)
        return " ".join(self.text[start:end].split())
