"""Read the marks of a quotation: what is omitted, what is the editor's, where a paragraph ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from copydesk.sources.logic.matching.normalizing import normalize, trimmed
from copydesk.sources.logic.matching.tokens import UNSPACED, Tokens, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copydesk.sources.logic.matching.offsets import Mapped

#: More marks than this are no quotation; the rest is compared as it stands.
MAX_MARKS: Final = 300

_EDITORS: Final = re.compile(
    r" ?[\[(](?:sic|(?:emphasis|italics|bold) (?:added|mine|ours|in (?:the )?original)"
    r"|hervorhebung[^\[\]()]{0,40}|soulign[^\[\]()]{0,40}|(?:énfasis|cursiva)[^\[\]()]{0,40})[!.]?[\])]",
    re.IGNORECASE,
)
_CASE: Final = re.compile(r"(?<!\w)\[([^\W\d_]{1,2})\](?=[^\W\d_])")
_ELLIPSIS: Final = r"\[ ?\.(?: ?\.)+ ?\]|\( ?\.(?: ?\.)+ ?\)|\.(?: ?\.){2,}"
#: What belongs to a bracket's word; in scripts without spaces nothing does, as the whole sentence would.
_GLUED: Final = rf"[^\W{UNSPACED}]{{0,40}}"
_PART: Final = rf"[^\W\d_{UNSPACED}]"
_MARK: Final = re.compile(
    rf"(?P<ellipsis>{_ELLIPSIS})"
    rf"|(?P<stem>(?<!\w){_PART}{{2,40}})\[(?P<ending>{_PART}{{1,5}})\](?P<rest>{_PART}{{0,20}})"
    rf"|{_GLUED}\[(?P<slot>[^\[\]]{{0,300}})\]{_GLUED}"
)
_ENDING: Final = re.compile(r"\w\[[a-z]\]")
_BLANK_LINE: Final = re.compile(r"\n[ \t\r\f\v\u00a0]*\n\s*|(?<=[.!?:”\"»’])[ \t\r]*\n\s*|\u2029")


@dataclass(frozen=True, slots=True)
class Run:
    """Words that the quotation says stand together in the source; `free_case` are those whose case is marked."""

    first: int
    last: int
    skeleton: str
    free_case: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """Words of the editor, for 0 to 8 of the source."""

    text: str


@dataclass(frozen=True, slots=True)
class Stem:
    """One word of which the editor changed the ending."""

    stem: str
    rest: str
    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a paragraph: up to 80 words of headings and captions may lie behind it."""


Part: TypeAlias = Run | Slot | Stem | Break
Segment: TypeAlias = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation read: its tokens, and its segments between ellipses."""

    raw: str
    mapped: Mapped
    tokens: Tokens
    segments: tuple[Segment, ...]
    has_marks: bool

    @property
    def runs(self) -> Iterator[Run]:
        for segment in self.segments:
            yield from (part for part in segment if isinstance(part, Run))

    @property
    def has_breaks(self) -> bool:
        return any(isinstance(part, Break) for segment in self.segments for part in segment)

    @property
    def word_count(self) -> int:
        return sum(run.last - run.first for run in self.runs)

    def raw_span(self, first: int, last: int) -> str:
        """Return the quotation's raw text from one token to before another."""
        start = self.mapped.raw_start(self.tokens.starts[first])
        return " ".join(self.raw[start : self.mapped.raw_end(self.tokens.ends[last - 1])].split())


def read_plain(raw: str, mapped: Mapped | None = None) -> Quotation:
    """Return the quotation as one run, as if it had no marks."""
    mapped = mapped or normalize(raw)
    start, end = trimmed(mapped.text)
    tokens = tokenize(_blanked(mapped.text, start, end))
    run = Run(0, len(tokens), "".join(tokens.folds))
    return Quotation(raw, mapped, tokens, ((run,),) if len(tokens) else (), has_marks=False)


def read_marked(raw: str, mapped: Mapped | None = None) -> Quotation:
    """Return the quotation cut at its marks into segments."""
    plain = normalize(raw, keeps_endings=True) if mapped is None or _ENDING.search(raw) else mapped
    quiet = plain.rewritten(_EDITORS, lambda _: "")
    cased = quiet.rewritten(_CASE, lambda match: match[1])
    case_starts = set(cased.steps[-1].new_starts) if cased is not quiet else set()
    marks = list(_MARK.finditer(cased.text))
    has_marks = bool(marks) or cased is not plain
    text = cased.text
    if len(marks) > MAX_MARKS:
        marks = []
    for mark in reversed(marks):
        text = _hidden(text, *mark.span())
    tokens = tokenize(text)
    free = frozenset(number for number, start in enumerate(tokens.starts) if start in case_starts)
    breaks = _paragraph_starts(raw, cased, tokens)
    builder = _Builder(tokens, free, breaks)
    for mark in marks:
        builder.add_run(mark.start())
        builder.add_mark(mark)
    builder.add_run(len(text) + 1)
    builder.end_segment()
    return Quotation(raw, cased, tokens, tuple(builder.segments), has_marks)


class _Builder:
    """Gathers parts into segments, in the order of the quotation."""

    def __init__(self, tokens: Tokens, free: frozenset[int], breaks: frozenset[int]) -> None:
        self.tokens, self.free, self.breaks = tokens, free, breaks
        self.segments: list[Segment] = []
        self.parts: list[Part] = []
        self.next = 0

    def add_run(self, before: int) -> None:
        """Add the tokens that start before a position, cut where paragraphs begin."""
        first = self.next
        while self.next < len(self.tokens) and self.tokens.starts[self.next] < before:
            if self.next in self.breaks and (self.next > first or self.parts):
                self._run(first)
                self.parts.append(Break())
                first = self.next
            self.next += 1
        self._run(first)

    def add_mark(self, mark: re.Match[str]) -> None:
        if mark["ellipsis"]:
            self.end_segment()
        elif mark["stem"]:
            self.parts.append(Stem(mark["stem"].casefold(), mark["rest"].casefold(), mark[0]))
        elif self.parts and isinstance(self.parts[-1], Slot):
            self.parts[-1] = Slot(f"{self.parts[-1].text} {mark[0]}")
        else:
            self.parts.append(Slot(mark[0]))

    def end_segment(self) -> None:
        """Close the segment; one without a word of the source says nothing and is left out."""
        while self.parts and isinstance(self.parts[-1], Break):
            self.parts.pop()
        if any(isinstance(part, Run) for part in self.parts):
            self.segments.append(tuple(self.parts))
        self.parts = []

    def _run(self, first: int) -> None:
        if self.next > first:
            skeleton = "".join(self.tokens.folds[first : self.next])
            free = frozenset(number for number in self.free if first <= number < self.next)
            self.parts.append(Run(first, self.next, skeleton, free))


def _paragraph_starts(raw: str, mapped: Mapped, tokens: Tokens) -> frozenset[int]:
    """Return the tokens that begin a paragraph of the quotation."""
    breaks = [match.start() for match in _BLANK_LINE.finditer(raw)]
    found: set[int] = set()
    number = 0
    for position in breaks:
        while number < len(tokens) and mapped.raw_start(tokens.starts[number]) < position:
            number += 1
        if 0 < number < len(tokens):
            found.add(number)
    return frozenset(found)


def _hidden(text: str, start: int, end: int) -> str:
    """Return the text with a mark made of stops, which are no tokens and keep the place."""
    return f"{text[:start]}{'|' * (end - start)}{text[end:]}"


def _blanked(text: str, start: int, end: int) -> str:
    return f"{' ' * start}{text[start:end]}{' ' * (len(text) - end)}"
