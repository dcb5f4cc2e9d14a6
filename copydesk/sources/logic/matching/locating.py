"""Find the passage a quotation was probably made from, to show how they differ.

What is found here is similar, and similarity is no proof: no verdict but "altered" ever comes of it, save where all
that differs is a footnote's number.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import Indel, Levenshtein

from copydesk.sources.logic.matching.steps import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copydesk.sources.logic.matching.index import TextIndex

#: Longer stretches are compared in pieces: aligning word by word would take time with the square of the length.
MAX_ALIGNED: Final = 6_000
_VOTES: Final = 2_500
_VOTERS: Final = 2_000
_BUCKET: Final = 16
_REACH: Final = 8
_PAD: Final = 2
_SHORT: Final = 6
_PIECE: Final = 5
_PIECE_TRIES: Final = 20


def ids_of(folds: Sequence[str], index: TextIndex) -> list[int]:
    """Return the numbers of the words; one the source does not have gets a negative number of its own."""
    strange: dict[str, int] = {}
    vocabulary = index.vocabulary
    return [
        vocabulary[fold] if fold in vocabulary else strange.setdefault(fold, -1 - len(strange))
        for fold in folds
    ]


@dataclass(slots=True)
class _Diagonal:
    """Words of the quotation that stand at one distance in the source: their weight, the first and the last."""

    weight: float
    first: int
    last: int


def windows(ids: Sequence[int], index: TextIndex) -> list[tuple[int, int]]:
    """Return up to six stretches of the source where most of the words stand in this order.

    Every word votes for the diagonals it stands on, a rare one with more weight.
    """
    diagonals = _voted(ids, index)
    buckets: defaultdict[int, float] = defaultdict(float)
    for distance, diagonal in diagonals.items():
        buckets[distance // _BUCKET] += diagonal.weight
    score = {bucket: weight + buckets.get(bucket + 1, 0.0) for bucket, weight in buckets.items()}
    best = heapq.nlargest(12, score, key=score.__getitem__)
    tops: list[int] = []
    for bucket in best:
        if score[bucket] < 0.5 * score[best[0]] or len(tops) == 3:
            break
        if all(abs(bucket - other) > _REACH for other in tops):
            tops.append(bucket)
    found: list[tuple[int, int]] = []
    for top in tops:
        found.append(_window(top, score[top], diagonals, len(ids), len(index)))
        inside = range(top * _BUCKET, (top + 2) * _BUCKET)
        best_one = max(
            (one for one in inside if one in diagonals), key=lambda one: diagonals[one].weight
        )
        found.append((max(0, best_one - _PAD), max(0, min(len(index), best_one + len(ids) + _PAD))))
    return list(dict.fromkeys(found))


def _voted(ids: Sequence[int], index: TextIndex) -> dict[int, _Diagonal]:
    postings = index.postings
    stride = 1 + len(ids) // _VOTERS
    voters = [
        (len(postings[word]), at, word)
        for at, word in enumerate(ids)
        if word >= 0 and at % stride == 0
    ]
    voters.sort()
    found: dict[int, _Diagonal] = {}
    left = _VOTES
    for frequency, at, word in voters:
        if frequency > left and found:
            break
        left -= frequency
        weight = 1 / sqrt(1 + frequency)
        for position in postings[word][:_VOTES]:
            diagonal = found.get(position - at)
            if diagonal is None:
                found[position - at] = _Diagonal(weight, at, at)
            else:
                diagonal.weight += weight
                diagonal.first = min(diagonal.first, at)
                diagonal.last = max(diagonal.last, at)
    return found


def _window(
    top: int, score: float, diagonals: dict[int, _Diagonal], length: int, size: int
) -> tuple[int, int]:
    """Return a stretch that takes in what was left out or put in near the best diagonal, and little else."""
    reach = range((top - _REACH) * _BUCKET, (top + _REACH + 2) * _BUCKET)
    near = {
        distance: diagonals[distance]
        for distance in reach
        if distance in diagonals and diagonals[distance].weight > 0.12 * score
    }
    if not near:  # Many words, each on a diagonal of its own.
        return max(0, top * _BUCKET - 4), min(size, (top + 2) * _BUCKET + length + 4)
    start = min(near, key=lambda distance: distance + near[distance].first)
    end = max(near, key=lambda distance: distance + near[distance].last)
    return max(0, start - _PAD), min(size, end + length + _PAD)


def align(folds: Sequence[str], offset: int, index: TextIndex) -> list[Step]:
    """Return the best word alignment of a part of the quotation that begins at token `offset`; [] if there is none."""
    if len(folds) > MAX_ALIGNED:
        return []
    ids = ids_of(folds, index)
    choices = (_aligned(ids, offset, index, first, last) for first, last in windows(ids, index))
    best = min(choices, key=_cost, default=[])
    return [_paired(best, number, folds, offset, index) for number in range(len(best))]


def _cost(steps: Sequence[Step]) -> float:
    """Return how far two sides are apart: words of the quotation that are not there weigh most, then places."""
    apart = [step for step in steps if not step.is_equal]
    return 2 * len(apart) + sum(3 * step.quote_count + step.source_count / 4 for step in apart)


def _paired(
    steps: list[Step], number: int, folds: Sequence[str], offset: int, index: TextIndex
) -> Step:
    """Lay a last or first word that only the quotation has beside the source's next one when the two are alike."""
    step = steps[number]
    if step.is_equal or step.source_count or step.quote_count != 1 or 0 < number < len(steps) - 1:
        return step
    other = step.first - 1 if number == 0 else step.last
    if not 0 <= other < len(index) or not _are_alike(
        folds[step.quote_first - offset], index.tokens.folds[other]
    ):
        return step
    return replace(step, first=min(other, step.first), last=max(other + 1, step.last))


def _are_alike(one: str, other: str) -> bool:
    return one[:2] == other[:2] or (one[-1:].isdigit() and other[-1:].isdigit())


def _aligned(
    ids: Sequence[int], offset: int, index: TextIndex, first: int, last: int
) -> list[Step]:
    operations = Levenshtein.opcodes(index.ids[first:last].tolist(), ids)
    steps = [
        Step(
            first + operation.src_start,
            first + operation.src_end,
            offset + operation.dest_start,
            offset + operation.dest_end,
            is_equal=operation.tag == "equal",
        )
        for operation in operations
    ]
    steps = _drawn_in(merged(_without_edges(steps)), index)
    steps = _without_stragglers(merged(steps))
    steps = merged(_mirrored(_without_stragglers(_mirrored(steps))))
    return _without_edges(_refined(merged(steps), ids, offset, index))


def _refined(
    steps: Sequence[Step], ids: Sequence[int], offset: int, index: TextIndex
) -> list[Step]:
    """Find the common words in short replaced stretches: the alignment replaces as readily as it leaves out."""
    refined: list[Step] = []
    for step in steps:
        if (
            step.is_equal
            or not 0 < step.quote_count <= _SHORT
            or not 0 < step.source_count <= 2 * _SHORT
        ):
            refined.append(step)
            continue
        mine = ids[step.quote_first - offset : step.quote_last - offset]
        refined += [
            Step(
                step.first + operation.src_start,
                step.first + operation.src_end,
                step.quote_first + operation.dest_start,
                step.quote_first + operation.dest_end,
                is_equal=operation.tag == "equal",
            )
            for operation in Indel.opcodes(index.ids[step.first : step.last].tolist(), mine)
        ]
    return merged(refined)


def _drawn_in(steps: list[Step], index: TextIndex) -> list[Step]:
    """Move the first and last common words nearer to the rest, where the same words stand there too."""
    if len(steps) < 3:
        return steps
    step, after = steps[0], steps[1]
    first = after.last - after.quote_count - step.source_count
    if step.is_equal and first > step.first and _same(index, step, first):
        edge = first + step.source_count
        steps = [replace(step, first=first, last=edge), replace(after, first=edge), *steps[2:]]
    before, step = steps[-2], steps[-1]
    first = before.first + before.quote_count
    if step.is_equal and first < step.first and _same(index, step, first):
        end = first + step.source_count
        steps = [*steps[:-2], replace(before, last=first), replace(step, first=first, last=end)]
    return steps


def _same(index: TextIndex, step: Step, first: int) -> bool:
    return index.ids[first : first + step.source_count] == index.ids[step.first : step.last]


def _mirrored(steps: list[Step]) -> list[Step]:
    return steps[::-1]


def _without_stragglers(steps: list[Step]) -> list[Step]:
    """Take words at the edge that met by chance, far from the rest, for words only the quotation has."""
    while steps and not steps[0].is_equal and not steps[0].quote_count:
        steps = steps[1:]
    for number in range(min(3, len(steps) - 2)):
        step, after = steps[number], steps[number + 1]
        if not step.is_equal:
            continue
        if (
            step.quote_count <= 2
            and after.source_count - after.quote_count > 3 + 2 * step.quote_count
        ):
            edge = after.first if step.first > after.first else after.last
            loose = [
                replace(one, first=edge, last=edge, is_equal=False)
                for one in (*steps[:number], step)
            ]
            return [*loose, replace(after, first=edge, last=edge), *steps[number + 2 :]]
        break
    return steps


def merged(steps: Sequence[Step]) -> list[Step]:
    """Return the steps with neighbors of a kind made one."""
    result: list[Step] = []
    for step in steps:
        before = result[-1] if result else None
        if before is not None and not (
            before.is_equal or step.is_equal or before.mark or step.mark
        ):
            result[-1] = Step(
                min(before.first, step.first),
                max(before.last, step.last),
                min(before.quote_first, step.quote_first),
                max(before.quote_last, step.quote_last),
                is_equal=False,
            )
        elif before is not None and before.is_equal and step.is_equal and before.last == step.first:
            result[-1] = replace(before, last=step.last, quote_last=step.quote_last)
        elif step.source_count or step.quote_count:
            result.append(step)
    return result


def _without_edges(steps: list[Step]) -> list[Step]:
    while steps and not steps[0].is_equal and not steps[0].quote_count:
        steps = steps[1:]
    while steps and not steps[-1].is_equal and not steps[-1].quote_count:
        steps = steps[:-1]
    return [_close(steps, number) for number in range(len(steps))]


def _close(steps: list[Step], number: int) -> Step:
    """At the edges, words of the quotation replace no more words of the source than they are."""
    step = steps[number]
    if step.is_equal or 0 < number < len(steps) - 1:
        return step
    width = min(step.source_count, step.quote_count)
    if number == 0:
        return replace(step, first=step.last - width)
    return replace(step, last=step.first + width)


def equal_count(steps: Sequence[Step]) -> int:
    """Return how many tokens of the quotation stand in the source as they are."""
    return sum(step.quote_count for step in steps if step.is_equal)


def pieces(ids: Sequence[int], index: TextIndex) -> list[Step]:
    """Return the stretches of five words and more that the source has somewhere, in the order of the quotation."""
    found: list[Step] = []
    at = 0
    while at + _PIECE <= len(ids):
        piece = _longest_piece(ids, at, index, found[-1].last if found else 0)
        if piece is None:
            at += 1
        else:
            found.append(piece)
            at = piece.quote_last
    return found


def _longest_piece(ids: Sequence[int], at: int, index: TextIndex, wanted: int) -> Step | None:
    """Return the longest stretch from a token of the quotation on; the next place after `wanted` where several do."""
    seed = ids[at : at + _PIECE]
    if min(seed) < 0:
        return None
    rarest = min(range(_PIECE), key=lambda number: len(index.postings[seed[number]]))
    places = index.postings[seed[rarest]]
    start = bisect_left(places, wanted)
    best: Step | None = None
    tried = 0
    for position in (
        *places[start : start + _PIECE_TRIES],
        *places[max(0, start - _PIECE_TRIES) : start],
    ):
        first = position - rarest
        if first < 0 or index.ids[first : first + _PIECE].tolist() != list(seed):
            continue
        length = _common_length(ids, at, index, first)
        if best is None or length > best.quote_count:
            best = Step(first, first + length, at, at + length, is_equal=True)
        tried += 1
        if tried == 4:
            break
    return best


def _common_length(ids: Sequence[int], at: int, index: TextIndex, first: int) -> int:
    limit = min(len(ids) - at, len(index) - first)
    length = _PIECE
    while length < limit and ids[at + length] == index.ids[first + length]:
        length += 1
    return length
