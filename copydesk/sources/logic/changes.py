"""What happened to a source between two readings of it (quotations.md 4.6)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.hunks import (
    Hunk,
    Range,
    Stream,
    changed_ranges,
    has_words,
    have_same_words,
    hunk_at,
    stream_of,
)
from copydesk.sources.logic.notices import added_notice, is_retraction, notices_in

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_HUNKS: Final = 20
#: A page with fewer words than this, that had more, shows no text: scripts make it, or a wall stands before it.
MIN_WORDS: Final = 50
#: A text that keeps less than this share of its words is probably behind a paywall now.
KEPT_SHARE: Final = 0.4

# Words around a change in which a notice may begin or end.
_MARGIN = 3


class ChangeKind(StrEnum):
    """The classes of change, each of which has its own consequence."""

    IDENTICAL = "identical"
    # The main text's words are the same; what stands around it is not.
    CHROME_ONLY = "chrome_only"
    EDITED_ELSEWHERE = "edited_elsewhere"
    PASSAGE_EDITED = "passage_edited"
    NOTICE_APPEARED = "notice_appeared"
    TITLE_CHANGED = "title_changed"
    GONE = "gone"
    PAYWALLED = "paywalled"
    UNREADABLE = "unreadable"
    # Nothing happened to the source: a better algorithm no longer accepts what we quote.
    JUDGED_ANEW = "judged_anew"


#: Kinds that editors are told of at once; the others are logged.
ALERTING: Final = frozenset({ChangeKind.PASSAGE_EDITED, ChangeKind.NOTICE_APPEARED})

_SEVERITIES = {
    ChangeKind.PASSAGE_EDITED: 3,
    ChangeKind.NOTICE_APPEARED: 2,
    ChangeKind.TITLE_CHANGED: 1,
    ChangeKind.GONE: 1,
    ChangeKind.PAYWALLED: 1,
    ChangeKind.UNREADABLE: 1,
}


@dataclass(frozen=True)
class Observed:
    """One reading of a source: a fingerprint of its bytes, its texts, and what the answer said of its state."""

    payload_sha256: str
    title: str
    visible_text: str
    main_text: str
    is_gone: bool = False
    is_paywalled: bool = False
    is_soft_404: bool = False


@dataclass(frozen=True)
class Passage:
    """A quotation of the source: whether the old reading held its words, and whether the new one does."""

    quotation_id: str
    was_accepted: bool
    is_accepted: bool

    @property
    def is_lost(self) -> bool:
        """Whether its words were accepted and are no more."""
        return self.was_accepted and not self.is_accepted


@dataclass(frozen=True)
class Change:
    """What changed.

    `severity` is 3 for a quoted passage or a retraction, 2 for another notice, 1 for the title and
    for what cannot be read any more, 0 for the rest; `quotation_ids` are those whose words are gone.
    """

    kind: ChangeKind
    severity: int = 0
    excerpt: tuple[Hunk, ...] = ()
    quotation_ids: tuple[str, ...] = ()

    @property
    def does_alert(self) -> bool:
        """Whether editors are told at once."""
        return self.kind in ALERTING


def compare(old: Observed, new: Observed, passages: Sequence[Passage]) -> Change:
    """Say what happened to a source between two readings, given what became of the passages quoted from it.

    The gravest class that applies is named. Linear in the length of the texts but for the alignment of their words,
    which `hunks` bounds: up to 1.3 s for texts of 100,000 words that differ everywhere (measured).
    """
    if new.is_gone or new.is_soft_404:
        return _change(ChangeKind.GONE)
    if new.is_paywalled and not old.is_paywalled:
        return _change(ChangeKind.PAYWALLED)
    if old.payload_sha256 and old.payload_sha256 == new.payload_sha256:
        return _change(ChangeKind.IDENTICAL)
    if _is_unreadable(old, new):
        return _change(ChangeKind.UNREADABLE)
    return _compare_texts(old, new, passages)


def _compare_texts(old: Observed, new: Observed, passages: Sequence[Passage]) -> Change:
    before, after = _streams(old, new)
    is_same = have_same_words(before, after)
    ranges = [] if is_same else changed_ranges(before, after)
    notices = [place for place in ranges if _holds_notice(before, after, place)]
    aside = "" if notices else added_notice(old.visible_text, new.visible_text)
    excerpt = _excerpt(before, after, ranges, notices)
    if aside:
        excerpt = (Hunk(old="", new=aside), *excerpt[: MAX_HUNKS - 1])
    broken = tuple(it.quotation_id for it in passages if it.is_lost)
    has_notice = bool(notices or aside)
    if _is_cut(before, after) and not has_notice and (broken or not passages):
        return _change(ChangeKind.PAYWALLED)
    kind = _kind(old, new, has_broken=bool(broken), has_notice=has_notice, is_same=is_same)
    texts = [aside, *(_wide(after, place) for place in notices)]
    is_grave = has_notice and any(is_retraction(text) for text in texts)
    return _change(kind, excerpt=excerpt, quotation_ids=broken, severity=3 if is_grave else None)


def _change(
    kind: ChangeKind,
    *,
    excerpt: tuple[Hunk, ...] = (),
    quotation_ids: tuple[str, ...] = (),
    severity: int | None = None,
) -> Change:
    known = _SEVERITIES.get(kind, 0)
    return Change(kind, known if severity is None else severity, excerpt, quotation_ids)


def _kind(
    old: Observed, new: Observed, *, has_broken: bool, has_notice: bool, is_same: bool
) -> ChangeKind:
    if has_broken:
        return ChangeKind.PASSAGE_EDITED
    if has_notice:
        return ChangeKind.NOTICE_APPEARED
    if _has_other_title(old.title, new.title):
        return ChangeKind.TITLE_CHANGED
    return ChangeKind.CHROME_ONLY if is_same else ChangeKind.EDITED_ELSEWHERE


def _is_unreadable(old: Observed, new: Observed) -> bool:
    return has_words(old.visible_text, MIN_WORDS) and not has_words(new.visible_text, MIN_WORDS)


def _streams(old: Observed, new: Observed) -> tuple[Stream, Stream]:
    """The main texts; the visible ones where the main text of a reading was not found."""
    before, after = stream_of(old.main_text), stream_of(new.main_text)
    if before.words and after.words:
        return before, after
    return stream_of(old.visible_text), stream_of(new.visible_text)


def _is_cut(before: Stream, after: Stream) -> bool:
    count = len(before.words)
    return count >= MIN_WORDS and len(after.words) < KEPT_SHARE * count


def _has_other_title(old: str, new: str) -> bool:
    """A title that was not found on one side is no change."""
    one, other = stream_of(old[:2_000]), stream_of(new[:2_000])
    if one.words and other.words:
        return not have_same_words(one, other)
    names = [unicodedata.normalize("NFC", " ".join(title[:200].split())) for title in (old, new)]
    return all(names) and names[0] != names[1]


def _holds_notice(before: Stream, after: Stream, place: Range) -> bool:
    """Whether the new words make a notice, or part of one, that the old ones did not."""
    a, b, c, d = place
    if c == d:
        return False
    first = after.spans[max(c - _MARGIN, 0)][0]
    text = _wide(after, place)
    core = (after.spans[c][0] - first, after.spans[d - 1][1] - first)
    found = [span for span in notices_in(text) if span[0] < core[1] and span[1] > core[0]]
    return len(found) > len(notices_in(_around(before, a, b)))


def _wide(after: Stream, place: Range) -> str:
    return _around(after, place[2], place[3])


def _around(stream: Stream, first: int, last: int) -> str:
    spans = stream.spans[max(first - _MARGIN, 0) : last + _MARGIN]
    return stream.text[spans[0][0] : spans[-1][1]] if spans else ""


def _excerpt(
    before: Stream, after: Stream, ranges: Sequence[Range], notices: Sequence[Range]
) -> tuple[Hunk, ...]:
    """Notices are shown whatever else there is; what is shown stands in the order of the text."""
    chosen = set(notices[:MAX_HUNKS])
    chosen.update(place for place in ranges[:MAX_HUNKS] if len(chosen) < MAX_HUNKS)
    return tuple(hunk_at(before, after, place) for place in sorted(chosen))
