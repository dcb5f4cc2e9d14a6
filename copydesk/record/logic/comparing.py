"""Two versions of a text, word by word, as a reader is shown them: every sign counts, what is the same is folded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from copydesk.sources.logic.hunks import Stream, changed_ranges, word_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Words and signs of a text that are compared; what comes after them is not.
MAX_TOKENS: Final = 150_000
#: Old words times new that are aligned: a page anybody may ask for takes no more than a few tenths of a second.
MAX_CELLS: Final = 400_000_000
#: Characters of the text of a comparison that are shown.
MAX_SHOWN: Final = 200_000
#: Words around a change that are shown of a long passage that is the same, and the least that is worth folding.
CONTEXT_WORDS: Final = 24
LEAST_FOLDED: Final = 40

Kind = Literal["same", "old", "new", "gap"]
PARAGRAPH_MARK = "¶"


@dataclass(frozen=True)
class Run:
    """Words that are the same in both versions, or only in the old or the new one; a "gap" leaves `count` words out.

    Where `has_space`, a blank follows.
    """

    kind: Kind
    text: str
    has_space: bool = False
    count: int = 0


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, as its runs."""

    runs: tuple[Run, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing in it differs."""
        return all(run.kind in {"same", "gap"} for run in self.runs)

    @property
    def size(self) -> int:
        """How many characters it shows."""
        return sum(len(run.text) for run in self.runs)


@dataclass(frozen=True)
class Fold:
    """Paragraphs that are the same and are left out."""

    word_count: int


@dataclass(frozen=True)
class Comparison:
    """What differs between two texts; `is_cut` where there is more than is compared or shown."""

    parts: tuple[Paragraph | Fold, ...]
    old_count: int
    new_count: int
    is_cut: bool = False

    @property
    def is_same(self) -> bool:
        """Whether nothing that was compared differs."""
        return not (self.old_count or self.new_count)


def compare_texts(old: str, new: str) -> Comparison:
    """Compare two plain texts, a paragraph a line, word by word and sign by sign; blanks alone make no difference.

    The time is bounded: what goes beyond MAX_TOKENS is not looked at, and what would take more than MAX_CELLS to align
    is shown as taken out and put in whole.
    """
    before, after = _stream(old), _stream(new)
    places = changed_ranges(before, after, cells=MAX_CELLS)
    paragraphs = list(_paragraphs(_runs(before, after, places)))
    shown, is_cut = _within(_folded(paragraphs))
    is_long = any(len(stream.words) == MAX_TOKENS for stream in (before, after))
    return Comparison(
        parts=tuple(shown),
        old_count=sum(_word_count(before, a, b) for a, b, _c, _d in places),
        new_count=sum(_word_count(after, c, d) for _a, _b, c, d in places),
        is_cut=is_cut or is_long,
    )


def _stream(text: str) -> Stream:
    """Read words, and each sign between them; the end of a line is a sign, too."""
    stream = Stream(text)
    begins_line = True
    for start, end in _spans(text):
        if len(stream.words) == MAX_TOKENS:
            break
        if begins_line:
            stream.lines.append(len(stream.words))
        stream.words.append(text[start:end])
        stream.spans.append((start, end))
        begins_line = text[start] == "\n"
    return stream


def _spans(text: str) -> Iterator[tuple[int, int]]:
    last = 0
    for start, end in word_spans(text):
        yield from _signs(text, last, start)
        yield start, end
        last = end
    yield from _signs(text, last, len(text))


def _signs(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    between = text[first:last]
    if between in {"", " "}:  # As nearly always.
        return
    for at, sign in enumerate(between, first):
        if sign == "\n" or not sign.isspace():
            yield at, at + 1


def _word_count(stream: Stream, first: int, last: int) -> int:
    return sum(any(map(str.isalnum, word)) for word in stream.words[first:last]) or last - first


def _runs(
    before: Stream, after: Stream, places: Sequence[tuple[int, int, int, int]]
) -> Iterator[tuple[Kind, str]]:
    last = 0
    for a, b, c, d in places:
        same = _text(after, last, c)
        # The blank before words that were taken out is one of the old text.
        yield "same", same if a == b or _ends_in_blank(before, a) else same.rstrip(" ")
        yield "old", _text(before, a, b)
        yield "new", _text(after, c, d)
        last = d
    yield "same", _text(after, last, len(after.words))


def _ends_in_blank(stream: Stream, place: int) -> bool:
    return (
        place == 0
        or stream.text[stream.spans[place - 1][1] : stream.spans[place - 1][1] + 1] == " "
    )


def _text(stream: Stream, first: int, last: int) -> str:
    """Return the text from a word to before another, with the blanks behind it."""
    if first >= last:
        return ""
    end = stream.spans[last][0] if last < len(stream.spans) else stream.spans[last - 1][1]
    return stream.text[stream.spans[first][0] : end]


def _paragraphs(runs: Iterable[tuple[Kind, str]]) -> Iterator[Paragraph]:
    """Part runs where a line ends in either version."""
    current: list[Run] = []
    for kind, text in runs:
        *ended, rest = text.split("\n")
        for line in ended:
            _add(current, kind, line)
            if kind != "same" and any(run.kind != kind for run in current):
                current.append(Run(kind, PARAGRAPH_MARK))
            if current:
                yield Paragraph(tuple(current))
            current = []
        _add(current, kind, rest)
    if current:
        yield Paragraph(tuple(current))


def _add(runs: list[Run], kind: Kind, text: str) -> None:
    shown = " ".join(text.split())
    if shown:
        runs.append(Run(kind, shown, has_space=text[-1].isspace()))


# --- Folding


def _folded(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph | Fold]:
    """Leave out paragraphs that are the same, but for those beside a change, and the middle of long passages."""
    changed = [not paragraph.is_same for paragraph in paragraphs]
    waiting: list[Paragraph] = []
    for number, paragraph in enumerate(paragraphs):
        if any(changed[max(number - 1, 0) : number + 2]):
            yield from _fold(waiting)
            waiting = []
            yield _shortened(paragraph)
        else:
            waiting.append(paragraph)
    yield from _fold(waiting)


def _fold(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph | Fold]:
    count = sum(len(run.text.split()) for paragraph in paragraphs for run in paragraph.runs)
    if count < LEAST_FOLDED:
        yield from paragraphs
    else:
        yield Fold(count)


def _shortened(paragraph: Paragraph) -> Paragraph:
    runs: list[Run] = []
    last = len(paragraph.runs) - 1
    for place, run in enumerate(paragraph.runs):
        head = CONTEXT_WORDS if place > 0 or last == 0 else 0
        tail = CONTEXT_WORDS if place < last else 0
        runs += _parts(run, head, tail) if run.kind == "same" else [run]
    return Paragraph(tuple(runs))


def _parts(run: Run, head: int, tail: int) -> list[Run]:
    words = run.text.split(" ")
    left_out = len(words) - head - tail
    if left_out < LEAST_FOLDED:
        return [run]
    parts = [
        Run("same", " ".join(words[:head]), has_space=True),
        Run("gap", "", has_space=True, count=left_out),
        Run("same", " ".join(words[len(words) - tail :]), has_space=run.has_space),
    ]
    return [part for part in parts if part.text or part.kind == "gap"]


def _within(parts: Iterable[Paragraph | Fold]) -> tuple[list[Paragraph | Fold], bool]:
    """Return as many parts as may be shown, and whether that is not all."""
    shown: list[Paragraph | Fold] = []
    left = MAX_SHOWN
    for part in parts:
        if isinstance(part, Paragraph) and part.size > left:
            return [*shown, _cut(part, left)], True
        left -= part.size if isinstance(part, Paragraph) else 0
        shown.append(part)
    return shown, False


def _cut(paragraph: Paragraph, left: int) -> Paragraph:
    runs = []
    for run in paragraph.runs:
        runs.append(Run(run.kind, run.text[:left], run.has_space, run.count))
        left -= len(run.text)
        if left <= 0:
            break
    return Paragraph(tuple(runs))
