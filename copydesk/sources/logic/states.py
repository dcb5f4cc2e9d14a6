"""What readers are told of a quotation: one sentence about its words, and what there is to say of the source.

Nothing here says that a quotation is true, or fair: only what was compared with what (quotations.md 6.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from copydesk.sources.logic.schedule import Liveness
from copydesk.sources.logic.verdicts import ACCEPTED, State, Verdict

# Words in brackets that are the quoting article's own, such as `[the mayor]` or `[T]he`; an ellipsis has no word.
INSERTION = re.compile(r"\[[^\]]*\w[^\]]*\]")


class Words(StrEnum):
    """What is said of the words."""

    MATCH = "match"
    MATCH_OMITTED = "match_omitted"
    MATCH_MARKED = "match_marked"
    MATCH_MINOR = "match_minor"
    # With a reason that somebody put their name to.
    OURS = "ours"
    ALTERED = "altered"
    NOT_FOUND = "not_found"
    TRANSLATED = "translated"
    UNCHECKED = "unchecked"
    NO_TEXT = "no_text"
    UNREADABLE = "unreadable"


class Mark(StrEnum):
    """The icon before the sentence; it never stands alone."""

    SAME = "same"
    EDITED = "pencil"
    DIFFERENT = "different"
    CHANGED = "changed"
    TRANSLATED = "translated"
    OPEN = "open"


@dataclass(frozen=True)
class Known:
    """What is known of a quotation.

    `verdict` is what comparing its words with the copy it is pinned to found, `latest` what the newest copy says, where
    that is another. `is_supplied` is whether editors supplied the pinned text, `has_text` whether the copy holds any;
    None where there is no copy. `is_unreadable` is whether it was looked for in vain.
    """

    text: str
    verdict: Verdict | None = None
    latest: Verdict | None = None
    is_latest_cut: bool = False
    liveness: Liveness = Liveness.LIVE
    is_on_web: bool = True
    is_paywalled: bool = False
    is_supplied: bool = False
    has_text: bool | None = None
    is_unreadable: bool = False
    is_translation: bool = False
    has_reason: bool = False

    @property
    def newest(self) -> Verdict | None:
        """What the newest copy says of the words."""
        return self.latest or self.verdict


@dataclass(frozen=True)
class Standing:
    """What readers are told: of the words, of the source, the icon, and whether the live page still has the words."""

    words: Words
    state: State
    mark: Mark
    is_in_source: bool


def standing_of(known: Known) -> Standing:
    """Return what readers are told of a quotation."""
    words, state = _words(known), _state(known)
    return Standing(words, state, _mark(words, state), _is_in_source(known))


def _words(known: Known) -> Words:
    if known.is_translation:
        return Words.TRANSLATED
    if known.verdict is None:
        return _unchecked(known)
    if known.verdict == Verdict.EXACT_MARKED:
        return Words.MATCH_MARKED if INSERTION.search(known.text) else Words.MATCH_OMITTED
    if known.verdict not in ACCEPTED and known.has_reason:
        return Words.OURS
    return WORDS_OF[known.verdict]


def _unchecked(known: Known) -> Words:
    if known.has_text is False:
        return Words.NO_TEXT
    return Words.UNREADABLE if known.is_unreadable else Words.UNCHECKED


WORDS_OF = {
    Verdict.EXACT: Words.MATCH,
    Verdict.MINOR: Words.MATCH_MINOR,
    Verdict.ALTERED: Words.ALTERED,
    Verdict.NOT_FOUND: Words.NOT_FOUND,
}


def _state(known: Known) -> State:
    if known.is_on_web and known.liveness == Liveness.DEAD:
        return State.UNREACHABLE
    if _has_changed(known):
        return State.CHANGED
    if known.is_paywalled:
        return State.PAYWALLED
    if known.has_text is False:
        return State.UNVERIFIABLE
    return State.SUPPLIED if known.is_supplied else State.LIVE


def _has_changed(known: Known) -> bool:
    """Whether the source had the words once and has them no more; a wall that now stands before them is no change."""
    was_there = known.verdict in ACCEPTED
    is_gone = known.latest is not None and known.latest not in ACCEPTED
    return was_there and is_gone and not known.is_latest_cut and not known.is_translation


def _is_in_source(known: Known) -> bool:
    is_there = known.is_on_web and known.liveness != Liveness.DEAD
    return is_there and not known.is_translation and known.newest in ACCEPTED


def _mark(words: Words, state: State) -> Mark:
    if state == State.CHANGED:
        return Mark.CHANGED
    return MARKS.get(words, Mark.SAME)


MARKS = {
    Words.OURS: Mark.EDITED,
    Words.ALTERED: Mark.DIFFERENT,
    Words.NOT_FOUND: Mark.DIFFERENT,
    Words.TRANSLATED: Mark.TRANSLATED,
    Words.UNCHECKED: Mark.OPEN,
    Words.NO_TEXT: Mark.OPEN,
    Words.UNREADABLE: Mark.OPEN,
}
