"""Two texts compared word by word, and the places where they differ, for an editor to look at.

Numbers, and the marks inside words and numbers, are part of the words: "1.5" is not "15", "can't" is not "cant". Marks
between words, blanks, line breaks, kinds of quotation mark and dash, and invisible characters make no difference.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby, islice, pairwise, zip_longest
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import Levenshtein

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

#: Words beyond this count are compared for equality, but not aligned.
MAX_WORDS: Final = 100_000
#: Words of the old text times words of the new that are aligned in one go, and by one comparison altogether: 0.6 s
#: (measured). What goes beyond is one hunk.
MAX_CELLS: Final = 2_500_000_000
#: Words shown around a hunk, and of it.
CONTEXT_WORDS: Final = 8
SHOWN_WORDS: Final = 80
SHOWN_CHARACTERS: Final = 1_000

#: Hunks with fewer words between them are one.
_NEAR = 3
#: Words of the old times words of the new that are aligned as a whole where lines are split or joined: milliseconds.
_SMALL = 10_000_000
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_MARKS_IN_WORDS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b\u2032\u02bc", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
)
# Written without blanks: each sign is a word.
_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A run of accents longer than any script needs; putting such runs in order takes quadratic time.
_MAX_ACCENTS = 30

Range = tuple[int, int, int, int]


@dataclass(frozen=True)
class Hunk:
    """A place where two texts differ: the old words and the new, either may be "", and the new text's around them."""

    old: str
    new: str
    before: str = ""
    after: str = ""


@dataclass
class Stream:
    """The words of a text, in order. `text` is what they were read from: composed, without invisible characters."""

    text: str
    words: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    # For each line that has words, the index of its first word.
    lines: list[int] = field(default_factory=list)

    @cached_property
    def rest(self) -> str:
        """What comes after the last word that is aligned."""
        return self.text[self.spans[-1][1] :] if len(self.words) == MAX_WORDS else ""

    def between(self, first: int, last: int) -> str:
        """The text from one word to before another, cut where it is long."""
        first, end = max(first, 0), min(last, len(self.words))
        if first >= end:
            return ""
        shown = min(end, first + SHOWN_WORDS)
        text = " ".join(self.text[self.spans[first][0] : self.spans[shown - 1][1]].split())
        is_cut = shown < end or len(text) > SHOWN_CHARACTERS
        return f"{text[:SHOWN_CHARACTERS]}…" if is_cut else text

    def line_keys(self) -> list[tuple[str, ...]]:
        """The words of each line."""
        borders = [*self.lines, len(self.words)]
        return [tuple(self.words[a:b]) for a, b in pairwise(borders)]


def stream_of(text: str) -> Stream:
    """Read the words of a text; linear in its length."""
    stream = Stream(_tidy(text))
    line_end = -1
    for match in islice(_matches(stream.text), MAX_WORDS):
        if match.start() > line_end:
            stream.lines.append(len(stream.words))
            found = stream.text.find("\n", match.start())
            line_end = found if found >= 0 else len(stream.text)
        stream.words.append(sys.intern(match[0]))
        stream.spans.append(match.span())
    return stream


def has_words(text: str, count: int) -> bool:
    """Whether a text has at least that many words."""
    return sum(1 for _ in islice(_matches(_tidy(text)), count)) == count


def have_same_words(old: Stream, new: Stream) -> bool:
    """Whether two texts are the same but for what makes no difference."""
    if old.words != new.words:
        return False
    pairs = zip_longest(_matches(old.rest), _matches(new.rest))
    return old.rest == new.rest or all(
        one is not None and other is not None and one[0] == other[0] for one, other in pairs
    )


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text are, as `stream_of` tells words apart; the text is taken as it is."""
    return (match.span() for match in _matches(text))


def changed_ranges(old: Stream, new: Stream, *, cells: int = MAX_CELLS) -> list[Range]:
    """Return where two texts differ, as ranges of words of the old and the new, in order, those that are near joined.

    Lines are aligned first, then the words of those that differ. For texts of 100,000 words that differ everywhere
    the bound of `cells` holds for each of the two steps.
    """
    budget = _Budget(cells)
    old_keys, new_keys = old.line_keys(), new.line_keys()
    old_starts, new_starts = [*old.lines, len(old.words)], [*new.lines, len(new.words)]
    joined: list[Range] = []
    lines = [
        (old_starts[a], old_starts[b], new_starts[c], new_starts[d])
        for a, b, c, d in _Budget(cells).align(old_keys, new_keys)
    ]
    for i, j, k, m in _grouped(lines):
        for w, x, y, z in budget.align(old.words[i:j], new.words[k:m]):
            _join(joined, (i + w, i + x, k + y, k + z))
    return joined


def hunk_at(old: Stream, new: Stream, place: Range) -> Hunk:
    """Return what an editor is shown of a range, at most 1,000 characters for each part."""
    a, b, c, d = place
    return Hunk(
        old=old.between(a, b),
        new=new.between(c, d),
        before=new.between(c - CONTEXT_WORDS, c),
        after=new.between(d, d + CONTEXT_WORDS),
    )


def _grouped(places: Iterable[Range]) -> Iterator[Range]:
    """Join ranges with nothing between them, as where one line has become two, so long as they are small."""
    last: Range | None = None
    for place in places:
        if last is not None:
            joined = (last[0], place[1], last[2], place[3])
            is_next = (last[1], last[3]) == (place[0], place[2])
            if is_next and (joined[1] - joined[0]) * (joined[3] - joined[2]) <= _SMALL:
                last = joined
                continue
            yield last
        last = place
    if last is not None:
        yield last


class _Budget:
    """Aligns sequences as long as there is something left to spend."""

    def __init__(self, cells: int) -> None:
        self.cells = cells

    def align(self, old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Range]:
        """Ranges that differ."""
        start = _common(zip(old, new, strict=False))
        old, new = old[start:], new[start:]
        end = _common(zip(reversed(old), reversed(new), strict=False))
        old, new = old[: len(old) - end], new[: len(new) - end]
        cells = len(old) * len(new)
        if cells == 0 or cells > self.cells:
            if old or new:
                yield start, start + len(old), start, start + len(new)
            return
        self.cells -= cells
        numbers: dict[Hashable, int] = {}
        old_ids = [numbers.setdefault(item, len(numbers)) for item in old]
        new_ids = [numbers.setdefault(item, len(numbers)) for item in new]
        for step in Levenshtein.opcodes(old_ids, new_ids):
            if step.tag != "equal":
                yield (
                    start + step.src_start,
                    start + step.src_end,
                    start + step.dest_start,
                    start + step.dest_end,
                )


def _common(pairs: Iterable[tuple[Hashable, Hashable]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _join(joined: list[Range], place: Range) -> None:
    if joined and place[0] - joined[-1][1] < _NEAR and place[2] - joined[-1][3] < _NEAR:
        joined[-1] = (joined[-1][0], place[1], joined[-1][2], place[3])
    else:
        joined.append(place)


def _matches(text: str) -> Iterator[re.Match[str]]:
    return _patterns()[0].finditer(text.translate(_MARKS_IN_WORDS))


def _tidy(text: str) -> str:
    visible = _INVISIBLE.sub("", text)
    if visible.isascii() or unicodedata.is_normalized("NFC", tame := _tamed(visible)):
        return visible if visible.isascii() else tame
    return unicodedata.normalize("NFC", tame)


def _tamed(text: str) -> str:
    return _patterns()[1].sub(r"\1", text)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The pattern of a word, and that of too many accents."""
    codes = (code for code in range(0x300, 0x1E94B) if unicodedata.category(chr(code))[0] == "M")
    runs = [list(run) for _, run in groupby(enumerate(codes), lambda it: it[1] - it[0])]
    accents = "".join(f"{chr(run[0][1])}-{chr(run[-1][1])}" for run in runs)
    letter = rf"(?:[^\W_{_SIGNS}]|[{accents}])"
    word = (
        rf"(?:(?<![\w)\]])-(?=\d))?{letter}+(?:['.,:/\-]{letter}+)*"
        rf"|[{_SIGNS}]|[$€£¥%&@#+<>=±≥≤≈~×÷°≠]"
    )
    return re.compile(word), re.compile(rf"([{accents}]{{{_MAX_ACCENTS}}})[{accents}]+")
