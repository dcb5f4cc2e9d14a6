"""Compare two wordings of one skeleton: what differs between them, and whether that may be called minor."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from copydesk.sources.logic.matching.accents import has_mood, is_other_word
from copydesk.sources.logic.matching.spelling import AMERICAN
from copydesk.sources.logic.matching.tokens import fold, without_accents
from copydesk.sources.logic.matching.words import is_negation, is_number
from copydesk.sources.logic.verdicts import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from copydesk.sources.logic.matching.tokens import Tokens

_DIGIT: Final = re.compile(r"\d")
_QUESTIONS: Final = "?¿؟"  # A full-width one has become "?".
#: First halves that are words and turn the second half round: `in valid` is not `invalid`.
_TURNING: Final = frozenset({"in", "un", "non", "dis", "im", "anti", "a"})
#: Denials that are written in one word or in two; `no body` is not `nobody`.
_ONE_OR_TWO: Final = frozenset({"cannot", "noone", "nonetheless", "nevertheless"})
_STOP: Final = re.compile(r"[;:!?,]")
#: Words that answer, when a stop follows, and deny what follows when none does.
_ANSWERS: Final = frozenset({"no", "nein", "non", "nao", "nay"})
_JOINING: Final = frozenset({"", "-"})


@dataclass(slots=True)
class Form:
    """What differs in form, code by code with its first example; refused when it touches a negation or number."""

    notices: dict[str, str] = field(default_factory=dict)
    is_refused: bool = False

    # What the worst of it touches, where it is refused.
    tag: Tag | None = None

    def note(self, code: str, detail: str) -> None:
        self.notices.setdefault(code, detail)

    def refuse(self, tag: Tag) -> None:
        """Have it be more than a difference in form."""
        self.is_refused = True
        self.tag = self.tag or tag


@dataclass(frozen=True, slots=True)
class Side:
    """A stretch of tokens."""

    tokens: Tokens
    first: int
    last: int


def compare_form(
    quote: Side, source: Side, free_case: frozenset[int] = frozenset(), language: str = ""
) -> Form:
    """Return what differs in form between two stretches whose skeletons are the same."""
    form = Form()
    if quote.tokens.passage(quote.first, quote.last) == source.tokens.passage(
        source.first, source.last
    ):
        return form
    here, there = quote.first, source.first
    while here < quote.last and there < source.last:
        here_end, there_end = _in_step(quote, source, here, there)
        if here_end - here == 1 and there_end - there == 1:
            _compare_words(
                form, quote.tokens.word(here), source.tokens.word(there), here in free_case
            )
        else:
            _compare_groups(
                form,
                Side(quote.tokens, here, here_end),
                Side(source.tokens, there, there_end),
                language,
            )
        if here_end < quote.last and there_end < source.last:
            _compare_gaps(form, quote.tokens, source.tokens, here_end - 1, there_end - 1)
        here, there = here_end, there_end
    return form


def _in_step(quote: Side, source: Side, here: int, there: int) -> tuple[int, int]:
    """Return the ends of the shortest groups of tokens with the same skeleton."""
    mine, theirs = len(quote.tokens.folds[here]), len(source.tokens.folds[there])
    here, there = here + 1, there + 1
    while mine != theirs:
        if mine < theirs and here < quote.last:
            mine, here = mine + len(quote.tokens.folds[here]), here + 1
        elif there < source.last:
            theirs, there = theirs + len(source.tokens.folds[there]), there + 1
        else:
            break
    return here, there


def _compare_words(form: Form, quote: str, source: str, is_case_free: bool) -> None:  # noqa: FBT001 – a fact of the word.
    if quote == source:
        return
    detail = f"{source} → {quote}"
    mine, theirs = quote.casefold(), source.casefold()
    if mine == theirs:
        code = "sharp_s" if ("ß" in quote) != ("ß" in source) else "letter_case"
        if code == "sharp_s" or not is_case_free:
            form.note(code, detail)
    elif "&" in {mine, theirs}:
        form.note("ampersand", detail)
    elif "%" in {fold(mine), fold(theirs)}:
        form.note("percent_sign", detail)
    elif _DIGIT.search(mine):
        form.note("number_format", detail)
    elif AMERICAN.get(mine, mine) == AMERICAN.get(theirs, theirs):
        form.note("spelling_variant", detail)
    elif without_accents(mine) == without_accents(theirs):
        form.note("accents", detail)
        if is_other_word(mine, theirs):
            form.refuse(Tag.QUALIFIER if has_mood(mine) else Tag.WORDS)
    else:
        form.note("spelling_variant", detail)


def _compare_groups(form: Form, quote: Side, source: Side, language: str) -> None:
    """Words divided otherwise: `web site`, `compa- nies`. A division that makes or unmakes a negation is refused."""
    mine = quote.tokens.folds[quote.first : quote.last]
    theirs = source.tokens.folds[source.first : source.last]
    texts = [side.tokens.passage(side.first, side.last) for side in (quote, source)]
    has_hyphen = any("-" in text for text in texts)
    turned = min(mine, theirs, key=len)
    other = max(mine, theirs, key=len)
    is_prefix = has_hyphen and other[0] == "non" and len(turned) < len(other)
    # A denial that the source breaks at the end of a line is one all the same.
    is_broken = len(mine) == 1 and "- " in texts[1] and is_negation(mine[0], language)
    is_style = is_prefix or is_broken or "".join(mine) in _ONE_OR_TWO
    if not is_style and _denials(mine, language) != _denials(theirs, language):
        form.refuse(Tag.NEGATION)
    if not has_hyphen and _count(is_number, mine, language) != _count(is_number, theirs, language):
        form.refuse(Tag.NUMBER)
    if not has_hyphen and len(turned) < len(other) and other[0] in _TURNING and len(other[-1]) > 3:
        form.refuse(Tag.NEGATION)
    if any(_STOP.search(text) for text in texts):
        form.refuse(Tag.WORDS)
    is_abbreviation = texts[0].replace(".", "") == texts[1].replace(".", "")
    code = "abbreviation" if is_abbreviation else "hyphenation" if has_hyphen else "spacing"
    form.note(code, f"{texts[1]} → {texts[0]}")


def _denials(folds: Sequence[str], language: str) -> list[str]:
    return sorted(fold for fold in folds if is_negation(fold, language))


def _count(kind: Callable[[str, str], bool], folds: Sequence[str], language: str) -> int:
    return sum(kind(fold, language) for fold in folds)


def _compare_gaps(form: Form, quote: Tokens, source: Tokens, here: int, there: int) -> None:
    mine, theirs = quote.between(here), source.between(there)
    if mine == theirs:
        return
    detail = f"{_around(source, there)} → {_around(quote, here)}"
    if any(mine.count(mark) != theirs.count(mark) for mark in _QUESTIONS):
        form.note("question_mark", detail)
    bare, their_bare = mine.replace(" ", ""), theirs.replace(" ", "")
    if bare == their_bare:
        form.note("spacing", detail)
    elif {bare, their_bare} == {"-", ""}:
        form.note("hyphenation", detail)
    elif 1 in {len(quote.word(here)), len(source.word(there))} and {bare, their_bare} == {".", ""}:
        form.note("abbreviation", detail)
    elif bare.strip(_QUESTIONS) != their_bare.strip(_QUESTIONS):
        form.note("punctuation", detail)
        _look_at_stop(form, quote, here, bare, their_bare)


def _look_at_stop(form: Form, quote: Tokens, here: int, bare: str, their_bare: str) -> None:
    """Refuse a stop, put in or lost, that an answer or a number hangs on: `No, more`, `twenty, one of them`."""
    mine, theirs = bare.strip('"'), their_bare.strip('"')
    before, after = quote.folds[here], quote.folds[here + 1]
    if before in _ANSWERS and bool(mine) != bool(theirs):
        form.refuse(Tag.NEGATION)
    are_numbers = before.isalpha() and after.isalpha() and is_number(before) and is_number(after)
    if are_numbers and (mine in _JOINING) != (theirs in _JOINING):
        form.refuse(Tag.NUMBER)


def _around(tokens: Tokens, number: int) -> str:
    return tokens.passage(number, number + 2)
